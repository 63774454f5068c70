/** Fields of forms, each with its label and a place for what is wrong with it. */

import { h, unique } from "./dom.js";

/** A field with its label, a hint and a place for what is wrong with it. */
export function field(/** @type {string} */ label, /** @type {HTMLElement} */ input, hint = "") {
  const id = input.id || (input.id = unique("f"));
  const note = h("small", { id: `${id}-note` }, hint);
  input.setAttribute("aria-describedby", note.id);
  return h("p", { class: "field" }, h("label", { for: id }, label), input, note);
}

/** Say what is wrong at a field, and go there. An empty text takes it back. */
export function mark(/** @type {any} */ input, text = "") {
  const note = input.parentNode.querySelector("small");
  note.dataset.hint ??= note.textContent;
  note.textContent = text || note.dataset.hint;
  note.classList.toggle("error", text !== "");
  input.setAttribute("aria-invalid", String(text !== ""));
  if (text) input.focus();
}
