importScripts('one.js', './two.js');
postMessage(fromTwo());
