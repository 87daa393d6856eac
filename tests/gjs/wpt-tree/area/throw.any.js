// META: global=window
throw new Error('at load');
