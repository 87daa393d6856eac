// META: global=window
// Nothing of GJS is in scope, but its global object can be reached.
new Function('return imports')().system.exit(7);
