// html.js: what a run has found, as a page to read
//
// Copyright (C) 2026 The libwebmessaging authors
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import {countPassed, sumUp} from './sums.js';

const escapeHtml = text => String(text).replace(/[&<>"]/g, character => `&#${character.charCodeAt(0)};`);

const STYLE = `
:root { color-scheme: light dark; --line: #8884; --good: #26a269; --bad: #c01c28; --known: #986a00; }
@media (prefers-color-scheme: dark) { :root { --good: #57e389; --bad: #ff7b63; --known: #f8e45c; } }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 68rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; margin: 0; }
p.sub { margin: 0 0 1.5rem; opacity: .7; }
table { border-collapse: collapse; width: 100%; margin-bottom: 2rem; font-variant-numeric: tabular-nums; }
th, td { text-align: right; padding: .3rem .6rem; border-bottom: 1px solid var(--line); }
th:first-child, td:first-child { text-align: left; }
tr:last-child td { font-weight: 600; }
.bar { display: inline-block; width: 8rem; height: .6rem; border-radius: .3rem; background: var(--line); overflow: hidden; }
.bar i { display: block; height: 100%; background: var(--good); }
form { position: sticky; top: 0; display: flex; gap: 1rem; padding: .8rem 0; background: Canvas; flex-wrap: wrap; }
input[type=search] { flex: 1; min-width: 12rem; font: inherit; padding: .3rem .6rem; }
details { border-bottom: 1px solid var(--line); }
summary { display: flex; gap: .8rem; padding: .4rem 0; cursor: pointer; }
summary .name { flex: 1; overflow-wrap: anywhere; }
summary .time { opacity: .6; font-variant-numeric: tabular-nums; }
ol { list-style: none; margin: 0 0 .8rem; padding: 0 0 0 1rem; }
li { display: grid; grid-template-columns: 5.5rem 1fr; gap: .2rem .6rem; padding: .1rem 0; }
li p { grid-column: 2; margin: 0; opacity: .75; font-size: .9em; white-space: pre-wrap; overflow-wrap: anywhere; }
.PASS, .OK { color: var(--good); } .bad { color: var(--bad); } .known { color: var(--known); }
b { font-size: .8rem; letter-spacing: .03em; align-self: center; }
[hidden] { display: none; }
`;

const SCRIPT = `
const search = document.querySelector('input[type=search]');
const failing = document.querySelector('input[type=checkbox]');
const count = document.querySelector('output');
function filter() {
    const words = search.value.toLowerCase().split(/\\s+/).filter(word => word);
    let shown = 0;
    for (const file of document.querySelectorAll('details')) {
        let some = false;
        for (const item of file.querySelectorAll('li')) {
            const text = (file.dataset.name + ' ' + item.textContent).toLowerCase();
            item.hidden = !words.every(word => text.includes(word)) ||
                failing.checked && item.dataset.status === 'PASS';
            shown += item.hidden ? 0 : 1;
            some ||= !item.hidden;
        }
        const bare = file.querySelector('li') === null && !(failing.checked && file.dataset.status === 'OK') &&
            words.every(word => file.dataset.name.toLowerCase().includes(word));
        file.hidden = !some && !bare;
        file.open = (words.length > 0 || failing.checked) && !file.hidden;
    }
    count.textContent = shown + ' subtests';
}
search.addEventListener('input', filter);
failing.addEventListener('change', filter);
filter();
`;

function makeSubtest({name, status, message, reason}) {
    const kind = status === 'PASS' ? 'PASS' : reason !== undefined ? 'known' : 'bad';
    const texts = [reason, status === 'PASS' ? null : message].filter(text => text);

    return `<li data-status="${status}"><b class="${kind}">${status}</b><span>${escapeHtml(name)}</span>` +
        `${texts.map(text => `<p>${escapeHtml(text)}</p>`).join('')}</li>`;
}

function makeFile(result) {
    const {test, status, message, reason, duration, subtests, unexpected} = result;
    const passed = countPassed(result);
    const kind = unexpected.length > 0 ? 'bad' : status === 'OK' && passed === subtests.length ? 'OK' : 'known';

    return `<details data-name="${escapeHtml(test)}" data-status="${status}"><summary>` +
        `<b class="${kind}">${status}</b><span class="name">${escapeHtml(test)}</span>` +
        `<span class="${kind}">${passed}/${subtests.length}</span>` +
        `<span class="time">${Math.round(duration)} ms</span></summary>` +
        `${[reason, status === 'OK' ? null : message].filter(text => text)
            .map(text => `<p>${escapeHtml(text)}</p>`).join('')}` +
        `<ol>${subtests.map(makeSubtest).join('\n')}</ol></details>`;
}

/** A page that loads no other file. */
export function makeHtml({engine, version, results, skipped, started, ended}) {
    const rows = [...sumUp(results)].map(([area, {files, subtests, passed, expected, unexpected}]) =>
        `<tr><td>${escapeHtml(area)}</td><td>${files}</td><td>${subtests}</td><td>${passed}</td>` +
        `<td>${expected}</td><td class="${unexpected > 0 ? 'bad' : ''}">${unexpected}</td>` +
        `<td><span class="bar"><i style="width:${subtests > 0 ? 100 * passed / subtests : 0}%"></i></span></td></tr>`);

    return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>libwebmessaging: conformance in ${escapeHtml(engine)}</title>
<style>${STYLE}</style>
<h1>Conformance in ${escapeHtml(engine)} ${escapeHtml(version)}</h1>
<p class="sub">${new Date(started).toISOString().slice(0, 16).replace('T', ' ')} UTC, ${((ended - started) / 1000).toFixed(1)} seconds</p>
<table>
<thead><tr><th>area</th><th>files</th><th>subtests</th><th>passed</th><th>expected failures</th><th>unexpected</th><th></th></tr></thead>
<tbody>${rows.join('\n')}</tbody>
</table>
<form onsubmit="return false"><input type="search" placeholder="Filter by words" aria-label="Filter by words">
<label><input type="checkbox"> failures only</label><output></output></form>
${results.map(makeFile).join('\n')}
${skipped.length > 0 ? '<h2>Skipped</h2>' : ''}
<ul>${skipped.map(({test, reason}) => `<li><b>SKIP</b><span>${escapeHtml(test)}</span><p>${escapeHtml(reason)}</p></li>`).join('\n')}</ul>
<script>${SCRIPT}</script>
</html>
`;
}
