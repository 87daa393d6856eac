test(() => {}, 'in a worker');
