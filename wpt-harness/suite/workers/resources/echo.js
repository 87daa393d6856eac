postMessage(`${location.pathname} ${name}`);
