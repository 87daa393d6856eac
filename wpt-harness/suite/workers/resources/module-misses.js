import './does-not-exist.js';
postMessage('It was run');
