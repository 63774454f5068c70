/** What a changed guideline file would have done: tried on decided comments, then put in force. */

import { api, Refusal } from './api.js';
import { ask } from './dialogs.js';
import { h, fill, facts, section, table, announce } from './dom.js';
import { counted, number, percent } from './format.js';
import { changed, testsFollow, thresholds } from './thresholds.js';

const LIMIT = 10_000, EXAMPLES = 20;

/**
 * The form with the file's text, and the results below it.
 * @param {string} source the file in force
 * @param {string} version
 * @param {() => void} activated
 */
export function backtestForm(source, version, activated) {
  const text = h('textarea', { id: 'guideline-source', rows: 18, spellcheck: false, value: source });
  const results = h('div', { class: 'results', 'aria-live': 'polite' });
  const simple = h('div', { class: 'thresholds' });
  const drawSimple = () => fill(simple, thresholdFields(text, drawSimple));
  text.addEventListener('change', drawSimple);
  drawSimple();
  const button = (/** @type {string} */ name, /** @type {() => void} */ act, kind = '') => h('button', { type: 'button', class: kind, onclick: act }, name);
  const run = async (/** @type {string} */ what, /** @type {() => Promise<any[]>} */ work) => {
    fill(results, h('p', { class: 'quiet' }, `${what}…`));
    try {
      fill(results, ...await work());
      announce(`${what}: done.`);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const followed = testsFollow(text.value, [error.errors.source ?? []].flat());
      fill(results, h('p', { class: 'wrong', role: 'alert' }, error.text), followed === null ? null : [
        h('p', null, 'The inline tests of these rules hold the old threshold. They can be made to expect what the rules give now.'),
        button('Change the tests and try again', () => { text.value = followed; run(what, work); })]);
    }
  };
  return h('div', null,
    section('Thresholds', [simple], { folded: false }),
    section('The file', [h('label', { for: 'guideline-source' }, 'Text of the guideline file'), text], { folded: true }),
    h('div', { class: 'row' },
      button('What would it have done?', () => run('Backtest', async () => backtested(await api.post('/guidelines/backtest', { source: text.value, limit: LIMIT, examples: EXAMPLES }))), 'primary'),
      button('Check', () => run('Check', async () => checked(await api.post('/guidelines/check', { source: text.value })))),
      button('Put in force…', () => putInForce(text.value, version, activated)),
      button('Start over', () => { text.value = source; drawSimple(); fill(results); })),
    results);
}

/** @param {any} text @param {() => void} redraw */
function thresholdFields(text, redraw) {
  const found = thresholds(text.value);
  if (found.length === 0) return [h('p', { class: 'quiet' }, 'No rule compares a signal with a number.')];
  return found.map((place, index) => h('div', { class: 'threshold' },
    h('label', { for: `threshold-${index}` }, h('strong', null, place.rule), ` ${place.signal} ${place.sign}`),
    h('input', {
      id: `threshold-${index}`, type: 'number', step: 'any', min: 0, value: place.value,
      onchange: (/** @type {any} */ event) => {
        if (event.target.value === '') return;
        text.value = changed(text.value, place, event.target.value);
        redraw();
        document.getElementById(`threshold-${index}`)?.focus();
      },
    })));
}

/** @param {any} found */
function checked(found) {
  if (found.usable) return [h('p', { class: 'banner good' }, `It can be used: ${counted(found.rules, 'rule')}, ${counted(found.tests, 'inline test')} pass. Version ${found.version}.`)];
  return [h('p', { class: 'banner warn' }, 'It cannot be used:'),
    h('ul', null, Object.entries(found.problems).map(([field, said]) => h('li', null, h('code', null, field), ` ${said.join(' ')}`)))];
}

/** @param {any} found */
function backtested(found) {
  const people = (/** @type {any} */ one) => `precision ${percent(one.precision)}, recall ${percent(one.recall)}`;
  return [
    h('h3', null, found.changed === 0 ? 'Nothing would have been different.' : `${counted(found.changed, 'comment')} would have been treated otherwise.`),
    facts([
      ['Replayed', `${counted(found.comments, 'comment')} in ${number(found.seconds)} s${found.complete ? '' : ' (time ran out: the newest only)'}`],
      ['Against people, now', people(found.people_before)], ['Against people, then', people(found.people_after)],
    ]),
    table('What would have changed', ['Now', 'Then', 'Comments'], found.confusion.filter((/** @type {any} */ one) => one.before !== one.after)
      .map((/** @type {any} */ one) => [one.before, one.after, number(one.count)]), 'nothing.'),
    table('Rules', ['Rule', 'Matched now', 'Then', 'Gained', 'Lost', 'Part in changes'], found.rules.filter((/** @type {any} */ one) => one.gained || one.lost)
      .map((/** @type {any} */ one) => [one.rule, number(one.before), number(one.after), number(one.gained), number(one.lost), number(one.changed)]), 'none matched otherwise.'),
    table('Examples', ['Comment', 'Now', 'Then', 'A person said', 'Rules then'], found.examples.map((/** @type {any} */ one) => [
      one.excerpt ?? '(erased)', one.before, one.after, one.person ?? '–', one.rules_after.join(', ') || 'none']), 'none.'),
  ];
}

/** @param {string} source @param {string} version @param {() => void} activated */
async function putInForce(source, version, activated) {
  const done = await ask({
    title: 'Put this file in force', confirm: 'Put in force',
    text: 'It is checked wholly first. Comments decided before keep their decisions.',
    fields: [{ name: 'note', label: 'What changed, and why', kind: 'text', required: true, maxLength: 2000 }],
    act: (given) => api.put('/guidelines', { source, expect_version: version, ...given }),
  });
  if (done) activated();
}
