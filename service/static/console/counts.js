/** How much waits, asked every ten seconds while somebody looks at the page. */

import { api } from './api.js';

const EVERY_MS = 10_000;

/** @typedef {{queue: string, title: string, sla_minutes: number | null, depth: number, claimed: number,
 *   breached: number, oldest_seconds: number | null}} QueueCount */

/** Fires `change` after each answer. */
class Counts extends EventTarget {
  /** @type {QueueCount[]} */
  queues = [];
  #timer = 0;

  constructor() {
    super();
    document.addEventListener('visibilitychange', () => {
      // Whoever comes back sees the present state at once.
      if (this.#timer && !document.hidden) this.refresh();
    });
  }

  /** At least so many items are late; one with several reasons is in several queues. */
  get late() {
    return Math.max(0, ...this.queues.map((queue) => queue.breached));
  }

  start() {
    this.stop();
    this.#timer = window.setInterval(() => { if (!document.hidden) this.refresh(); }, EVERY_MS);
    this.refresh();
  }

  stop() {
    clearInterval(this.#timer);
    this.#timer = 0;
  }

  async refresh() {
    try {
      this.queues = (await api.get('/moderation/queues')).queues;
    } catch {
      // The page that is open says what is wrong; counts stay as they were.
      return;
    }
    this.dispatchEvent(new Event('change'));
  }
}

export const counts = new Counts();
