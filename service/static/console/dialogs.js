/** Questions in a modal dialog. Escape and Cancel answer null; focus goes back where it was. */

import { h, fill } from './dom.js';
import { Refusal } from './api.js';

/**
 * @typedef {{name: string, label: string, kind?: string, choices?: [string, string][], hint?: string,
 *   value?: any, required?: boolean, min?: number, max?: number, minLength?: number, maxLength?: number,
 *   autocomplete?: string}} Field
 */

const FEW = 6;
let serial = 0;

/**
 * A labelled input. `kind` is a type of input, `text` (several lines) or `choice`.
 * @param {Field} field
 * @returns {any}
 */
export function input(field) {
  const id = `field-${++serial}`;
  const { name, required = false, value = '', hint } = field;
  const shared = { id, name, required, 'aria-describedby': hint ? `${id}-hint` : null };
  let control;
  if (field.kind === 'choice') {
    const options = (field.choices ?? []).map(([key, text]) =>
      h('option', { value: key, selected: key === value }, text));
    control = h('select', shared, options);
  } else if (field.kind === 'text') {
    control = h('textarea', { ...shared, value, rows: 4, ...lengths(field) });
  } else {
    const type = field.kind ?? 'text-line';
    control = h('input', {
      ...shared, value, ...lengths(field), type: type === 'text-line' ? 'text' : type,
      autocomplete: field.autocomplete ?? 'off',
    });
    if (field.min !== undefined) control.min = field.min;
    if (field.max !== undefined) control.max = field.max;
  }
  return h('div', { class: 'field' },
    h('label', { for: id }, field.label), control,
    hint ? h('p', { class: 'hint', id: `${id}-hint` }, hint) : null);
}

/** @param {Field} field */
function lengths({ minLength, maxLength }) {
  return { ...(minLength ? { minLength } : {}), ...(maxLength ? { maxLength } : {}) };
}

/**
 * What a form holds: numbers where they were asked for, empty fields left out.
 * @param {HTMLFormElement} form
 * @returns {Record<string, any>}
 */
export function values(form) {
  /** @type {Record<string, any>} */
  const found = {};
  for (const control of /** @type {any} */ (form.elements)) {
    if (!control.name || control.value === '') continue;
    if (control.type === 'checkbox') found[control.name] = control.checked;
    else if (control.type === 'radio') { if (control.checked) found[control.name] = control.value; }
    else found[control.name] = control.type === 'number' ? Number(control.value) : control.value;
  }
  return found;
}

/**
 * Ask for some fields and act on them. A refusal is shown and can be put right in the dialog.
 * @param {{title: string, text?: string, fields: Field[], confirm: string,
 *   act: (given: Record<string, any>) => Promise<any>}} question
 * @returns {Promise<any>} what `act` gave, or null
 */
export function ask({ title, text, fields, confirm, act }) {
  return new Promise((resolve) => {
    const wrong = h('p', { class: 'wrong', role: 'alert' });
    const sure = h('button', { type: 'submit', class: 'primary' }, confirm);
    const form = h('form', {
      onsubmit: async (/** @type {Event} */ event) => {
        event.preventDefault();
        sure.disabled = true;
        fill(wrong);
        try {
          done((await act(values(form))) ?? true);
        } catch (error) {
          if (!(error instanceof Refusal)) throw error;
          fill(wrong, error.text);
        } finally {
          sure.disabled = false;
        }
      },
    }, fields.map(input), wrong, h('div', { class: 'row' }, sure,
      h('button', { type: 'button', onclick: () => done(null) }, 'Cancel')));
    const dialog = modal(title, [text ? h('p', null, text) : null, form], () => resolve(null));
    /** @param {any} answer */
    function done(answer) {
      resolve(answer);
      dialog.close();
    }
  });
}

/**
 * Choose one of several, by its number, by click, or by Tab and Enter.
 * @param {{title: string, choices: {value: string, text: string, hint?: string, note?: string}[],
 *   withNote?: boolean}} question
 * @returns {Promise<{value: string, note: string | undefined} | null>}
 */
export function choose({ title, choices, withNote = false }) {
  return new Promise((resolve) => {
    const note = withNote ? input({ name: 'note', label: 'Note for colleagues (optional)', kind: 'text', maxLength: 2000 }) : null;
    /** @param {string} value */
    const take = (value) => {
      resolve({ value, note: note?.querySelector('textarea').value.trim() || undefined });
      dialog.close();
    };
    const list = h('ol', { class: 'choices' }, choices.map(({ value, text, hint, note: side }, index) =>
      h('li', null, h('button', { type: 'button', 'data-value': value, onclick: () => take(value) },
        h('kbd', null, keyOf(index)), h('span', null, h('strong', null, text),
          side ? h('em', { class: 'tag' }, side) : null, hint ? h('small', null, hint) : null)))));
    const dialog = modal(title, [
      h('p', { class: 'quiet' }, 'Press the number, or Escape to go back.'), list, note,
      h('div', { class: 'row' }, h('button', { type: 'button', onclick: () => dialog.close() }, 'Cancel')),
    ], () => resolve(null));
    dialog.classList.toggle('many', choices.length > FEW);
    dialog.addEventListener('keydown', (/** @type {KeyboardEvent} */ event) => {
      if (/** @type {Element} */ (event.target).matches('textarea') || event.ctrlKey || event.metaKey || event.altKey) return;
      const index = choices.findIndex((_, place) => keyOf(place) === event.key);
      if (index < 0) return;
      event.preventDefault();
      take(choices[index].value);
    });
  });
}

/** @param {number} index 1 to 9, then letters */
function keyOf(index) {
  return index < 9 ? String(index + 1) : String.fromCharCode('a'.charCodeAt(0) + index - 9);
}

/**
 * @param {string} title
 * @param {any[]} children
 * @param {() => void} closed
 */
function modal(title, children, closed) {
  const id = `dialog-${++serial}`;
  const dialog = h('dialog', {
    'aria-labelledby': id, onclose: () => { dialog.remove(); closed(); },
  }, h('h2', { id }, title), children);
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}
