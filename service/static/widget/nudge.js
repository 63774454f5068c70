/** Before a comment is public, its author is asked once to think again. */

import { button, h, unique } from "./dom.js";

/**
 * The question, with the sentence marked and three answers.
 * @param {import("./types").App} app
 * @param {any} comment one's own, with its `nudge`
 * @param {(comment: any) => void} answered with the comment as it is now
 */
export function nudge(app, comment, answered) {
  const { t, api, words } = app;
  const { message, sentences, until } = comment.nudge;
  const id = unique("n");
  const wrong = h("p", { class: "error", role: "alert" });
  const text = h("blockquote", { dir: "auto", class: "asked" }, ...marked(comment.body, sentences));
  const buttons = h("p", { class: "row" },
    button(t("nudge.kept"), send(() => api.mine("POST", `comments/${comment.id}/reconsideration`, { body: {} })), { class: "primary" }),
    button(t("nudge.edit"), change),
    button(t("nudge.back"), send(() => api.mine("DELETE", `comments/${comment.id}`))));
  const time = words.time.format(new Date(until));
  const node = h("div", { class: "nudge", part: "nudge", role: "group", "aria-labelledby": id },
    h("h4", { id, tabindex: -1 }, t("nudge.title")), h("p", {}, message), text, buttons,
    h("p", { class: "quiet" }, t("nudge.until", { time })), wrong);
  return node;

  /** The text; for those who do not see the marks, a word says where they are. */
  function marked(/** @type {string} */ body, /** @type {{start: number, end: number}[]} */ spans) {
    const parts = [];
    let at = 0;
    for (const { start, end } of spans) {
      parts.push(body.slice(at, start), h("mark", {}, h("span", { class: "sr" }, `${t("nudge.marked")} `), body.slice(start, end)));
      at = end;
    }
    return [...parts, body.slice(at)];
  }

  /** An answer, sent once at a time. */
  function send(/** @type {() => Promise<any>} */ ask) {
    return async () => {
      if (node.hasAttribute("aria-busy")) return;
      node.setAttribute("aria-busy", "true");
      wrong.textContent = "";
      try {
        answered(await ask());
      } catch (error) {
        wrong.textContent = words.wrong(error);
      }
      node.removeAttribute("aria-busy");
    };
  }

  async function change(/** @type {Event} */ event) {
    const opener = /** @type {HTMLElement} */ (event.currentTarget);
    const form = await app.compose({ edit: comment, close: () => { form?.replaceWith(buttons); opener.focus(); } });
    if (!form) return;
    buttons.replaceWith(form);
    form.querySelector("textarea").focus();
  }
}
