/** Who moderates the site: leads look, admins change. */

import { api } from './api.js';
import { ask } from './dialogs.js';
import { h, table } from './dom.js';
import { day } from './format.js';
import { Page } from './page.js';
import { toast } from './toast.js';
import { ROLES } from './words.js';

const CHOICES = /** @type {[string, string][]} */ (ROLES.map((role) => [role, role]));

class ParleyModerators extends Page {
  async content() {
    const { moderators } = await api.get('/moderation/moderators');
    const isAdmin = api.is();
    const rows = moderators.map((/** @type {any} */ one) => [
      h('span', null, one.name, one.disabled ? h('span', { class: 'tag' }, 'disabled') : null), one.email ?? '–', one.role, day(one.created_at),
      this.#tokens(one, isAdmin),
      isAdmin ? h('span', { class: 'row' },
        h('button', { type: 'button', 'aria-label': `Role of ${one.name}`, onclick: () => this.#role(one) }, 'Role…'),
        h('button', { type: 'button', 'aria-label': `${one.disabled ? 'Enable' : 'Disable'} ${one.name}`, onclick: () => this.#switch(one) }, one.disabled ? 'Enable' : 'Disable'),
        h('button', { type: 'button', 'aria-label': `New token for ${one.name}`, onclick: () => this.#token(one) }, 'New token…')) : '']);
    return [
      h('h1', null, 'Moderators'),
      isAdmin ? h('button', { type: 'button', class: 'primary', onclick: () => this.#add() }, 'Add somebody…') : null,
      table('Who moderates this site', ['Name', 'Address', 'Role', 'Since', 'Tokens', ''], rows),
    ];
  }

  /** @param {any} person @param {boolean} isAdmin */
  #tokens(person, isAdmin) {
    if (person.tokens.length === 0) return 'none';
    return h('ul', { class: 'plain' }, person.tokens.map((/** @type {any} */ token) => h('li', null, `${token.name} (${token.prefix}…) until ${token.expires_at ? day(token.expires_at) : 'revoked'} `,
      isAdmin ? h('button', { type: 'button', 'aria-label': `Revoke the token ${token.name} of ${person.name}`,
        onclick: () => this.act(() => api.delete(`/moderation/moderators/${person.id}/tokens/${token.id}`).then(() => true), 'Revoked.') }, 'Revoke') : null)));
  }

  #add() {
    return this.act(() => ask({
      title: 'Let somebody work here', confirm: 'Add',
      text: 'A new account has no password until the operator sets one: ./parley moderators password',
      fields: [{ name: 'email', label: 'E-mail address', kind: 'email', required: true }, { name: 'name', label: 'Name colleagues see', required: true, maxLength: 80 },
        { name: 'role', label: 'Role', kind: 'choice', choices: CHOICES }],
      act: (given) => api.post('/moderation/moderators', given),
    }), 'Added.');
  }

  /** @param {any} person */
  #role(person) {
    return this.act(() => ask({
      title: `Role of ${person.name}`, confirm: 'Change',
      fields: [{ name: 'role', label: 'Role', kind: 'choice', choices: CHOICES, value: person.role }],
      act: (given) => api.patch(`/moderation/moderators/${person.id}`, given),
    }), 'Changed.');
  }

  /** @param {any} person */
  #switch(person) {
    return this.act(() => ask({
      title: `${person.disabled ? 'Enable' : 'Disable'} ${person.name}`, confirm: person.disabled ? 'Enable' : 'Disable', fields: [],
      text: person.disabled ? 'Tokens stay revoked.' : 'Every session and token here ends at once.',
      act: () => api.patch(`/moderation/moderators/${person.id}`, { disabled: !person.disabled }),
    }), 'Changed.');
  }

  /** @param {any} person */
  async #token(person) {
    const made = await ask({
      title: `New token for ${person.name}`, confirm: 'Make',
      fields: [{ name: 'name', label: 'What it is for', required: true, maxLength: 80 }, { name: 'days', label: 'Days it holds', kind: 'number', min: 1, max: 365, hint: 'Empty: until revoked.' }],
      act: (given) => api.post(`/moderation/moderators/${person.id}/tokens`, given),
    });
    if (!made) return;
    await ask({ title: 'The token, shown this once', fields: [{ name: 'token', label: 'Copy it now', value: made.token }], confirm: 'I have it', act: async () => true });
    toast().say('The token works from now on.');
    await this.refresh();
  }
}

customElements.define('parley-moderators', ParleyModerators);
