const nested = new Worker(URL.createObjectURL(new Blob(['postMessage(0); setInterval(() => {}, 10);'])));
nested.onmessage = ({data}) => postMessage(data);
