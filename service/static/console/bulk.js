/** One decision on several items: what was selected, what is done with it, what became of each. */

import { api, Refusal } from './api.js';
import { h, fill } from './dom.js';
import { chooseGuideline } from './item-actions.js';
import { itemsText } from './queue-list.js';
import { toast } from './toast.js';
import { ACTIONS, CONFLICTS, DONE } from './words.js';

const BULK_MAX = 200;
// The answers name no time; this is the undo window as it ships, less what the calls take.
const UNDO_SECONDS = 18;

/** The bar above the list. Fires `change` when the items have to be read again. */
export class Bulk extends EventTarget {
  element = h('div', { class: 'bulk', role: 'group', 'aria-label': 'Several at once' });
  #list;

  /** @param {import('./queue-list.js').QueueList} list */
  constructor(list) {
    super();
    this.#list = list;
    list.addEventListener('select', () => this.draw());
    this.draw();
  }

  /** Begin or end selecting. */
  toggle() {
    this.#list.isBulk = !this.#list.isBulk;
    this.#list.selected.clear();
    this.#list.results.clear();
    this.#list.draw();
    this.draw();
    /** @type {HTMLElement | null} */ (this.#list.element.querySelector('input'))?.focus();
  }

  draw() {
    const start = h('button', { type: 'button', 'aria-pressed': this.#list.isBulk, onclick: () => this.toggle() }, h('kbd', null, 'x'), ' Several at once');
    if (!this.#list.isBulk) { fill(this.element, start); return; }
    const count = this.#list.selected.size;
    const act = (/** @type {string} */ action) => h('button', { type: 'button', disabled: count === 0, onclick: () => this.#decide(action) }, ACTIONS[action]);
    fill(this.element, start,
      h('button', { type: 'button', onclick: () => this.#all() }, count ? 'Select none' : 'Select all'),
      h('span', { role: 'status' }, `${itemsText(count)} selected`), ...['approve', 'reject', 'hide', 'acknowledge'].map(act));
  }

  #all() {
    const { items, selected } = this.#list;
    const free = items.filter((item) => item.state !== 'decided' && (!item.claim || item.claim.mine));
    this.#list.selected = new Set(selected.size ? [] : free.slice(0, BULK_MAX).map(({ id }) => id));
    this.#list.draw();
    this.draw();
  }

  /** @param {string} action */
  async #decide(action) {
    const chosen = this.#list.items.filter(({ id }) => this.#list.selected.has(id)).slice(0, BULK_MAX);
    const needs = action === 'reject' || action === 'hide';
    const given = needs ? await chooseGuideline(null, `${ACTIONS[action]} ${itemsText(chosen.length)}: which guideline was broken?`) : null;
    if (needs && !given) return;
    const verdict = { action, ...(given ? { guideline: given.value } : {}), ...(given?.note ? { note: given.note } : {}) };
    try {
      const { results } = await api.post('/moderation/decisions', { ...verdict, items: chosen.map(({ id, version }) => ({ item_id: id, version })) });
      this.#show(action, results);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      toast().say(error.text);
    }
  }

  /** @param {string} action @param {any[]} results */
  #show(action, results) {
    for (const { item_id, ok, code, detail } of results) {
      this.#list.results.set(item_id, ok ? `✓ ${DONE[action]}` : `✗ ${CONFLICTS[code] ?? detail}`);
    }
    const done = results.filter(({ ok }) => ok);
    const failed = results.length - done.length;
    this.#list.selected = new Set(results.filter(({ ok }) => !ok).map(({ item_id }) => item_id));
    this.#list.draw();
    this.draw();
    const text = `${DONE[action]}: ${itemsText(done.length)}.${failed ? ` ${itemsText(failed)} not, see the list.` : ''}`;
    const ids = done.map(({ decision_id }) => decision_id).filter(Boolean);
    if (ids.length === 0) toast().say(text);
    else toast().offer(text, UNDO_SECONDS, () => this.#undo(ids));
  }

  /** @param {string[]} ids */
  async #undo(ids) {
    const answers = await Promise.allSettled(ids.map((id) => api.post(`/decisions/${id}/reversal`)));
    const failed = answers.filter(({ status }) => status === 'rejected').length;
    this.#list.results.clear();
    toast().say(failed ? `${itemsText(failed)} could not be undone.` : 'All undone. Nobody was told.');
    this.dispatchEvent(new Event('change'));
  }
}
