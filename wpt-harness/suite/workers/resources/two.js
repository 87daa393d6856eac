function fromTwo() {
    return `${fromOne} and two, with ${constantOfOne}`;
}
