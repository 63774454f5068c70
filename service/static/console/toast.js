/** What was just done, with the seconds in which it can still be undone unseen. */

import { h, fill, announce } from './dom.js';

const MARGIN = 1;
const PLAIN_SECONDS = 8;

/** @typedef {{text: string, undo: () => Promise<void>, until: number}} Undoable */

/** The last decisions and one message at a time. */
class ParleyToast extends HTMLElement {
  /** @type {Undoable[]} */
  #stack = [];
  #until = 0;
  #timer = 0;

  connectedCallback() {
    this.className = 'toast';
    this.hidden = true;
  }

  disconnectedCallback() {
    clearInterval(this.#timer);
  }

  /**
   * Say something.
   * @param {string} text
   */
  say(text) {
    this.#show(text, null, PLAIN_SECONDS);
  }

  /**
   * Say what was done and offer to undo it.
   * @param {string} text
   * @param {number} seconds how long it can be undone
   * @param {() => Promise<void>} undo
   */
  offer(text, seconds, undo) {
    const left = Math.max(0, seconds - MARGIN);
    const entry = { text, undo, until: Date.now() + left * 1000 };
    this.#stack.push(entry);
    this.#show(text, entry, left);
  }

  /** Undo the newest decision that still can be; says so where there is none. */
  async undo() {
    const entry = this.#stack.pop();
    if (!entry || entry.until <= Date.now()) {
      this.#stack = [];
      this.say('Nothing can be undone unseen any more. Open the item in “decided” to reverse it.');
      return;
    }
    this.#hide();
    await entry.undo();
  }

  /**
   * @param {string} text
   * @param {Undoable | null} entry
   * @param {number} seconds
   */
  #show(text, entry, seconds) {
    clearInterval(this.#timer);
    this.#until = Date.now() + seconds * 1000;
    const left = h('span', { class: 'left', 'aria-hidden': 'true' });
    const button = h('button', { type: 'button', onclick: () => this.undo() }, 'Undo ', h('kbd', null, 'u'), ' ', left);
    fill(this, h('span', null, text), entry ? button : null,
      h('button', { type: 'button', class: 'quiet', 'aria-label': 'Close this message', onclick: () => this.#hide() }, '✕'));
    this.hidden = false;
    announce(entry ? `${text} Undo with u.` : text);
    const tick = () => {
      const seconds = Math.ceil((this.#until - Date.now()) / 1000);
      left.textContent = `${Math.max(0, seconds)} s`;
      if (seconds <= 0) this.#hide();
    };
    tick();
    this.#timer = window.setInterval(tick, 250);
  }

  #hide() {
    clearInterval(this.#timer);
    this.hidden = true;
  }
}

customElements.define('parley-toast', ParleyToast);

/** Signed out: what still comes in for the person before has nobody to be told to. */
const NOBODY = { say() {}, offer() {}, async undo() {} };

/** @returns {Pick<ParleyToast, 'say' | 'offer' | 'undo'>} the frame's toast, if there is a frame */
export const toast = () => /** @type {ParleyToast | null} */ (document.querySelector('parley-toast')) ?? NOBODY;
