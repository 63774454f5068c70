/** The log: everything that happened at the site, by filters, as a list or a CSV file. */

import { api } from './api.js';
import { input, values } from './dialogs.js';
import { h, table } from './dom.js';
import { dateTime } from './format.js';
import { Page } from './page.js';
import { here, link, note } from './router.js';
import { learnNames, nameOf } from './site-facts.js';

const FIELDS = [
  { name: 'kind', label: 'Kind', hint: 'user.banned, or user. for all of them' },
  { name: 'comment', label: 'Comment (id)' }, { name: 'reader', label: 'Reader (id)' },
  { name: 'moderator', label: 'Moderator (id)' }, { name: 'article', label: 'Article (id)' },
  { name: 'from', label: 'From', kind: 'date' }, { name: 'to', label: 'Before', kind: 'date' },
];

class ParleyLog extends Page {
  #asked = /** @type {Record<string, string>} */ (here().query);
  /** @type {(number | null)[]} the beginnings of the pages before */
  #trail = [null];

  async content() {
    const query = this.#query();
    const [page] = await Promise.all([api.get('/moderation/log', { ...query, cursor: this.#trail.at(-1) }), learnNames()]);
    const rows = page.events.map((/** @type {any} */ event) => [
      dateTime(event.created_at), h('code', null, event.kind), event.actor === 'moderator' ? nameOf(event.actor_id) : event.actor,
      h('span', { class: 'row' }, event.reader_id ? h('a', { href: link('reader', event.reader_id) }, 'reader') : null,
        event.comment_id ? h('a', { href: link('log', null, { comment: event.comment_id }) }, 'comment') : null),
      event.to_status ? `${event.from_status ?? '–'} → ${event.to_status}` : '',
      h('code', { class: 'data' }, JSON.stringify(event.data))]);
    return [
      h('h1', null, 'Log'), this.#form(),
      h('p', null, h('a', { href: api.address('/moderation/log', { ...query, format: 'csv' }), download: 'parley-log.csv' }, 'Download as CSV'),
        ' with these filters, up to 100,000 rows.'),
      table('Events, newest first', ['When', 'Kind', 'By', 'About', 'Status', 'Data'], rows, 'none that fit.'),
      h('div', { class: 'row' },
        h('button', { type: 'button', disabled: this.#trail.length < 2, onclick: () => { this.#trail.pop(); this.refresh(); } }, 'Newer'),
        h('button', { type: 'button', disabled: page.next_cursor === null, onclick: () => { this.#trail.push(page.next_cursor); this.refresh(); } }, 'Older')),
    ];
  }

  #form() {
    return h('form', {
      class: 'grid',
      onsubmit: (/** @type {any} */ event) => {
        event.preventDefault();
        this.#asked = values(event.currentTarget);
        this.#trail = [null];
        note(link('log', null, this.#asked));
        this.refresh();
      },
    }, FIELDS.map((field) => input({ ...field, value: this.#asked[field.name] ?? '' })),
    h('button', { type: 'submit', class: 'primary' }, 'Show'));
  }

  /** Days begin at midnight UTC, as the log has them. */
  #query() {
    const { from, to, ...rest } = this.#asked;
    return { ...rest, from: from && `${from}T00:00:00Z`, to: to && `${to}T00:00:00Z` };
  }
}

customElements.define('parley-log', ParleyLog);
