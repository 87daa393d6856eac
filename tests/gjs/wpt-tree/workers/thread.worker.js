importScripts('/resources/testharness.js');
test(() => assert_true(self instanceof DedicatedWorkerGlobalScope), 'in a worker');
test(() => assert_equals(new URL(location).pathname, '/workers/thread.worker.js'), 'knows its URL');
done();
