/** The one item a moderator works on: claimed while it is open, decided once, or given back. */

import { api, Refusal } from './api.js';
import { CLOSING, CONFLICTS, DONE } from './words.js';
import { toast } from './toast.js';

const IDLE_MS = 10 * 60_000;
const RENEW_LEAST_MS = 5_000;

/**
 * Fires `change` (what is shown is out of date), `done` (the item is decided or given back) and
 * `undone`, each with the item's id.
 */
export class Desk extends EventTarget {
  /** @type {any} the item as the API shows it, or null */
  item = null;
  /** What went wrong with it last, in a sentence. */
  notice = '';
  revealed = false;
  busy = false;
  #claim = /** @type {any} */ (null);
  #lease = 0;
  #timer = 0;
  #touched = Date.now();
  #wanted = '';

  constructor() {
    super();
    this.touch = () => { this.#touched = Date.now(); };
    this.leave = () => { this.close(); };
  }

  begin() {
    for (const kind of ['keydown', 'pointermove', 'pointerdown']) addEventListener(kind, this.touch, { passive: true });
    addEventListener('pagehide', this.leave);
  }

  async end() {
    for (const kind of ['keydown', 'pointermove', 'pointerdown']) removeEventListener(kind, this.touch);
    removeEventListener('pagehide', this.leave);
    await this.close();
  }

  /** Whether this moderator may act on the item now. */
  get mayAct() {
    return this.item !== null && !this.busy && (this.item.state === 'decided' || this.item.claim === null || this.item.claim.mine);
  }

  /**
   * Open an item and claim it; one that a colleague holds is shown without.
   * @param {string} id
   */
  async open(id) {
    this.#wanted = id;
    await this.close();
    this.revealed = false;
    const [claimed, shown] = await Promise.allSettled([
      api.post('/moderation/claims', { item_id: id }), api.get(`/moderation/items/${id}`),
    ]);
    if (claimed.status === 'fulfilled') this.#hold(claimed.value.items[0].claim);
    if (this.#wanted !== id) { await this.#release(); return; }
    if (shown.status === 'rejected') throw shown.reason;
    this.item = { ...shown.value, claim: this.#claim ?? shown.value.claim };
    const refused = claimed.status === 'rejected' ? claimed.reason : null;
    // That it is decided is seen; that somebody holds it is shown with the claim.
    const known = !refused || ['already_decided', 'claimed_by_other'].includes(refused.code);
    this.notice = known ? '' : refused.text;
    if (refused?.code === 'claimed_by_other' && !this.item.claim) await this.#look(id);
    this.#fire('change');
  }

  /** Give the item back and show none. */
  async close() {
    this.item = null;
    this.notice = '';
    await this.#release();
  }

  /** Read the item again, keeping the claim. */
  async reload() {
    if (this.item === null) return;
    await this.#look(this.item.id);
    this.#fire('change');
  }

  /** @param {string} id */
  async #look(id) {
    const shown = await api.get(`/moderation/items/${id}`);
    if (!shown.claim?.mine) this.#forget();
    this.item = shown;
  }

  /**
   * Carry out an action.
   * @param {string} action
   * @param {{guideline?: string, note?: string, label?: string}} [extra]
   */
  async decide(action, extra = {}) {
    const { id, comment_id, version, state, comment_revision } = this.item;
    const decided = state === 'decided';
    const path = decided ? `/moderation/comments/${comment_id}/decisions` : `/moderation/items/${id}/decisions`;
    const seen = decided ? { revision: comment_revision } : { version, claim_id: this.#claim?.id ?? null };
    await this.#try(async () => {
      const answer = await api.post(path, { action, ...seen, ...extra });
      const decision = decided ? answer : answer.decision;
      const closes = decided ? false : CLOSING.has(action);
      if (decision) this.#offer(id, decision, extra.guideline);
      else toast().say(`Second look recorded: ${answer.comparison}.`);
      if (!closes && decision) await this.#look(id);
      else this.#done(id);
    });
  }

  /**
   * @param {string} to
   * @param {any} opinion needed for a second opinion
   */
  async escalate(to, opinion) {
    const { id, version } = this.item;
    await this.#try(async () => {
      await api.post(`/moderation/items/${id}/escalation`, { to, version, ...(opinion ? { opinion } : {}) });
      toast().say('Handed on.');
      this.#done(id);
    });
  }

  /** @param {string} reason */
  async skip(reason) {
    const { id } = this.item;
    await this.#try(async () => {
      await api.post(`/moderation/claims/${this.#claim?.id}/skip`, { reason });
      toast().say('Skipped. You will not be given it again.');
      this.#done(id);
    });
  }

  /** Whether the item is claimed by this moderator, so that it can be skipped. */
  get claimed() {
    return this.#claim !== null;
  }

  /** @param {string} id @param {any} decision @param {string} [guideline] */
  #offer(id, decision, guideline) {
    const seconds = (Date.parse(decision.final_at) - Date.parse(decision.created_at)) / 1000;
    const why = guideline ? ` under “${guideline}”` : '';
    toast().offer(`${DONE[decision.action] ?? decision.action}${why}.`, seconds, async () => {
      try {
        await api.post(`/decisions/${decision.id}/reversal`);
        toast().say('Undone. Nobody was told.');
      } catch (error) {
        toast().say(`Not undone. ${/** @type {Refusal} */ (error).text}`);
      }
      this.#fire('undone', id);
    });
  }

  /** @param {() => Promise<void>} act explain a conflict and show the item as it is now */
  async #try(act) {
    if (this.busy) return;
    this.busy = true;
    try {
      await act();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (error.status === 409) {
        this.notice = CONFLICTS[error.code] ?? error.text;
        if (this.item) await this.#look(this.item.id);
      } else {
        toast().say(error.status === 429 ? 'Too quick for the server. Please wait a moment.' : error.text);
      }
    } finally {
      this.busy = false;
      if (this.item) this.#fire('change');
    }
  }

  /** @param {string} id */
  #done(id) {
    // A decision or a skip ends the claim by itself: there is nothing to give back.
    this.#forget();
    this.item = null;
    this.#fire('done', id);
  }

  /** @param {any} claim */
  #hold(claim) {
    this.#claim = claim;
    this.#lease = Date.parse(claim.lease_until) - Date.parse(claim.claimed_at);
    this.#touched = Date.now();
    this.#schedule();
  }

  #schedule() {
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#renew(), Math.max(RENEW_LEAST_MS, this.#lease / 2));
  }

  async #renew() {
    const claim = this.#claim;
    // Somebody who has left the desk does not keep work from others.
    if (claim === null || Date.now() - this.#touched > IDLE_MS) return;
    try {
      const [item] = (await api.put(`/moderation/claims/${claim.id}`)).items;
      if (this.#claim !== claim) return;
      if (this.item) this.item.claim = item.claim;
      this.#schedule();
    } catch (error) {
      const refusal = /** @type {Refusal} */ (error);
      if (refusal.status !== 409) { this.#schedule(); return; }
      this.notice = CONFLICTS.lost_lease;
      await this.reload();
    }
  }

  async #release() {
    const claim = this.#claim;
    this.#forget();
    if (claim === null || api.session === null) return;
    try {
      await api.delete(`/moderation/claims/${claim.id}`);
    } catch {
      // It runs out by itself.
    }
  }

  #forget() {
    clearTimeout(this.#timer);
    this.#claim = null;
  }

  /** @param {string} kind @param {string} [id] */
  #fire(kind, id) {
    this.dispatchEvent(new CustomEvent(kind, { detail: id ?? this.item?.id ?? null }));
  }
}
