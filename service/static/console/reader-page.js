/** A reader with the whole record: standing, sanctions, strikes, reports, comments, notes. */

import { api } from './api.js';
import { ask } from './dialogs.js';
import { h, facts, table } from './dom.js';
import { dateTime, number, percent, plain } from './format.js';
import { sanction } from './item-actions.js';
import { Page, part } from './page.js';
import { here, link } from './router.js';
import { learnNames, nameOf } from './site-facts.js';
import { DONE, STATUSES } from './words.js';

const NOTE_MAX = 2000;

class ParleyReader extends Page {
  async content() {
    const { id } = here();
    if (id === null) return [h('p', { class: 'quiet' }, 'Open a reader from a comment.')];
    const [record] = await Promise.all([api.get(`/moderation/readers/${id}`), learnNames()]);
    const { reader } = record;
    return [
      h('h1', null, reader.username),
      h('div', { class: 'row' },
        h('button', { type: 'button', onclick: () => sanction(id).then(() => this.refresh()) }, 'Warn or sanction…'),
        h('button', { type: 'button', onclick: () => this.#note(id) }, 'Leave a note…'),
        h('a', { class: 'button', href: link('queue', null, { reader: id, state: 'all' }) }, 'Items in the queue'),
        h('a', { class: 'button', href: link('log', null, { reader: id }) }, 'Log')),
      profile(record),
      part('Sanctions', [this.#sanctions('In force', record.live_sanctions, id), this.#sanctions('Past', record.past_sanctions, null)]),
      part('Notes', record.notes.length ? [h('ul', { class: 'plain' }, record.notes.map(noteRow))] : [h('p', { class: 'quiet' }, 'None.')]),
      part('Strikes', [table('Strikes', ['Given', 'Guideline', 'Points', 'State', 'Until'], record.strikes.map((/** @type {any} */ strike) => [
        dateTime(strike.created_at), plain(strike.guideline), number(strike.points), strike.state, dateTime(strike.expires_at)]))]),
      part('Reports made', [reportsMade(record.reports_made)]),
      part('Latest comments', [h('ul', { class: 'plain' }, record.comments.map(commentRow))]),
      part('Latest decisions', [table('Decisions', ['When', 'What', 'Guideline', 'By', 'Note'], record.decisions.map((/** @type {any} */ one) => [
        dateTime(one.created_at), h('span', null, DONE[one.action] ?? plain(one.action), one.reversed_at ? h('span', { class: 'tag' }, 'reversed') : null),
        one.guideline ? plain(one.guideline) : '', one.automated ? 'the rules' : nameOf(one.actor_id), one.note ?? '']))]),
    ];
  }

  /** @param {string} title @param {any[]} sanctions @param {string | null} reader to lift them */
  #sanctions(title, sanctions, reader) {
    return table(title, ['Kind', 'Guideline', 'Since', 'Until', 'Ended', ''], sanctions.map((one) => [
      plain(one.kind), one.guideline ? plain(one.guideline) : '', dateTime(one.created_at), one.ends_at ? dateTime(one.ends_at) : 'no end',
      one.ended_at ? `${dateTime(one.ended_at)} (${plain(one.end_reason ?? '')})` : '',
      reader ? h('button', { type: 'button', onclick: () => this.#lift(reader, one.id) }, 'Lift…') : '']), 'none.');
  }

  /** @param {string} reader @param {string} id */
  #lift(reader, id) {
    return this.act(() => ask({
      title: 'Lift the sanction', text: 'The reader is told.', confirm: 'Lift',
      fields: [{ name: 'note', label: 'Why', kind: 'text', required: true, maxLength: NOTE_MAX }],
      act: (given) => api.delete(`/moderation/readers/${reader}/sanctions/${id}`, given),
    }), 'Lifted.');
  }

  /** @param {string} id */
  #note(id) {
    return this.act(() => ask({
      title: 'A note for colleagues', confirm: 'Save',
      fields: [{ name: 'note', label: 'Note', kind: 'text', required: true, maxLength: NOTE_MAX }],
      act: (given) => api.post(`/moderation/readers/${id}/notes`, given),
    }), 'Saved.');
  }
}

/** @param {any} record */
function profile({ reader, ...record }) {
  const counts = Object.entries(record.comments_by_status).map(([status, count]) => `${number(count)} ${STATUSES[status] ?? status}`);
  const against = Object.entries(record.reports_against).map(([state, count]) => `${number(count)} ${state}`);
  return facts([
    ['Standing', reader.standing + (reader.standing_until ? ` until ${dateTime(reader.standing_until)}` : '')],
    ['Strikes', number(reader.strikes)], ['Kind', reader.kind], ['Here since', dateTime(reader.created_at)],
    ['Comments', counts.join(', ') || 'none'], ['Rejected in 30 days', percent(record.rejection_rate_30d)],
    ['Reports against', against.join(', ') || 'none'],
    ['Publisher’s id', reader.external_id],
    ['Badges', reader.badges.join(', ') || 'none'],
  ]);
}

/** @param {any[]} families */
function reportsMade(families) {
  return table('Reports this reader made', ['Family', 'How they ended', 'Right'], families.map(({ family, states, reliability }) => [
    plain(family), Object.entries(states).map(([state, count]) => `${count} ${state}`).join(', '),
    reliability.known ? `${percent(reliability.mean)} (at least ${percent(reliability.low)}), of ${reliability.adjudicated}` : 'no record yet']));
}

/** What is not public may be hard to read: it is shown when asked for. @param {any} one */
function commentRow(one) {
  const head = `${dateTime(one.created_at)} · ${STATUSES[one.status] ?? one.status}`;
  const text = h('p', { class: 'text' }, one.body);
  return h('li', null, one.status === 'published' ? [h('p', { class: 'by' }, head), text]
    : h('details', null, h('summary', null, `${head}: show the text`), text));
}

/** @param {any} note */
function noteRow(note) {
  return h('li', null, h('p', { class: 'by' }, `${nameOf(note.moderator_id)}, ${dateTime(note.created_at)}`), h('p', { class: 'text' }, note.body));
}

customElements.define('parley-reader', ParleyReader);
