/** The form to sign in with. */

import { api, Refusal } from './api.js';
import { h, fill } from './dom.js';
import { input, values } from './dialogs.js';
import { duration } from './format.js';

/**
 * @param {string} message shown above the form
 * @param {() => void} done called once signed in
 */
export function signInForm(message, done) {
  const wrong = h('p', { class: 'wrong', role: 'alert' }, message);
  const button = h('button', { type: 'submit', class: 'primary' }, 'Sign in');
  const form = h('form', {
    class: 'sign-in',
    onsubmit: async (/** @type {Event} */ event) => {
      event.preventDefault();
      button.disabled = true;
      fill(wrong);
      try {
        const { email, password } = values(form);
        await api.signIn(email, password);
        done();
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        fill(wrong, error.status === 429 ? `Too many tries. Please wait ${duration(error.retryAfter)}.` : error.text);
        form.elements.password.value = '';
        form.elements.password.focus();
      } finally {
        button.disabled = false;
      }
    },
  }, h('h1', null, 'Parley console'), h('p', { class: 'quiet' }, 'For the moderators of this newsroom.'), wrong,
  input({ name: 'email', label: 'E-mail address', kind: 'email', required: true, autocomplete: 'username' }),
  input({ name: 'password', label: 'Password', kind: 'password', required: true, autocomplete: 'current-password' }),
  button, h('p', { class: 'hint' }, 'Forgotten? The operator sets a new one: ./parley moderators password'));
  return h('main', { id: 'main' }, form);
}
