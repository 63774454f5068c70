/** The moderator who is signed in: what one looked at, what one would rather not see, password. */

import { api } from './api.js';
import { bars } from './charts.js';
import { ask } from './dialogs.js';
import { h, facts, table } from './dom.js';
import { counts } from './counts.js';
import { number, title } from './format.js';
import { Page, part } from './page.js';

const PASSWORD_MIN = 12, PASSWORD_MAX = 200;

class ParleyMe extends Page {
  async content() {
    const me = await api.get('/moderation/me');
    return [
      h('h1', null, me.name),
      facts([['Site', api.place?.name ?? me.site], ['Role', me.role]]),
      me.pause_suggested ? h('p', { class: 'banner warn' }, 'You read many severe texts within the last hour. A pause would be a good idea; nothing is taken away.') : null,
      me.exposure ? exposure(me.exposure) : null,
      me.opted_out ? this.#optOuts(me.opted_out) : null,
      part('Password', [h('button', { type: 'button', onclick: () => this.#password() }, 'Change the password…')]),
    ];
  }

  /** @param {string[]} out */
  #optOuts(out) {
    const known = new Map(counts.queues.map(({ queue, title }) => [queue, title]));
    for (const queue of out) if (!known.has(queue)) known.set(queue, title(queue));
    const form = h('form', {
      onsubmit: (/** @type {Event} */ event) => {
        event.preventDefault();
        const boxes = /** @type {any[]} */ ([...form.querySelectorAll('input:checked')]);
        this.act(() => api.put('/moderation/me/opt-outs', { queues: boxes.map(({ value }) => value) }), 'Saved.');
      },
    }, h('fieldset', null, h('legend', null, 'Queues I would rather not be given'),
      known.size ? [...known].map(([queue, text]) => h('label', { class: 'check' },
        h('input', { type: 'checkbox', value: queue, checked: out.includes(queue) }), ` ${text}`)) : h('p', { class: 'quiet' }, 'No queue has anything in it now.')),
    h('button', { type: 'submit' }, 'Save'));
    return part('Opting out', [h('p', { class: 'hint' }, 'Urgent and legal items keep at least one moderator. Nobody else sees this.'), form]);
  }

  #password() {
    return this.act(() => ask({
      title: 'Change the password', text: 'Every other session ends.', confirm: 'Change',
      fields: [
        { name: 'current_password', label: 'The one you have', kind: 'password', required: true, autocomplete: 'current-password' },
        { name: 'password', label: 'The new one', kind: 'password', required: true, minLength: PASSWORD_MIN, maxLength: PASSWORD_MAX, autocomplete: 'new-password', hint: `${PASSWORD_MIN} characters or more.` },
      ],
      act: (given) => api.put('/moderation/me/password', given),
    }), 'Changed.');
  }
}

/** @param {any} found */
function exposure({ today, days }) {
  const row = (/** @type {any} */ one) => [one.day, number(one.seen), number(one.severe)];
  const numbers = table('By day', ['Day', 'Opened', 'Severe'], days.map(row));
  if (days.length === 0) return part('What you read', [h('p', { class: 'quiet' }, 'Nothing in the last seven days.')]);
  return part('What you read (only you see this)', [
    bars('Texts opened in the last seven days', days.map((/** @type {any} */ one) => ({ name: one.day, value: one.seen, text: `${one.seen}, ${one.severe} severe` })), numbers),
    table('Today by the hour (UTC)', ['Hour', 'Opened', 'Severe'], today.map((/** @type {any} */ one) => [`${one.hour}:00`, number(one.seen), number(one.severe)]), 'nothing.'),
  ]);
}

customElements.define('parley-me', ParleyMe);
