export let count = 1;
export {word as other};
export default function increase() {
    count++;
}
export * from './module-leaf.js';
const word = 'renamed';
