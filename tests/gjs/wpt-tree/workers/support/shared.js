onconnect = ({ports: [port]}) => port.postMessage(0);
