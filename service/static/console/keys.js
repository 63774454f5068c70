/** One key, one action: who listens on which key right now, and the dialog that lists them. */

import { h, announce } from './dom.js';

/** @typedef {{key: string, does: string, run: () => void, when?: () => boolean}} Binding */

const SWITCH = 'parley-console-keys';
/** @type {Map<object, Binding[]>} */
const bound = new Map();
const TYPING = 'input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]';

/**
 * Listen on keys until the owner leaves. The newest owner comes first.
 * @param {object} owner
 * @param {Binding[]} bindings
 */
export function bind(owner, bindings) {
  bound.set(owner, bindings);
}

/** @param {object} owner */
export function unbind(owner) {
  bound.delete(owner);
}

/** @returns {Binding[]} every key that does something now */
export function active() {
  return [...bound.values()].reverse().flat();
}

/** Whoever speaks to the computer can switch the keys off: words would press them. */
const isOn = () => localStorage.getItem(SWITCH) !== 'off';

/** @param {KeyboardEvent} event */
function pressed(event) {
  if (!isOn()) return;
  const target = /** @type {Element} */ (event.composedPath()[0]);
  const taken = event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented;
  if (taken || target.matches?.(TYPING) || document.querySelector('dialog[open]')) return;
  const found = active().find(({ key, when }) => key === event.key && (!when || when()));
  if (!found) return;
  event.preventDefault();
  found.run();
}

/** @param {boolean} on */
function turn(on) {
  localStorage.setItem(SWITCH, on ? 'on' : 'off');
  announce(on ? 'Keys are on.' : 'Keys are off.');
}

/** Begin to listen. Called once. */
export function listen() {
  document.addEventListener('keydown', pressed);
}

/** Show what every key does. */
export function showKeys() {
  const rows = active().map(({ key, does }) =>
    h('tr', null, h('td', null, h('kbd', null, key)), h('td', null, does)));
  const close = h('button', { type: 'button', onclick: () => dialog.close() }, 'Close');
  const dialog = h('dialog', { 'aria-labelledby': 'keys-title', onclose: () => dialog.remove() },
    h('h2', { id: 'keys-title' }, 'Keys'),
    h('div', { class: 'scroll' }, h('table', { class: 'keys' },
      h('thead', null, h('tr', null, h('th', { scope: 'col' }, 'Key'), h('th', { scope: 'col' }, 'What it does'))),
      h('tbody', null, rows))),
    h('p', { class: 'quiet' }, 'Keys do nothing while you type in a field.'),
    h('label', { class: 'check' }, h('input', {
      type: 'checkbox', checked: isOn(), onchange: (/** @type {any} */ event) => turn(event.target.checked),
    }), ' Use these keys on this computer'),
    close);
  document.body.append(dialog);
  dialog.showModal();
  close.focus();
}
