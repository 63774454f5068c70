/** The list of items: order by priority, who works on what, and selection of several. */

import { h, fill } from './dom.js';
import { clock, counted, number, plain, time } from './format.js';
import { nameOf } from './site-facts.js';
import { link } from './router.js';
import { STATUSES } from './words.js';

const EXCERPT = 180;

/** Fires `open` with an item's id. */
export class QueueList extends EventTarget {
  /** @type {any[]} */
  items = [];
  /** @type {string | null} the item that is open */
  current = null;
  /** @type {Set<string>} */
  selected = new Set();
  /** @type {Map<string, string>} what became of items in a bulk decision */
  results = new Map();
  isBulk = false;
  element = h('ol', { class: 'queue-list', 'aria-label': 'Items' });

  /** @param {any[]} items */
  show(items) {
    this.items = items;
    const known = new Set(items.map(({ id }) => id));
    this.selected = new Set([...this.selected].filter((id) => known.has(id)));
    this.draw();
  }

  draw() {
    const focused = /** @type {HTMLElement | null} */ (document.activeElement)?.closest('[data-item]')?.getAttribute('data-item');
    const top = this.element.scrollTop;
    if (this.items.length === 0) fill(this.element, h('li', { class: 'quiet empty' }, 'Nothing waits here.'));
    else fill(this.element, this.items.map((item) => this.#row(item)));
    this.element.scrollTop = top;
    if (focused) /** @type {any} */ (this.element.querySelector(`[data-item="${CSS.escape(focused)}"] a`))?.focus({ preventScroll: true });
  }

  /**
   * What this moderator holds now: one item, or none.
   * @param {any} open the item that is open
   */
  hold(open) {
    for (const item of this.items) {
      if (item.id === open?.id) item.claim = open.claim;
      else if (item.claim?.mine) item.claim = null;
    }
    this.draw();
  }

  /** @param {string | null} id */
  mark(id) {
    this.current = id;
    this.draw();
    this.element.querySelector('[aria-current=true]')?.scrollIntoView({ block: 'nearest' });
  }

  /** @param {string} id take an item out; gives the one that moves up to its place */
  drop(id) {
    const place = this.items.findIndex((item) => item.id === id);
    if (place < 0) return this.next(0);
    this.items.splice(place, 1);
    this.draw();
    return this.items[place]?.id ?? this.items[place - 1]?.id ?? null;
  }

  /**
   * The item so many places from the open one; the first where none is.
   * @param {number} step
   * @returns {string | null}
   */
  next(step) {
    const place = this.items.findIndex((item) => item.id === this.current);
    if (place < 0) return this.items[0]?.id ?? null;
    return this.items[place + step]?.id ?? null;
  }

  /** @param {string} id */
  toggle(id) {
    if (!this.selected.delete(id)) this.selected.add(id);
    this.dispatchEvent(new Event('select'));
  }

  /** @param {any} item */
  #row(item) {
    const isOpen = item.id === this.current;
    const due = item.state === 'decided' ? null : clock(item.due_at);
    const name = h('a', { href: link('queue', item.id), onclick: (/** @type {MouseEvent} */ event) => this.#clicked(event, item.id) },
      h('span', { class: 'by' }, item.author.username, ' · ', h('span', { class: 'quiet' }, item.article_key)),
      item.severe ? h('span', { class: 'excerpt severe' }, 'Severe text, shown when asked for') : h('span', { class: 'excerpt' }, excerpt(item.body)));
    const box = this.isBulk ? h('input', {
      type: 'checkbox', checked: this.selected.has(item.id), disabled: item.state === 'decided',
      'aria-label': `Select the comment by ${item.author.username}`, onchange: () => this.toggle(item.id),
    }) : null;
    const result = this.results.get(item.id);
    return h('li', { 'data-item': item.id, 'aria-current': isOpen ? 'true' : null, class: item.claim && !item.claim.mine ? 'taken' : null },
      box, h('span', { class: 'priority', title: 'Priority, 0 to 100' }, h('span', { class: 'unseen' }, 'Priority '), number(Math.round(item.priority.total))),
      h('div', { class: 'row-main' }, name, h('p', { class: 'tags' },
        item.reasons.map((/** @type {string} */ reason) => h('span', { class: 'tag' }, plain(reason))),
        item.status ? h('span', { class: `tag status-${item.status}` }, STATUSES[item.status] ?? item.status) : null,
        item.escalated_to ? h('span', { class: 'tag' }, `for ${plain(item.escalated_to)}`) : null,
        due ? h('span', { class: due.late ? 'tag late' : 'tag' }, due.text) : null,
        item.skip_count ? h('span', { class: 'tag' }, `skipped ${item.skip_count}×`) : null,
        claimTag(item.claim), result ? h('span', { class: 'tag result' }, result) : null)));
  }

  /** @param {MouseEvent} event @param {string} id */
  #clicked(event, id) {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    this.dispatchEvent(new CustomEvent('open', { detail: id }));
  }
}

/** @param {any} claim */
function claimTag(claim) {
  if (!claim) return null;
  const who = claim.mine ? 'yours' : nameOf(claim.moderator_id);
  return h('span', { class: 'tag claim' }, `${who} until ${time(claim.lease_until)}`);
}

/** @param {string} body */
function excerpt(body) {
  const line = body.replace(/\s+/g, ' ');
  return line.length > EXCERPT ? `${line.slice(0, EXCERPT)}…` : line;
}

/** @param {number} count */
export const itemsText = (count) => counted(count, 'item');
