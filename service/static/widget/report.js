/** Two ways to complain of a comment that never mix: a guideline, or the law. */

import { dialogForm } from "./dialogs.js";
import { button, h, unique } from "./dom.js";
import { field } from "./field.js";
import { followNotice, notice } from "./notice.js";

const DETAIL_MAX = 1000;

/**
 * @param {import("./types").App} app
 * @param {import("./types").Frame} frame
 * @param {any} comment
 */
export function report(app, frame, comment) {
  const { t, api, words } = app;
  choose();

  function choose() {
    const path = (/** @type {string} */ name, /** @type {() => void} */ go) => h("li", {},
      button(t(`r.${name}`), go, { class: "path" }), h("p", { class: "quiet" }, t(`r.${name}Hint`)));
    frame.show(t("r.title"), h("ul", { class: "paths" },
      path("guideline", guideline), path("illegal", () => notice(app, frame, comment, choose))),
    h("p", {}, button(t("r.follow"), () => followNotice(app, frame, choose), { class: "link" })));
  }

  async function guideline() {
    const found = await api.get("guidelines", { locale: words.language });
    const choices = found.guidelines.filter((/** @type {any} */ one) => one.reportable).map((/** @type {any} */ one) => {
      const input = h("input", { type: "radio", name: "guideline", value: one.id, id: unique("g"), required: true });
      return h("p", { class: "choice" }, input, h("label", { for: input.id }, one.report_label || one.title));
    });
    const detail = h("textarea", { rows: 3, maxlength: DETAIL_MAX, dir: "auto" });
    const form = dialogForm(app, [
      h("fieldset", {}, h("legend", {}, t("r.help")), ...choices), field(t("r.detail"), detail)],
    t("r.send"), async () => {
      const chosen = form.querySelector("input:checked").value;
      const answer = await api.mine("POST", `comments/${comment.id}/reports`, { body: { guideline: chosen, detail: detail.value || null } });
      app.tell("parley-reported", { id: comment.id });
      thank(answer.message);
    }, button(t("back"), choose));
    frame.show(t("r.guideline"), form);
  }

  function thank(/** @type {string} */ message) {
    frame.show(t("r.thanks"), h("p", {}, message),
      h("p", { class: "row" }, button(t("close"), () => frame.close(), { class: "primary" }),
        app.me && button(t("hide"), async () => {
          await api.mine("PUT", `me/hidden/${comment.id}`);
          app.view.hidden.push(comment.id);
          frame.close();
          app.threads.redraw(comment.id);
        })));
  }
}
