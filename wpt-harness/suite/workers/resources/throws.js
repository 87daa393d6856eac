// The third line throws.
//
throw new RangeError('thrown on purpose');
