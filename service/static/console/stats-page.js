/** How moderation goes: volumes, waiting, what was overturned, what second looks say. */

import { api } from './api.js';
import { bars, columns } from './charts.js';
import { driftFigures } from './drift-figures.js';
import { input, values } from './dialogs.js';
import { h, table } from './dom.js';
import { duration, number, percent, plain, title } from './format.js';
import { Page, part } from './page.js';
import { DONE } from './words.js';

const DAY_MS = 86_400_000, DAYS = 14;
const SHORT = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', timeZone: 'UTC' });

class ParleyStats extends Page {
  #first = isoDay(Date.now() - (DAYS - 1) * DAY_MS);
  #last = isoDay(Date.now());

  async content() {
    const [stats, drift] = await Promise.all([
      api.get('/moderation/stats', { from: this.#first, to: this.#last }), driftFigures(this.#first, this.#last)]);
    return [
      h('h1', null, 'Figures'), this.#form(),
      h('p', { class: 'quiet' }, 'No figure is about a single moderator. Days are days in UTC; whiskers are 95 % intervals.'),
      volumes(stats.volumes, this.#first, this.#last), waits(stats.waits),
      shares('Restrictions overturned', stats.overturned),
      shares('Overturned by people, by rule', stats.overturned_by_rule), shares('Reports upheld, by guideline', stats.report_precision),
      quality(stats.quality), drift,
    ];
  }

  #form() {
    return h('form', {
      class: 'row',
      onsubmit: (/** @type {any} */ event) => {
        event.preventDefault();
        const { first, last } = values(event.currentTarget);
        [this.#first, this.#last] = [first, last];
        this.refresh();
      },
    }, input({ name: 'first', label: 'From', kind: 'date', required: true, value: this.#first }),
    input({ name: 'last', label: 'To', kind: 'date', required: true, value: this.#last }),
    h('button', { type: 'submit', class: 'primary' }, 'Show'));
  }
}

/** @param {any[]} rows @param {string} first @param {string} last */
function volumes(rows, first, last) {
  const days = [];
  for (let at = Date.parse(first); at <= Date.parse(last); at += DAY_MS) days.push(isoDay(at));
  /** @type {Map<string, number[]>} */
  const parts = new Map();
  for (const { day, action, automated, count } of rows) {
    const name = `${DONE[action] ?? title(action)} (${automated ? 'rules' : 'people'})`;
    if (!parts.has(name)) parts.set(name, days.map(() => 0));
    const values = /** @type {number[]} */ (parts.get(name));
    if (days.includes(day)) values[days.indexOf(day)] += count;
  }
  const numbers = table('Decisions', ['Day', 'Action', 'By', 'Count'],
    rows.map(({ day, action, automated, count }) => [day, plain(action), automated ? 'rules' : 'people', number(count)]));
  if (parts.size === 0) return part('Decisions per day', [h('p', { class: 'quiet' }, 'None in this time.')]);
  return columns('Decisions per day', days, parts, (day) => SHORT.format(new Date(day)), numbers);
}

/** @param {any[]} rows */
function waits(rows) {
  if (rows.length === 0) return part('Time to decision', [h('p', { class: 'quiet' }, 'None in this time.')]);
  const shown = rows.flatMap(({ queue, count, median, p90 }) => [
    { name: `${title(queue)}, median`, value: median, text: `${duration(median)} (${number(count)})` },
    { name: `${title(queue)}, 9 in 10`, value: p90, text: duration(p90) }]);
  return bars('Time to decision, by queue', shown, table('Waiting', ['Queue', 'Items', 'Median', '9 in 10 within'],
    rows.map(({ queue, count, median, p90 }) => [title(queue), number(count), duration(median), duration(p90)])));
}

/** @param {string} name @param {any[]} rows */
function shares(name, rows) {
  if (rows.length === 0) return part(name, [h('p', { class: 'quiet' }, 'None in this time.')]);
  return bars(name, rows.map(shareRow), shareTable(name, rows), 1);
}

/** @param {any} share */
function shareRow({ name, hits, total, rate }) {
  return { name: title(name), value: rate.value, low: rate.low, high: rate.high, text: `${percent(rate.value)} (${hits} of ${total})` };
}

/** @param {string} name @param {any[]} rows */
function shareTable(name, rows) {
  return table(name, ['What', 'Of', 'Share', 'Interval'], rows.map(({ name: label, hits, total, rate }) =>
    [title(label), `${hits} of ${total}`, percent(rate.value), `${percent(rate.low)} to ${percent(rate.high)}`]));
}

/** @param {any} quality */
function quality({ human_agreement: agreement, automated_errors: errors, errors_by_rule: byRule, kappa_by_guideline: kappas }) {
  const rows = [{ ...agreement, name: 'People agree' }, { ...errors, name: 'Automatic errors' }, ...byRule.map((/** @type {any} */ one) => ({ ...one, name: `Errors: ${one.name}` }))];
  return h('div', null, bars('What second looks say', rows.map(shareRow), shareTable('Second looks', rows), 1),
    table('Agreement beyond chance (Cohen’s kappa)', ['Guideline', 'Looks', 'Kappa'],
      kappas.map((/** @type {any} */ one) => [title(one.guideline), number(one.count), number(one.kappa)]), 'no second looks yet.'));
}

/** @param {number} at */
function isoDay(at) {
  return new Date(at).toISOString().slice(0, 10);
}

customElements.define('parley-stats', ParleyStats);
