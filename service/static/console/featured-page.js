/** Comments suggested for the newsroom's selection: one at a time in hand, one key to feature it. */

import { api } from './api.js';
import { bar } from './item-evidence.js';
import { input, values } from './dialogs.js';
import { h, section, table } from './dom.js';
import { counted, dateTime, number, percent, score } from './format.js';
import { bind, unbind } from './keys.js';
import { Page } from './page.js';
import { toast } from './toast.js';

const SHOWN = 20;
const PARTS = /** @type {Record<string, string>} */ ({ support: 'Readers’ reactions and replies', writing: 'Constructive for its length', closeness: 'Close to the article' });
const SIGNS = /** @type {Record<string, string>} */ ({
  reasons: 'gives reasons', evidence: 'names figures or sources', balance: 'weighs both sides', proposals: 'proposes something',
});

class ParleyFeatured extends Page {
  #article = '';
  #at = 0;
  /** @type {any[]} */
  #found = [];

  connectedCallback() {
    bind(this, [
      { key: 'j', does: 'Next suggestion', run: () => this.#move(1) },
      { key: 'k', does: 'Suggestion before', run: () => this.#move(-1) },
      { key: 'f', does: 'Feature the suggestion in hand', run: () => this.#feature(), when: () => this.#found.length > 0 },
    ]);
    return super.connectedCallback();
  }

  disconnectedCallback() {
    unbind(this);
  }

  async content() {
    const { candidates } = await api.get('/moderation/featured-candidates', { article: this.#article, limit: SHOWN });
    this.#found = candidates;
    this.#at = Math.min(this.#at, Math.max(0, candidates.length - 1));
    return [
      h('h1', null, 'Suggested for the selection'),
      h('p', { class: 'quiet' }, 'Public, inoffensive, with nothing open against them. The machine suggests and never selects: what is featured, a person picked.'),
      this.#form(),
      candidates.length === 0 ? h('p', { class: 'quiet' }, 'Nothing to suggest here.') : null,
      ...candidates.map((/** @type {any} */ candidate, /** @type {number} */ place) => this.#card(candidate, place)),
    ];
  }

  #form() {
    return h('form', {
      class: 'row',
      onsubmit: (/** @type {any} */ event) => {
        event.preventDefault();
        this.#article = values(event.currentTarget).article.trim();
        this.#at = 0;
        this.refresh();
      },
    }, input({ name: 'article', label: 'Article’s key (empty: what was published last)', value: this.#article }),
    h('button', { type: 'submit' }, 'Show'));
  }

  /** @param {any} candidate @param {number} place */
  #card(candidate, place) {
    const { merit } = candidate;
    return h('article', { class: 'card', tabIndex: -1, 'aria-current': place === this.#at ? 'true' : null, onfocusin: () => this.#take(place) },
      h('h2', null, `${place + 1}. ${candidate.author.username}`),
      h('p', { class: 'by' }, h('time', { dateTime: candidate.created_at }, dateTime(candidate.created_at)), ' · ', candidate.article_title ?? candidate.article_key),
      h('blockquote', { class: 'comment', lang: '' }, candidate.body),
      Object.entries(PARTS).map(([part, name]) => bar(name, score(merit[part]), merit[part], 'calm')),
      h('p', { class: 'hint' }, this.#why(candidate)),
      signs(candidate),
      h('div', { class: 'row' }, h('button', { type: 'button', class: 'primary', onclick: () => this.#featureAt(place) }, 'Feature ', h('kbd', null, 'f'))));
  }

  /** @param {any} candidate */
  #why({ merit, reactions, replies, toxicity, relevance }) {
    return [
      `${score(merit.total)} in all`, counted(reactions, 'reaction'), counted(replies, 'reply', 'replies'), `toxicity ${number(toxicity)}`,
      relevance === null ? 'closeness unknown' : `closeness ${number(relevance)}`,
    ].join(' · ');
  }

  /** @param {number} place */
  #take(place) {
    this.#at = place;
    this.querySelectorAll('.card').forEach((card, index) => {
      if (index === place) card.setAttribute('aria-current', 'true');
      else card.removeAttribute('aria-current');
    });
  }

  /** @param {number} step */
  #move(step) {
    const cards = /** @type {NodeListOf<HTMLElement>} */ (this.querySelectorAll('.card'));
    if (cards.length === 0) return;
    cards[Math.max(0, Math.min(cards.length - 1, this.#at + step))].focus();
  }

  /** @param {number} place */
  #featureAt(place) {
    this.#at = place;
    return this.#feature();
  }

  async #feature() {
    const { comment_id: id, author } = this.#found[this.#at];
    await this.act(async () => {
      const decision = await api.put(`/comments/${id}/featured`);
      const seconds = (Date.parse(decision.final_at) - Date.parse(decision.created_at)) / 1000;
      toast().offer(`Featured: the comment by ${author.username}.`, seconds, () =>
        this.act(() => api.post(`/decisions/${decision.id}/reversal`, {}), 'No longer featured. Nobody was told.'));
      return decision;
    }, '');
    /** @type {HTMLElement | null} */ (this.querySelectorAll('.card')[this.#at] ?? null)?.focus();
  }
}

/** @param {any} candidate */
function signs({ constructiveness, words, signs: seen }) {
  if (constructiveness === null) return h('p', { class: 'hint' }, 'Nothing is said of the writing: too short, or not in English.');
  const rows = seen.map((/** @type {any} */ sign) => [SIGNS[sign.name] ?? sign.name, sign.present ? 'yes' : 'no', percent(sign.expected)]);
  return section(`Writing ${score(constructiveness)} (0.50 is ordinary for ${counted(words, 'word')})`,
    [table('Signs, and how often comments of this length show them', ['Sign', 'Here', 'Ordinary'], rows)], { folded: true });
}

customElements.define('parley-featured', ParleyFeatured);
