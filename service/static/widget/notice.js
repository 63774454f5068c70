/** A notice that a comment is illegal, its receipt, and what became of it. */

import { appealForm } from "./appeal.js";
import { dialogForm } from "./dialogs.js";
import { button, h, unique } from "./dom.js";
import { field } from "./field.js";

const CATEGORIES = ["defamation", "hate", "threat", "privacy", "copyright", "child_sexual_abuse", "terrorism", "fraud", "other"];
// These may be told of without a name.
const ANONYMOUS = "child_sexual_abuse";
const PARTICULARS = "defamation";

/**
 * @param {import("./types").App} app
 * @param {import("./types").Frame} frame
 * @param {any} comment
 * @param {() => void} back
 */
export function notice(app, frame, comment, back) {
  const { t } = app;
  const category = h("select", { required: true, onchange: adapt }, h("option", { value: "" }, t("n.choose")),
    ...CATEGORIES.map((name) => h("option", { value: name }, t(`n.${name}`))));
  const explanation = h("textarea", { rows: 5, required: true, minlength: 10, maxlength: 5000, dir: "auto" });
  const law = h("input", { maxlength: 500, dir: "auto" });
  const name = h("input", { maxlength: 200, required: true, autocomplete: "name", dir: "auto" });
  const email = h("input", { type: "email", maxlength: 254, required: true, autocomplete: "email" });
  const faith = tick("n.faith", { required: true });
  const meaning = h("textarea", { rows: 2, maxlength: 2000, dir: "auto" });
  const parts = h("textarea", { rows: 2, maxlength: 2000, dir: "auto" });
  const ticks = ["poster_cannot_be_identified", "consent_to_pass_name", "consent_to_pass_email"].map((key) => tick(`n.${key}`, { name: key }));
  const particulars = h("fieldset", { hidden: true }, h("legend", {}, t("n.particulars")),
    field(t("n.meaning"), meaning), field(t("n.parts"), parts), ...ticks);
  const anonymous = h("p", { class: "quiet", hidden: true }, t("n.anonymous"));
  frame.show(t("r.illegal"), h("p", {}, t("n.intro")), dialogForm(app,
    [field(t("n.category"), category), field(t("n.explanation"), explanation), field(t("n.law"), law), particulars,
      anonymous, field(t("n.name"), name), field(t("n.email"), email), faith], t("n.send"), send, button(t("back"), back)));

  function tick(/** @type {string} */ key, props = {}) {
    const input = h("input", { type: "checkbox", id: unique("c"), ...props });
    return h("p", { class: "choice" }, input, h("label", { for: input.id }, t(key)));
  }

  function adapt() {
    particulars.hidden = category.value !== PARTICULARS;
    anonymous.hidden = category.value !== ANONYMOUS;
    name.required = email.required = category.value !== ANONYMOUS;
  }

  async function send() {
    const told = category.value === PARTICULARS
      ? { meaning: meaning.value, inaccurate_parts: parts.value, ...Object.fromEntries(ticks.map((one) => [one.firstChild.name, one.firstChild.checked])) }
      : {};
    const receipt = await app.api.mine("POST", `comments/${comment.id}/notices`, { body: {
      category: category.value, explanation: explanation.value, law: law.value || null, name: name.value || null,
      email: email.value || null, good_faith: faith.firstChild.checked, particulars: told,
    } });
    app.tell("parley-notice", { id: comment.id });
    show(receipt);
  }

  function show(/** @type {any} */ receipt) {
    const both = `${receipt.reference} ${receipt.secret}`;
    const copy = button(t("copy"), async () => {
      await navigator.clipboard.writeText(both).then(() => { copied.textContent = t("copied"); }, () => { copied.textContent = t("copyByHand"); });
    });
    const copied = h("span", { role: "status", class: "quiet" });
    frame.show(t("n.received"), h("p", {}, receipt.receipt), h("dl", { class: "receipt" },
      h("dt", {}, t("n.reference")), h("dd", {}, h("code", { id: "reference" }, receipt.reference)),
      h("dt", {}, t("n.secret")), h("dd", {}, h("code", { id: "secret" }, receipt.secret))),
    h("p", {}, h("strong", {}, t("n.keep"))), h("p", {}, receipt.redress),
    h("p", { class: "row" }, copy, button(t("close"), () => frame.close(), { class: "primary" }), copied));
  }
}

/**
 * What became of a notice, by its reference and secret.
 * @param {import("./types").App} app
 * @param {import("./types").Frame} frame
 * @param {() => void} back
 */
export function followNotice(app, frame, back) {
  const { t } = app;
  const reference = h("input", { required: true, autocomplete: "off" });
  const secret = h("input", { required: true, autocomplete: "off" });
  frame.show(t("r.follow"), dialogForm(app, [field(t("n.reference"), reference), field(t("n.secret"), secret)], t("n.look"), async () => {
    const headers = { "X-Notice-Secret": secret.value.trim() };
    const path = `notices/${encodeURIComponent(reference.value.trim())}`;
    const found = await app.api.mine("GET", path, { headers });
    const appeal = ["upheld", "dismissed"].includes(found.state)
      && button(t("appeal"), () => appealForm(app, frame, `${path}/appeals`, headers));
    frame.show(found.reference, h("p", {}, h("strong", {}, found.outcome)), found.answer && h("p", {}, found.answer),
      h("p", {}, found.receipt), h("p", { class: "quiet" }, found.automation), h("p", { class: "quiet" }, found.redress),
      h("p", { class: "row" }, appeal, button(t("back"), back)));
  }, button(t("back"), back)));
}
