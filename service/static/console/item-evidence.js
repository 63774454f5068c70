/** Why the machine thinks so: scores, rules, what the priority is made of, decisions so far. */

import { h, section, table } from './dom.js';
import { ask } from './dialogs.js';
import { api } from './api.js';
import { dateTime, number, percent, plain, score } from './format.js';
import { nameOf } from './site-facts.js';
import { PRIORITY_PARTS, DONE, STATUSES } from './words.js';

const HIGHEST_PRIORITY = 100, REVERSERS = ['lead', 'legal'];

/**
 * A bar with its name and value; the bar itself says nothing that the text does not.
 * @param {string} name
 * @param {string} value
 * @param {number} share 0 to 1
 * @param {string} [kind]
 */
export function bar(name, value, share, kind = '') {
  return h('div', { class: `bar ${kind}` }, h('span', { class: 'bar-name' }, name),
    h('span', { class: 'bar-track', 'aria-hidden': 'true' },
      h('span', { class: 'bar-fill', width: `${Math.max(0, Math.min(1, share)) * 100}%` })),
    h('span', { class: 'bar-value' }, value));
}

/** @param {any} item */
export function scoresPart(item) {
  if (item.blind) return null;
  if (item.scores.length === 0) return section('Scores', [h('p', { class: 'quiet' }, 'Not scored yet.')]);
  const found = item.scores.find((/** @type {any} */ model) => model.task === 'toxicity' && model.evidence?.sentence);
  return section('Scores', [
    ...item.scores.map(oneModel),
    found ? h('p', { class: 'hint' }, 'In the comment: ', h('mark', { class: 'mark-sentence' }, 'the sentence that drove the score'),
      ' and ', h('mark', { class: 'mark-sentence mark-word' }, 'the words in it'), '.') : null,
  ]);
}

/** @param {any} model */
function oneModel(model) {
  const labels = Object.entries(model.values).sort(([, a], [, b]) => b - a);
  const said = [
    `${model.model} ${model.version}`, model.language ? `language ${model.language}` : '',
    model.windows > 1 ? `${model.windows} windows` : '', model.was_obfuscated ? 'disguised spelling was read' : '',
  ].filter(Boolean).join(' · ');
  return h('div', { class: 'score' },
    model.unknown ? h('p', { class: 'banner warn' }, `${plain(model.task)}: no score (${plain(model.unknown)})`) : null,
    labels.map(([label, value]) => bar(plain(label), score(value), value, model.task === 'relevance' ? 'calm' : '')),
    h('p', { class: 'hint' }, said));
}

/** @param {any} item */
export function rulesPart(item) {
  if (item.blind) return null;
  const automated = item.decisions.filter((/** @type {any} */ decision) => decision.automated);
  const rules = automated.at(-1)?.rules ?? [];
  const fired = rules.filter((/** @type {any} */ rule) => rule.result === 'match');
  const unknown = rules.filter((/** @type {any} */ rule) => rule.result === 'unknown');
  return section('Rules that fired', [ruleTable('Rules with the values they saw', fired, 'none fired.'),
    unknown.length ? h('details', null, h('summary', null, `${unknown.length} could not be told: a signal was missing`),
      ruleTable('Rules that lacked a signal', unknown, 'none.')) : null]);
}

/** @param {string} caption @param {any[]} rules @param {string} empty */
function ruleTable(caption, rules, empty) {
  return table(caption, ['Rule', 'Leads to', 'Values'], rules.map((rule) => [
    h('span', null, rule.rule, rule.mode === 'shadow' ? h('span', { class: 'tag' }, 'shadow') : null),
    `${plain(rule.action)}${rule.guideline ? ` · ${plain(rule.guideline)}` : ''}`,
    h('span', { class: 'values' }, Object.entries(rule.values ?? {}).map(([signal, value]) =>
      h('code', null, `${signal} = ${shownValue(value)}`))),
  ]), empty);
}

/** @param {any} value */
function shownValue(value) {
  if (value === null) return 'missing';
  return typeof value === 'number' ? number(value) : JSON.stringify(value);
}

/** @param {any} item */
export function priorityPart(item) {
  const { priority } = item;
  const parts = Object.entries(PRIORITY_PARTS).map(([name, text]) => bar(text, number(priority[name]), priority[name] / HIGHEST_PRIORITY, 'calm'));
  const chance = item.p_violation === null ? null : h('p', { class: 'hint' }, `Probability of a breach: ${percent(item.p_violation)}.`);
  return section(`Priority ${number(Math.round(priority.total))} of ${HIGHEST_PRIORITY}`,
    [priority.breached ? h('p', { class: 'tag late' }, 'its time has run out') : null, ...parts, chance]);
}

/** @param {any} item @param {() => void} changed */
export function decisionsPart(item, changed) {
  if (item.decisions.length === 0) return null;
  const last = item.decisions.filter((/** @type {any} */ one) => !one.reversed_at && !one.reverses_id).at(-1);
  const rows = item.decisions.map((/** @type {any} */ decision) => [
    dateTime(decision.created_at),
    h('span', null, DONE[decision.action] ?? plain(decision.action), decision.guideline ? ` (${plain(decision.guideline)})` : '',
      decision.reversed_at ? h('span', { class: 'tag' }, 'reversed') : null),
    `${STATUSES[decision.from_status] ?? '–'} → ${STATUSES[decision.to_status] ?? '–'}`,
    decision.automated ? 'the rules' : nameOf(decision.actor_id),
    decision.note ?? '',
    decision === last && mayReverse(decision) ? h('button', { type: 'button', onclick: () => reverse(decision, changed) }, 'Reverse…') : '',
  ]);
  return section(`Decisions so far (${rows.length})`,
    [table('Decisions on this comment', ['When', 'What', 'Status', 'By', 'Note', ''], rows)], { folded: item.state !== 'decided' });
}

/** @param {any} decision */
function mayReverse(decision) {
  return api.is(...REVERSERS) || decision.actor_id === api.session?.moderator.id;
}

/** @param {any} decision @param {() => void} changed */
async function reverse(decision, changed) {
  const done = await ask({
    title: 'Reverse this decision', confirm: 'Reverse',
    text: 'After the undo window this is done openly: the author is told, and reporters’ records turn round.',
    fields: [{ name: 'note', label: 'Why (for colleagues)', kind: 'text', maxLength: 2000 }],
    act: (given) => api.post(`/decisions/${decision.id}/reversal`, given),
  });
  if (done) changed();
}
