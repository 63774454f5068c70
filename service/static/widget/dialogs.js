/** Dialogs, loaded when the first of them is opened. */

import { button, h } from "./dom.js";

/** @type {Record<string, (app: any, frame: import("./types").Frame, ...args: any[]) => unknown>} */
const DIALOGS = {
  confirm,
  guidelines,
  report: async (app, frame, about) => (await import("./report.js")).report(app, frame, about),
  appeal: async (app, frame, about) => (await import("./appeal.js")).appeal(app, frame, about),
  activity: async (app, frame) => (await import("./activity.js")).activity(app, frame),
};

/**
 * Open a dialog. Escape closes it and the focus goes back to where it was.
 * @param {import("./types").App} app
 * @param {HTMLElement | null} opener
 * @param {string} name
 * @param {...any} args
 * @returns {Promise<any>} what it was closed with
 */
export async function open(app, opener, name, ...args) {
  await app.words.load("more.");
  const { t } = app;
  const heading = h("h2", { id: "dialog-title", tabindex: -1 });
  const content = h("div", { class: "content" });
  const dialog = h("dialog", { "aria-labelledby": "dialog-title", part: "dialog" },
    h("header", {}, heading, button("×", () => dialog.close(), { class: "x", "aria-label": t("close") })), content);
  /** @type {any} */
  let result;
  /** @type {import("./types").Frame} */
  const frame = {
    show(title, ...children) {
      heading.textContent = title;
      content.replaceChildren(...children.filter(Boolean));
      dialog.scrollTop = 0;
      heading.focus();
    },
    close(value) {
      result = value;
      dialog.close();
    },
  };
  frame.show(t("loading"));
  app.root.append(dialog);
  dialog.showModal();
  heading.focus();
  const closed = new Promise((done) => dialog.addEventListener("close", () => {
    dialog.remove();
    opener?.focus();
    done(result);
  }));
  try {
    await DIALOGS[name](app, frame, ...args);
  } catch (error) {
    frame.show(t("wrong"), h("p", { role: "alert", class: "error" }, app.words.wrong(error)));
  }
  return closed;
}

/** Ask before something is done that cannot be undone. */
function confirm(/** @type {any} */ { t }, /** @type {import("./types").Frame} */ frame, /** @type {string} */ question, /** @type {string} */ action) {
  frame.show(question, h("p", { class: "row" },
    button(action, () => frame.close(true), { class: "primary" }), button(t("cancel"), () => frame.close(false))));
}

/** The clauses in force, in the reader's language. */
async function guidelines(/** @type {any} */ { api, words, t }, /** @type {import("./types").Frame} */ frame) {
  const found = await api.get("guidelines", { locale: words.language });
  frame.show(t("guidelines"), h("dl", {}, ...found.guidelines.flatMap((/** @type {any} */ clause) => [
    h("dt", {}, `${clause.clause}. ${clause.title}`), h("dd", {}, clause.text),
  ])));
}

/**
 * A form in a dialog: sends once at a time, and says what went wrong where it did.
 * @param {any} app
 * @param {Node[]} children
 * @param {string} label of the button
 * @param {() => Promise<void>} send
 * @param {...Node} besides the button
 */
export function dialogForm(app, children, label, send, ...besides) {
  const wrong = h("p", { class: "error", role: "alert" });
  const submit = h("button", { class: "primary", part: "button" }, label);
  const form = h("form", { novalidate: true, onsubmit: async (/** @type {Event} */ event) => {
    event.preventDefault();
    if (submit.getAttribute("aria-disabled") || !complete()) return;
    submit.setAttribute("aria-disabled", "true");
    try {
      await send();
    } catch (error) {
      wrong.textContent = app.words.wrong(error);
    }
    submit.removeAttribute("aria-disabled");
  } }, ...children, wrong, h("p", { class: "row" }, submit, ...besides));
  return form;

  /** The first field that is not filled in gets the focus and is named. */
  function complete() {
    wrong.textContent = "";
    const bad = [...form.elements].find((one) => !one.validity.valid && one.offsetParent);
    for (const one of form.elements) one.setAttribute("aria-invalid", String(one === bad));
    if (!bad) return true;
    const label = bad.labels?.[0]?.textContent ?? "";
    wrong.textContent = `${label}: ${app.t(bad.validity.valueMissing ? "fill" : bad.validity.tooShort ? "tooShort" : "notRight", { n: bad.minLength })}`;
    bad.focus();
    return false;
  }
}
