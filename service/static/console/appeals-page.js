/** Appeals: what was decided, what is said against it, and the answer by somebody else. */

import { api } from './api.js';
import { ask } from './dialogs.js';
import { h, facts, section } from './dom.js';
import { clock, dateTime, plain, title } from './format.js';
import { Page, tabs } from './page.js';
import { link } from './router.js';
import { guidelineChoices, learnNames, nameOf } from './site-facts.js';
import { DONE } from './words.js';

const STATES = /** @type {[string, string][]} */ ([['filed', 'Waiting'], ['upheld', 'Decision upheld'], ['overturned', 'Overturned']]);
const REASONS_MIN = 10, REASONS_MAX = 5000;

class ParleyAppeals extends Page {
  #state = 'filed';

  async content() {
    const [page] = await Promise.all([api.get('/moderation/appeals', { state: this.#state, limit: 50 }), learnNames()]);
    return [
      h('h1', null, 'Appeals'),
      tabs('State', STATES, this.#state, (state) => { this.#state = state; this.refresh(); }),
      page.appeals.length === 0 ? h('p', { class: 'quiet' }, 'None.') : null,
      ...page.appeals.map((/** @type {any} */ appeal) => this.#card(appeal)),
      page.next_cursor ? h('p', { class: 'quiet' }, 'There are more: answer the oldest first.') : null,
    ];
  }

  /** @param {any} appeal */
  #card(appeal) {
    const { decision, statement } = appeal;
    const due = appeal.state === 'filed' ? clock(appeal.due_at) : null;
    return h('article', { class: 'card' },
      h('h2', null, `${title(appeal.party)} against: ${DONE[decision.action] ?? plain(decision.action)}`, ' ',
        due ? h('span', { class: due.late ? 'tag late' : 'tag' }, due.text) : h('span', { class: 'tag' }, appeal.state)),
      h('h3', null, 'What the appeal says'), h('blockquote', null, appeal.body),
      appeal.text ? [h('h3', null, 'The comment'), h('blockquote', { class: 'comment' }, appeal.text)] : null,
      facts([
        ['Decided', `${dateTime(decision.created_at)} by ${decision.actor_id ? nameOf(decision.actor_id) : 'the rules'}`],
        ['Guideline', decision.guideline ? plain(decision.guideline) : '–'],
        ['Rules', decision.rules.filter((/** @type {any} */ rule) => rule.result === 'match').map((/** @type {any} */ rule) => rule.rule).join(', ') || 'none'],
        ['Note', decision.note ?? '–'],
        ['Filed', dateTime(appeal.created_at)],
        ['More', h('span', { class: 'row' },
          appeal.item_id ? h('a', { href: link('queue', appeal.item_id) }, 'Item') : null,
          appeal.reader_id ? h('a', { href: link('reader', appeal.reader_id) }, 'Appellant') : null)],
      ]),
      statement ? section('Statement of reasons', [h('p', null, statement.facts), h('p', null, statement.ground), h('p', null, statement.automation)], { folded: true }) : null,
      appeal.reasons ? [h('h3', null, 'The answer'), h('blockquote', null, appeal.reasons)] : null,
      appeal.state === 'filed' ? this.#answers(appeal) : null);
  }

  /** @param {any} appeal */
  #answers(appeal) {
    if (!appeal.may_decide) return h('p', { class: 'banner' }, 'You had a part in this decision: somebody else answers.');
    return h('div', { class: 'row' },
      h('button', { type: 'button', onclick: () => this.#answer(appeal, 'uphold') }, 'Uphold the decision…'),
      h('button', { type: 'button', onclick: () => this.#answer(appeal, 'overturn') }, 'Overturn it…'));
  }

  /** @param {any} appeal @param {string} outcome */
  async #answer(appeal, outcome) {
    // Overturning what a reporter or notifier complains of restricts the comment: that needs a ground.
    const restricts = outcome === 'overturn' && appeal.party !== 'author';
    const choices = restricts ? await guidelineChoices() : [];
    return this.act(() => ask({
      title: outcome === 'uphold' ? 'Uphold the decision' : 'Overturn the decision', confirm: 'Answer',
      text: 'The appellant reads these words as they are.',
      fields: [
        { name: 'reasons', label: 'Reasons', kind: 'text', required: true, minLength: REASONS_MIN, maxLength: REASONS_MAX },
        ...(restricts ? [{ name: 'guideline', label: 'Guideline that was broken', kind: 'choice', choices }] : []),
      ],
      act: (given) => api.post(`/moderation/appeals/${appeal.id}/decisions`, { outcome, ...given }),
    }), 'Answered.');
  }
}

customElements.define('parley-appeals', ParleyAppeals);
