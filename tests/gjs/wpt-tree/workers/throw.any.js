// META: global=dedicatedworker
test(() => {}, 'passes');
throw new Error('at load');
