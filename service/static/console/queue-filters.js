/** What part of the queue is shown: queues as chips with their live counts, and a search form. */

import { h, fill } from './dom.js';
import { input, values } from './dialogs.js';
import { counts } from './counts.js';
import { duration, title } from './format.js';

const STATES = /** @type {[string, string][]} */ ([
  ['', 'Waiting'], ['open', 'Free'], ['claimed', 'Being worked on'], ['escalated', 'Escalated'],
  ['decided', 'Decided'], ['all', 'All'],
]);

/**
 * One filter in words.
 * @param {string} name
 * @param {string} value
 */
function said(name, value) {
  if (name === 'q') return `“${value}”`;
  if (name === 'article') return `Article ${value}`;
  return name === 'mine' ? 'Mine' : title(value);
}

/** Fires `change` when another part is asked for. */
export class QueueFilters extends EventTarget {
  /** @type {Record<string, any>} as the API takes it */
  asked = {};
  #chips = h('div', { class: 'chips', role: 'group', 'aria-label': 'Queues' });
  #form = this.#makeForm();
  /** @type {HTMLElement} */
  element = h('div', { class: 'filters' }, this.#chips, this.#form);

  /** @param {Record<string, any>} asked */
  constructor(asked) {
    super();
    this.asked = asked;
    for (const [name, value] of Object.entries(asked)) {
      const control = this.#form.elements.namedItem(name);
      if (!control) continue;
      if (control.type === 'checkbox') control.checked = value === 'true';
      else control.value = value;
    }
    this.drawChips();
  }

  /** Draw the counts again. */
  drawChips() {
    const focused = /** @type {HTMLElement | null} */ (document.activeElement)?.dataset?.queue;
    fill(this.#chips, counts.queues.map((queue) => {
      const pressed = this.asked.reason === queue.queue;
      const oldest = queue.oldest_seconds === null ? '' : `, oldest ${duration(queue.oldest_seconds)}`;
      const late = queue.breached ? h('span', { class: 'late' }, ` ${queue.breached} late`) : null;
      return h('button', {
        type: 'button', class: 'chip', 'aria-pressed': pressed, 'data-queue': queue.queue,
        title: `${queue.claimed} being worked on${oldest}`,
        onclick: () => this.#ask({ ...this.asked, reason: pressed ? undefined : queue.queue }),
      }, queue.title, ' ', h('strong', null, queue.depth), late);
    }));
    if (focused) /** @type {any} */ (this.#chips.querySelector(`[data-queue="${CSS.escape(focused)}"]`))?.focus();
  }

  /** Put the focus into the search field. */
  search() {
    this.#form.elements.q.focus();
    this.#form.elements.q.select();
  }

  /** What the filters say, for the name of the list. */
  get text() {
    const parts = Object.entries(this.asked).filter(([name]) => !['reader', 'from', 'to'].includes(name));
    return parts.length ? parts.map(([name, value]) => said(name, String(value))).join(', ') : 'Waiting';
  }

  #makeForm() {
    const more = [
      input({ name: 'state', label: 'State', kind: 'choice', choices: STATES }),
      input({ name: 'article', label: 'Article (its key)', maxLength: 200 }),
      input({ name: 'reader', label: 'Author (id)', maxLength: 36 }),
      input({ name: 'from', label: 'Opened from', kind: 'date' }),
      input({ name: 'to', label: 'Opened before', kind: 'date' }),
      h('label', { class: 'check' }, h('input', { type: 'checkbox', name: 'mine', value: 'true' }), ' Mine only'),
    ];
    const form = h('form', {
      role: 'search', 'aria-label': 'Search the queue',
      onsubmit: (/** @type {Event} */ event) => { event.preventDefault(); this.#submit(); },
      onchange: (/** @type {any} */ event) => { if (event.target.name !== 'q') this.#submit(); },
    }, h('div', { class: 'search' },
      h('label', { for: 'queue-search', class: 'unseen' }, 'Search in the comments'),
      h('input', { id: 'queue-search', type: 'search', name: 'q', maxLength: 200, placeholder: 'Search: words, "a phrase", -without' }),
      h('button', { type: 'submit' }, 'Search')),
    h('details', { class: 'more-filters' }, h('summary', null, 'Filters'), h('div', { class: 'grid' }, more),
      h('button', { type: 'button', onclick: () => { form.reset(); this.#ask({}); } }, 'Clear all')));
    return form;
  }

  #submit() {
    const { from, to, mine, ...given } = values(this.#form);
    const days = {
      ...(from ? { from: `${from}T00:00:00Z` } : {}), ...(to ? { to: `${to}T00:00:00Z` } : {}),
      ...(mine ? { mine: 'true' } : {}),
    };
    this.#ask({ ...given, ...days, reason: this.asked.reason });
  }

  /** @param {Record<string, any>} asked */
  #ask(asked) {
    this.asked = Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined));
    this.drawChips();
    this.dispatchEvent(new Event('change'));
  }
}
