/** A page that reads something, shows it, and says plainly when that failed. */

import { Refusal } from './api.js';
import { h, fill, section } from './dom.js';
import { toast } from './toast.js';

export class Page extends HTMLElement {
  #turn = 0;

  connectedCallback() {
    this.className = 'page';
    return this.refresh();
  }

  /** Read and draw again; an answer that comes after a newer one is dropped. */
  async refresh() {
    const turn = ++this.#turn;
    if (!this.hasChildNodes()) fill(this, h('p', { class: 'quiet' }, 'Loading…'));
    try {
      const found = await this.content();
      if (turn === this.#turn) fill(this, ...found);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (turn === this.#turn) fill(this, h('p', { class: 'wrong', role: 'alert' }, error.text));
    }
  }

  /** @returns {Promise<any[]>} what the page shows */
  async content() {
    return [];
  }

  /**
   * Do something and read the page again; a refusal is said.
   * @param {() => Promise<any>} act
   * @param {string} done
   */
  async act(act, done) {
    try {
      const answer = await act();
      if (answer === null) return;
      if (done) toast().say(done);
      await this.refresh();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      toast().say(error.text);
    }
  }
}

/**
 * Buttons that choose one of several views.
 * @param {string} label
 * @param {[string, string][]} choices
 * @param {string} current
 * @param {(value: string) => void} chosen
 */
export function tabs(label, choices, current, chosen) {
  return h('div', { class: 'chips', role: 'group', 'aria-label': label }, choices.map(([value, text]) =>
    h('button', { type: 'button', class: 'chip', 'aria-pressed': value === current, onclick: () => chosen(value) }, text)));
}

/**
 * A part of a page with a heading right below the page's own.
 * @param {string} title
 * @param {any[]} children
 * @param {{folded?: boolean}} [how]
 */
export const part = (title, children, how = {}) => section(title, children, { ...how, heading: 'h2' });
