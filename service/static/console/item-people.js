/** Whom a comment concerns: who reported it, who says it is illegal, its author, like cases. */

import { h, facts, section, table } from './dom.js';
import { api, Refusal } from './api.js';
import { toast } from './toast.js';
import { ago, clock, dateTime, day, number, percent, plain } from './format.js';
import { link } from './router.js';
import { nameOf } from './site-facts.js';
import { DONE, STATUSES } from './words.js';

/** @param {any} item @param {() => void} changed */
export function reportsPart(item, changed) {
  if (item.blind || item.reports.length === 0) return null;
  const suspected = item.reports.filter((/** @type {any} */ report) => report.suspected && report.state === 'open').length;
  const rows = item.reports.map((/** @type {any} */ report) => [
    report.reader_id ? h('a', { href: link('reader', report.reader_id) }, report.username ?? 'a reader') : 'a visitor',
    h('span', null, plain(report.guideline), report.detail ? h('q', { class: 'detail' }, report.detail) : null,
      report.revision < item.comment_revision ? h('span', { class: 'tag' }, 'on an older text') : null),
    h('span', null, reliability(report), report.reliable ? h('span', { class: 'tag good' }, 'reliable') : null,
      report.muted ? h('span', { class: 'tag' }, 'muted') : null,
      report.suspected ? h('span', { class: 'tag late' }, 'looks organised') : null),
    h('span', null, report.state, h('br'), h('small', null, ago(report.created_at))),
  ]);
  return section(`Reports (${rows.length})`, [
    table('Reports with their senders’ records', ['From', 'Says', 'Record', 'State'], rows),
    suspected ? h('button', { type: 'button', onclick: () => sweep(item, changed) }, `Close the ${suspected} that look organised`) : null,
  ]);
}

/** @param {any} report */
function reliability({ reliability, reliability_low: low, adjudicated }) {
  if (adjudicated === 0) return 'no record';
  return `right ${percent(reliability)} (at least ${percent(low)}), of ${adjudicated}`;
}

/** @param {any} item @param {() => void} changed */
async function sweep(item, changed) {
  try {
    await api.post(`/moderation/comments/${item.comment_id}/reports/invalidation`, { only_suspected: true });
    toast().say('Closed, in nobody’s record.');
    changed();
  } catch (error) {
    toast().say(/** @type {Refusal} */ (error).text);
  }
}

/** @param {any} item */
export function noticesPart(item) {
  if (item.notices.length === 0) return null;
  return section(`Notices of illegal content (${item.notices.length})`, [h('ul', null,
    item.notices.map((/** @type {any} */ notice) => {
      const due = notice.state === 'open' ? clock(notice.due_at) : null;
      return h('li', null, h('a', { href: link('notices', notice.id) }, notice.reference), ` ${plain(notice.category)}, ${notice.state} `,
        due ? h('span', { class: due.late ? 'tag late' : 'tag' }, due.text) : null);
    }))]);
}

/** @param {any} item */
export function historyPart(item) {
  const history = item.author_history;
  const counts = Object.entries(history.counts).map(([status, count]) => `${number(count)} ${STATUSES[status] ?? status}`);
  const live = history.sanctions.filter((/** @type {any} */ one) => !one.ended_at);
  return section('Author', [
    facts([
      ['Name', h('a', { href: link('reader', item.author.id) }, item.author.username)],
      ['Standing', history.standing],
      ['Strikes', number(history.strikes)],
      ['Here since', day(history.first_seen)],
      ['Comments', counts.join(', ') || 'none'],
      ['Rejected in 30 days', percent(history.rejected_rate_30d)],
      ['Sanctions', live.map((/** @type {any} */ one) => plain(one.kind)).join(', ') || 'none'],
    ]),
    h('details', null, h('summary', null, `Latest comments (${history.recent.length})`),
      h('ul', { class: 'plain' }, history.recent.map((/** @type {any} */ one) => h('li', null,
        h('p', { class: 'by' }, `${dateTime(one.created_at)} · ${STATUSES[one.status] ?? one.status}`), h('p', { class: 'text' }, one.body))))),
    history.notes.length ? h('details', { open: true }, h('summary', null, `Colleagues’ notes (${history.notes.length})`),
      h('ul', { class: 'plain' }, history.notes.map((/** @type {any} */ note) => h('li', null,
        h('p', { class: 'by' }, `${nameOf(note.moderator_id)}, ${dateTime(note.created_at)}`), h('p', { class: 'text' }, note.body))))) : null,
  ]);
}

/** @param {any} item */
export function similarPart(item) {
  if (item.blind || item.similar.length === 0) return null;
  return section(`Similar decisions (${item.similar.length})`, [h('ul', { class: 'plain' },
    item.similar.map((/** @type {any} */ one) => h('li', null,
      h('p', { class: 'by' }, h('strong', null, DONE[one.action] ?? one.action), one.guideline ? ` (${plain(one.guideline)})` : '', ' ',
        one.distance < 0 ? h('span', { class: 'tag' }, 'nearly the same text') : `distance ${number(one.distance)}`, ` · ${ago(one.created_at)}`),
      h('p', { class: 'text' }, one.body))))], { folded: item.severe });
}
