/** Notices of illegal content with their clocks; decided by the legal desk, leads and admins. */

import { api } from './api.js';
import { ask } from './dialogs.js';
import { h, facts, table } from './dom.js';
import { dateTime, duration, plain } from './format.js';
import { Page, tabs } from './page.js';
import { here, link } from './router.js';
import { guidelineChoices } from './site-facts.js';
import { STATUSES } from './words.js';

const STATES = /** @type {[string, string][]} */ ([['open', 'Waiting'], ['upheld', 'Upheld'], ['dismissed', 'Dismissed']]);
const ACTIONS = /** @type {[string, string][]} */ ([
  ['remove', 'Remove the comment'], ['hide', 'Hide the comment'], ['restore', 'Restore the comment'], ['no_action', 'Do nothing'],
]);
const GROUNDS = /** @type {[string, string][]} */ ([['illegal', 'The law'], ['guidelines', 'The guidelines']]);
const QUEUES = ['legal', 'urgent'], QUEUE_MAX = 200;
const SECONDS = 60, REASON_MAX = 5000, DECIDERS = ['legal', 'lead'];

class ParleyNotices extends Page {
  #state = 'open';

  async content() {
    const { id } = here();
    if (id) {
      const notice = await api.get(`/moderation/notices/${id}`);
      return this.#one(notice, await itemOf(notice.comment_id));
    }
    const page = await api.get('/moderation/notices', { state: this.#state, limit: 50 });
    const rows = page.notices.map((/** @type {any} */ notice) => [
      h('a', { href: link('notices', notice.id) }, notice.reference), plain(notice.category), dateTime(notice.received_at), clockOf(notice)]);
    return [
      h('h1', null, 'Notices of illegal content'),
      tabs('State', STATES, this.#state, (state) => { this.#state = state; this.refresh(); }),
      table('Notices', ['Reference', 'Category', 'Received', 'Clock'], rows, 'none.'),
    ];
  }

  /** @param {any} notice @param {any} item */
  #one(notice, item) {
    const particulars = Object.entries(notice.particulars ?? {}).map(([name, value]) => /** @type {[string, any]} */ ([plain(name), String(value)]));
    const mayDecide = notice.state === 'open' && api.is(...DECIDERS);
    return [
      h('p', null, h('a', { href: link('notices') }, '← All notices')),
      h('h1', null, `${notice.reference}: ${plain(notice.category)} `, clockOf(notice)),
      notice.changed_since ? h('p', { class: 'banner warn' }, 'The comment was edited after this notice.') : null,
      h('h2', null, 'What it says'), h('blockquote', null, notice.explanation),
      item ? [h('h2', null, 'The comment'), item.severe ? h('p', { class: 'quiet' }, 'Severe text, shown with its item.') : h('blockquote', { class: 'comment' }, item.body),
        h('p', null, h('a', { href: link('queue', item.id) }, 'Its item, with thread and article'))] : null,
      facts([
        ['Law', notice.law ?? '–'], ['Comment now', STATUSES[notice.comment_status] ?? notice.comment_status],
        ['Received', dateTime(notice.received_at)], ['Due', dateTime(notice.due_at)],
        ['Trusted flagger', notice.trusted_flagger ? 'yes' : 'no'],
        ['Sender', api.is(...DECIDERS) ? [notice.name ?? 'anonymous', notice.email ? ` (${notice.email})` : ''] : 'seen by those who decide notices'],
        ...particulars,
      ]),
      notice.answer ? [h('h2', null, 'The answer'), h('blockquote', null, notice.answer)] : null,
      mayDecide ? h('button', { type: 'button', class: 'primary', onclick: () => this.#decide(notice) }, 'Decide…') : null,
      notice.state === 'open' && !mayDecide ? h('p', { class: 'banner' }, 'The legal desk, a lead or an admin decides this.') : null,
      h('p', null, h('a', { href: link('log', null, { comment: notice.comment_id }) }, 'Log of the comment')),
    ];
  }

  /** @param {any} notice */
  async #decide(notice) {
    const choices = /** @type {[string, string][]} */ ([['', 'As the ground says'], ...await guidelineChoices()]);
    return this.act(() => ask({
      title: `Decide ${notice.reference}`, text: 'The sender is told the reason; the author gets a statement of reasons.', confirm: 'Decide',
      fields: [
        { name: 'action', label: 'What is done', kind: 'choice', choices: ACTIONS },
        { name: 'ground', label: 'Ground', kind: 'choice', choices: GROUNDS },
        { name: 'guideline', label: 'Guideline', kind: 'choice', choices, hint: 'Needed where the ground is the guidelines.' },
        { name: 'reason', label: 'Reason, told to the sender', kind: 'text', required: true, maxLength: REASON_MAX },
      ],
      act: (given) => api.post(`/moderation/notices/${notice.id}/decisions`, given),
    }), 'Decided.');
  }
}

/**
 * The review item of a comment: a notice always opens one, in one of these queues.
 * @param {string} comment
 */
async function itemOf(comment) {
  for (const reason of QUEUES) {
    const { items } = await api.get('/moderation/queue', { reason, state: 'all', limit: QUEUE_MAX });
    const found = items.find((/** @type {any} */ item) => item.comment_id === comment);
    if (found) return found;
  }
  return null;
}

/** @param {any} notice */
function clockOf(notice) {
  if (notice.minutes_left === null) return h('span', { class: 'tag' }, notice.state);
  const text = duration(notice.minutes_left * SECONDS);
  return h('span', { class: notice.breached ? 'tag late' : 'tag' }, notice.breached ? `late by ${text}` : `${text} left`);
}

customElements.define('parley-notices', ParleyNotices);
