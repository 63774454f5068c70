/** Appeals: against a decision on oneself or one's comment, on a report, on a notice. */

import { dialogForm } from "./dialogs.js";
import { button, h } from "./dom.js";
import { field } from "./field.js";

/**
 * @param {import("./types").App} app
 * @param {import("./types").Frame} frame
 * @param {{comment_id?: string, decision?: any}} about
 */
export async function appeal(app, frame, { comment_id, decision }) {
  const { t } = app;
  const found = decision ?? await find();
  if (!found) return frame.show(t("appeal"), h("p", {}, t("a.notYet")));
  if (found.appeal) return frame.show(t("appeal"), ...appealState(app, found.appeal));
  if (!found.can_appeal) return frame.show(t("appeal"), h("p", {}, t("a.none")));
  appealForm(app, frame, `decisions/${found.id}/appeals`, {}, found);

  async function find() {
    const page = await app.api.mine("GET", "me/decisions", { query: { limit: 100 } });
    return page.decisions.find((/** @type {any} */ one) => one.comment_id === comment_id && !one.reversed_at);
  }
}

/** How far an appeal has come, and its answer. */
export function appealState(/** @type {any} */ { t, words }, /** @type {any} */ one) {
  return [
    h("p", {}, h("strong", {}, t(`a.${one.state}`)), " ", one.decided_at ? null : t("a.due", { date: words.date.format(new Date(one.due_at)) })),
    h("blockquote", { dir: "auto" }, one.body),
    one.reasons ? h("p", {}, t("a.answer"), " ", h("q", { dir: "auto" }, one.reasons)) : "",
  ];
}

/**
 * @param {import("./types").App} app
 * @param {import("./types").Frame} frame
 * @param {string} path
 * @param {any} headers
 * @param {any} [decision]
 */
export function appealForm(app, frame, path, headers, decision) {
  const { t, words } = app;
  const body = h("textarea", { rows: 6, required: true, minlength: 10, maxlength: 5000, dir: "auto" });
  frame.show(t("appeal"), h("p", {}, t("a.intro")),
    decision ? h("p", { class: "quiet" }, t("a.until", { date: words.date.format(new Date(decision.appeal_until)) })) : "",
    dialogForm(app, [field(t("a.body"), body)], t("a.send"), async () => {
      const made = await app.api.mine("POST", path, { body: { body: body.value }, headers });
      app.tell("parley-appealed", { id: made.id });
      frame.show(t("a.thanks"), ...appealState(app, made), h("p", { class: "row" }, button(t("close"), () => frame.close(), { class: "primary" })));
    }, button(t("cancel"), () => frame.close())));
}
