/** Queue and item side by side. */

import { api, Refusal } from './api.js';
import { Bulk } from './bulk.js';
import { counts } from './counts.js';
import { Desk } from './desk.js';
import { h, fill, announce } from './dom.js';
import { ITEM_ACTIONS, perform } from './item-actions.js';
import './item-view.js';
import { bind, unbind } from './keys.js';
import { QueueFilters } from './queue-filters.js';
import { itemsText, QueueList } from './queue-list.js';
import { here, link, note } from './router.js';
import { guidelines, learnNames } from './site-facts.js';
import { toast } from './toast.js';

const PAGE = 50, PAGE_MAX = 200, LIST_FILTERS = ['state', 'reason', 'article', 'reader', 'mine', 'q', 'from', 'to'];

class ParleyQueue extends HTMLElement {
  #desk = new Desk();
  #list = new QueueList();
  #bulk = new Bulk(this.#list);
  #view = /** @type {any} */ (document.createElement('parley-item'));
  #status = h('p', { class: 'quiet list-status', role: 'status' });
  #older = h('button', { type: 'button', hidden: true, onclick: () => this.#more() }, 'Show more');
  /** @type {QueueFilters} */
  #filters;
  /** @type {string | null} */
  #cursor = null;
  #asked = 0;
  #loading = 0;
  #poll = () => this.#refresh(true);

  async connectedCallback() {
    const { id, query } = here();
    this.className = 'desk';
    this.#view.desk = this.#desk;
    this.#filters = new QueueFilters(Object.fromEntries(Object.entries(query).filter(([name]) => LIST_FILTERS.includes(name))));
    fill(this, h('section', { class: 'left', 'aria-label': 'Queue' }, h('h1', { class: 'unseen' }, 'Queue'),
      this.#filters.element, this.#bulk.element, this.#status, this.#list.element, this.#older),
    h('section', { class: 'right', 'aria-label': 'Item' },
      h('button', { type: 'button', class: 'back', onclick: () => this.#leave() }, '← Queue'), this.#view));
    this.#listen();
    this.#desk.begin();
    // Both are needed at the first key that is pressed.
    await Promise.allSettled([learnNames(), guidelines()]);
    await this.#refresh(false);
    this.#view.draw();
    const first = id ?? (matchMedia('(min-width: 60rem)').matches ? this.#list.next(0) : null);
    if (first) await this.#open(first);
  }

  disconnectedCallback() {
    unbind(this);
    counts.removeEventListener('change', this.#poll);
    this.#desk.end();
  }

  #listen() {
    counts.addEventListener('change', this.#poll);
    this.#filters.addEventListener('change', () => { this.#address(); this.#refresh(false); });
    this.#list.addEventListener('open', (/** @type {any} */ event) => this.#open(event.detail));
    this.#bulk.addEventListener('change', () => this.#refresh(false));
    this.#desk.addEventListener('change', () => { this.#view.draw(); this.#list.hold(this.#desk.item); });
    this.#desk.addEventListener('done', (/** @type {any} */ event) => this.#after(event.detail));
    this.#desk.addEventListener('undone', async (/** @type {any} */ event) => {
      await this.#refresh(false);
      await this.#open(event.detail);
    });
    const isOpen = () => this.#desk.item !== null;
    bind(this, [
      ...ITEM_ACTIONS.map((action) => ({ key: action.key, does: action.does, when: isOpen, run: () => perform(this.#desk, action) })),
      { key: 'v', does: 'Show a severe text', when: isOpen, run: () => this.#view.reveal() },
      { key: 'n', does: 'Next item', run: () => this.#step(1) },
      { key: 'j', does: 'Next item', run: () => this.#step(1) },
      { key: 'k', does: 'Previous item', run: () => this.#step(-1) },
      { key: 'x', does: 'Several at once: begin or end', run: () => this.#bulk.toggle() },
      { key: '/', does: 'Search', run: () => this.#filters.search() },
    ]);
  }

  /** @param {boolean} quiet a look by the clock: nothing moves under the pointer or in bulk mode */
  async #refresh(quiet) {
    if (quiet) this.#filters.drawChips();
    if (quiet && (this.#loading || this.#list.isBulk || this.#list.element.matches(':hover'))) return;
    const turn = ++this.#asked;
    this.#loading += 1;
    const limit = Math.min(PAGE_MAX, Math.max(PAGE, quiet ? this.#list.items.length : 0));
    try {
      const page = await api.get('/moderation/queue', { ...this.#filters.asked, limit });
      if (turn !== this.#asked) return;
      this.#cursor = page.next_cursor;
      this.#list.show(page.items);
      this.#tell();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      fill(this.#status, error.text);
    } finally {
      this.#loading -= 1;
    }
  }

  async #more() {
    const page = await api.get('/moderation/queue', { ...this.#filters.asked, limit: PAGE, cursor: this.#cursor });
    this.#cursor = page.next_cursor;
    this.#list.show([...this.#list.items, ...page.items]);
    this.#tell();
  }

  #tell() {
    const text = `${this.#filters.text}: ${itemsText(this.#list.items.length)}${this.#cursor ? ' and more' : ''}`;
    if (this.#status.textContent !== text) fill(this.#status, text);
    this.#older.hidden = this.#cursor === null;
  }

  /** @param {string} id */
  async #open(id) {
    this.classList.add('has-item');
    this.#list.mark(id);
    this.#address(id);
    try {
      await this.#desk.open(id);
      const place = this.#list.items.findIndex((item) => item.id === id) + 1;
      if (this.#desk.item) announce(`Comment by ${this.#desk.item.author.username}${place ? `, ${place} of ${this.#list.items.length}` : ''}.`);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      toast().say(error.status === 404 ? 'This item is not there (any more).' : error.text);
    }
  }

  /** @param {number} step */
  #step(step) {
    const id = this.#list.next(step);
    if (id) this.#open(id);
    else announce(step > 0 ? 'That was the last item of the list.' : 'That is the first item of the list.');
  }

  /** @param {string} done */
  async #after(done) {
    const next = this.#list.drop(done);
    this.#tell();
    counts.refresh();
    if (next) await this.#open(next);
    else { this.#view.draw(); this.#leave(); }
  }

  async #leave() {
    this.classList.remove('has-item');
    this.#list.mark(null);
    this.#address();
    await this.#desk.close();
    this.#list.hold(null);
    this.#view.draw();
  }

  /** @param {string | null} [id] */
  #address(id = this.#list.current) {
    note(link('queue', id, this.#filters.asked));
  }
}

customElements.define('parley-queue', ParleyQueue);
