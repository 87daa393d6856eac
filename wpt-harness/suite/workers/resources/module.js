import increase, {count, other as renamed} from './module-count.js';
import * as all from './module-count.js';

const before = count;
increase();
postMessage({
    before, after: count, renamed, keys: Object.keys(all), live: all.count, url: import.meta.url,
    self: typeof this, isStrict: (function () {
        return this === undefined;
    })(),
});
