/** What waits for a second person: bans, referrals to the police, steps of the strikes ladder. */

import { api } from './api.js';
import { ask } from './dialogs.js';
import { h, facts } from './dom.js';
import { dateTime, plain, title } from './format.js';
import { Page } from './page.js';
import { link } from './router.js';
import { learnNames, nameOf } from './site-facts.js';

class ParleyProposals extends Page {
  async content() {
    const [page] = await Promise.all([api.get('/moderation/proposals', { limit: 100 }), learnNames()]);
    return [
      h('h1', null, 'For a second person'),
      page.proposals.length === 0 ? h('p', { class: 'quiet' }, 'Nothing waits.') : null,
      ...page.proposals.map((/** @type {any} */ proposal) => this.#card(proposal)),
    ];
  }

  /** @param {any} proposal */
  #card(proposal) {
    const isOwn = proposal.proposed_by === api.session?.moderator.id;
    const may = api.is('lead', 'legal') && !isOwn;
    const button = (/** @type {string} */ outcome, /** @type {string} */ text) =>
      h('button', { type: 'button', onclick: () => this.#settle(proposal, outcome, text) }, `${text}…`);
    return h('article', { class: 'card' },
      h('h2', null, title(proposal.action)),
      facts([
        ['Reader', h('a', { href: link('reader', proposal.reader_id) }, 'Record')],
        ['Guideline', plain(proposal.guideline)], ['Why', proposal.note ?? '–'],
        ['Proposed', `${dateTime(proposal.created_at)} by ${proposal.proposed_by ? nameOf(proposal.proposed_by) : 'the strikes ladder'}`],
      ]),
      may ? h('div', { class: 'row' }, button('confirm', 'Confirm'), button('decline', 'Decline'))
        : h('p', { class: 'banner' }, isOwn ? 'You proposed it: somebody else settles it.' : 'A lead, the legal desk or an admin settles it.'));
  }

  /** @param {any} proposal @param {string} outcome @param {string} text */
  #settle(proposal, outcome, text) {
    return this.act(() => ask({
      title: `${text}: ${plain(proposal.action)}`, confirm: text,
      fields: [{ name: 'note', label: 'Note (optional)', kind: 'text', maxLength: 2000 }],
      act: (given) => api.post(`/moderation/proposals/${proposal.id}/decisions`, { outcome, ...given }),
    }), 'Settled.');
  }
}

customElements.define('parley-proposals', ParleyProposals);
