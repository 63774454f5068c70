/** One review item on the screen: everything needed to decide, and the actions. */

import { h, fill, announce } from './dom.js';
import { actionBar } from './item-actions.js';
import { around, articlePart, threadPart, revisionsPart } from './item-context.js';
import { driftPart } from './item-drift.js';
import { decisionsPart, priorityPart, rulesPart, scoresPart } from './item-evidence.js';
import { historyPart, noticesPart, reportsPart, similarPart } from './item-people.js';
import { evidenceMarks, marked } from './marks.js';
import { nameOf } from './site-facts.js';
import { clock, dateTime, plain, time } from './format.js';
import { link } from './router.js';
import { STATUSES } from './words.js';

const PASSAGE_MARGIN = 24;

/** Shows what its desk holds. */
class ParleyItem extends HTMLElement {
  /** @type {import('./desk.js').Desk} */
  desk;
  #shown = '';
  #notice = '';

  /** Draw the item as it is now; keep the place on the page where it is the same one. */
  draw() {
    const { item } = this.desk;
    if (item === null) {
      fill(this, h('p', { class: 'quiet empty' }, 'No item is open. Press n for the next one.'));
      this.#shown = '';
      return;
    }
    const isSame = this.#shown === item.id;
    const hadFocus = isSame && this.contains(document.activeElement);
    const folded = isSame ? foldedNow(this) : null;
    const top = isSame ? this.scrollTop : 0;
    fill(this, this.#head(item), this.#notices(item), ...this.#body(item), actionBar(this.desk));
    if (folded) for (const details of this.querySelectorAll('details')) {
      details.open = folded.get(details.querySelector('summary')?.textContent ?? '') ?? details.open;
    }
    this.scrollTop = top;
    this.#showPassage();
    this.#shown = item.id;
    if (!isSame || hadFocus) this.focusTitle();
    if (this.desk.notice && this.desk.notice !== this.#notice) announce(this.desk.notice);
    this.#notice = this.desk.notice;
  }

  /** Bring the marked passage into view inside the extract, without moving the page. */
  #showPassage() {
    const extract = /** @type {HTMLElement | null} */ (this.querySelector('.extract'));
    const mark = /** @type {HTMLElement | null} */ (extract?.querySelector('mark'));
    if (extract && mark) extract.scrollTop = Math.max(0, mark.offsetTop - PASSAGE_MARGIN);
  }

  /** Put the focus on the item's heading. */
  focusTitle() {
    /** @type {HTMLElement | null} */ (this.querySelector('h2'))?.focus({ preventScroll: true });
  }

  /** Show a severe text. */
  reveal() {
    if (this.desk.item === null || this.desk.revealed) return;
    this.desk.revealed = true;
    this.draw();
  }

  /** @param {any} item */
  #head(item) {
    const due = clock(item.due_at);
    const tags = [
      ...item.reasons.map((/** @type {string} */ reason) => h('span', { class: 'tag' }, plain(reason))),
      item.status ? h('span', { class: `tag status-${item.status}` }, STATUSES[item.status] ?? item.status) : null,
      item.escalated_to ? h('span', { class: 'tag' }, `for ${plain(item.escalated_to)}`) : null,
      item.featured ? h('span', { class: 'tag' }, 'featured') : null,
      item.preserved ? h('span', { class: 'tag' }, 'kept as evidence') : null,
      item.demoted ? h('span', { class: 'tag' }, 'ranked lower') : null,
      item.locked ? h('span', { class: 'tag' }, 'thread closed') : null,
      due && item.state !== 'decided' ? h('span', { class: due.late ? 'tag late' : 'tag' }, due.text) : null,
    ];
    return h('header', { class: 'item-head' },
      h('h2', { tabIndex: -1 }, 'Comment by ', h('a', { href: link('reader', item.author.id) }, item.author.username)),
      h('p', { class: 'tags' }, tags));
  }

  /** @param {any} item */
  #notices(item) {
    const lines = [];
    if (this.desk.notice) lines.push(h('p', { class: 'banner warn' }, this.desk.notice));
    if (item.claim && !item.claim.mine) {
      lines.push(h('p', { class: 'banner', 'data-claim': 'other' },
        `${capital(nameOf(item.claim.moderator_id))} is working on this until ${time(item.claim.lease_until)}. You can read it, and decide once it is free. `,
        h('button', { type: 'button', onclick: () => this.desk.open(item.id) }, 'Look again')));
    }
    if (item.state === 'decided') lines.push(h('p', { class: 'banner' }, `Decided on ${dateTime(item.decided_at)}. Actions below act on the comment as it is now.`));
    if (item.blind) lines.push(h('p', { class: 'banner' }, 'Second look: judge the comment as if it were new. What was decided is kept from you; your answer changes nothing by itself.'));
    if (item.reasons.includes('appeals')) lines.push(h('p', { class: 'banner' }, 'An appeal waits. ', h('a', { href: link('appeals') }, 'Answer it under Appeals')));
    if (item.first_opinion) {
      const { action, guideline, by } = item.first_opinion;
      lines.push(h('p', { class: 'banner' }, `First opinion, by ${nameOf(by)}: ${plain(action)}${guideline ? ` (${plain(guideline)})` : ''}.`));
    }
    return h('div', { class: 'banners' }, lines);
  }

  /** @param {any} item */
  #body(item) {
    const text = h('blockquote', { class: 'comment', lang: '' }, marked(item.body, evidenceMarks(item.scores)));
    const changed = () => this.desk.reload();
    return [
      threadPart(item, veiled(item, this.desk.revealed, text, () => this.reveal())),
      revisionsPart(item),
      driftPart(item, around),
      h('div', { class: 'columns' },
        h('div', null, articlePart(item), reportsPart(item, changed), noticesPart(item)),
        h('div', null, scoresPart(item), rulesPart(item), priorityPart(item))),
      historyPart(item), similarPart(item), decisionsPart(item, changed),
    ];
  }
}

/**
 * A severe text stays out of sight, and out of the accessibility tree, until it is asked for.
 * @param {any} item
 * @param {boolean} revealed
 * @param {HTMLElement} text
 * @param {() => void} reveal
 */
function veiled(item, revealed, text, reveal) {
  if (!item.severe || revealed) return text;
  text.classList.add('blurred');
  text.inert = true;
  text.setAttribute('aria-hidden', 'true');
  return h('div', { class: 'veil' }, text,
    h('button', { type: 'button', onclick: reveal, 'aria-keyshortcuts': 'v' }, 'Severe text: show it ', h('kbd', null, 'v')));
}

/** @param {Element} element which folded parts are open, by their titles */
function foldedNow(element) {
  return new Map([...element.querySelectorAll('details')].map((details) =>
    [details.querySelector('summary')?.textContent ?? '', details.open]));
}

/** @param {string} text */
const capital = (text) => text.replace(/^./u, (letter) => letter.toUpperCase());

customElements.define('parley-item', ParleyItem);
