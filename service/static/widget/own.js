/** One's own comments that others do not see: being checked, waiting, or not published and why. */

import { card } from "./card.js";
import { add } from "./changes.js";
import { button, h } from "./dom.js";
import { withdraw } from "./menu.js";

const QUIET = ["published", "withdrawn", "erased"];
const FIRST_WAIT_MS = 700;
const LONGEST_WAIT_MS = 8_000;
const HELD_WAIT_MS = 30_000;
const DAYS_SHOWN_MS = 7 * 86_400_000;

/**
 * @param {import("./types").App} app
 * @param {HTMLElement} node where they are listed
 * @param {HTMLElement} account where it says who is signed in
 */
export function ownComments(app, node, account) {
  const { t } = app;
  const list = h("ol", { class: "own" });
  node.append(h("h3", {}, t("ownTitle")), list);
  /** @type {Map<string, HTMLElement>} */
  const shown = new Map();
  const timers = new Map();
  return { load, follow, ask: (/** @type {string} */ id) => ask(id, 0) };

  /** What the reader wrote here lately and others do not see. */
  async function load() {
    shown.clear();
    app.following.clear();
    list.replaceChildren();
    node.hidden = true;
    if (!app.me) return;
    showAccount();
    const page = await app.api.mine("GET", "me/comments").catch(() => ({ comments: [] }));
    const oldest = Date.now() - DAYS_SHOWN_MS;
    for (const comment of page.comments) {
      const here = comment.article_key === app.key && !QUIET.includes(comment.status);
      if (here && Date.parse(comment.created_at) > oldest) follow(comment, false);
    }
  }

  function showAccount() {
    const n = app.me.warnings?.length;
    account.replaceChildren(t("signedIn", { name: app.me.username }), " · ",
      button(t("activity"), () => app.dialog("activity"), { class: "link", "aria-haspopup": "dialog" }),
      ...(n ? [" ", h("span", { class: "badge" }, t("warnings", { n }))] : []));
  }

  /** Show a comment's state until it is decided. */
  async function follow(/** @type {any} */ comment, isNew = true) {
    // What was sent twice may be decided by the time of the second answer.
    if (comment.status === "published") {
      decided(comment);
      return;
    }
    // Asked once: what is on the page already, and perhaps being answered, stays as it is.
    if (!comment.nudge || !shown.get(comment.id)?.querySelector(".nudge")) await show(comment);
    if (isNew) {
      app.say(t("s.pending"));
      shown.get(comment.id)?.querySelector("article")?.focus();
    }
    if (comment.status === "pending") ask(comment.id, comment.nudge ? LONGEST_WAIT_MS : FIRST_WAIT_MS);
    if (comment.status === "held") ask(comment.id, HELD_WAIT_MS);
  }

  function ask(/** @type {string} */ id, /** @type {number} */ wait) {
    clearTimeout(timers.get(id));
    timers.set(id, setTimeout(async () => {
      if (app.signal.aborted || !shown.has(id)) return;
      // What is being changed stays on the page until that is over.
      if (shown.get(id)?.querySelector("form")) return ask(id, LONGEST_WAIT_MS);
      try {
        const comment = await app.api.mine("GET", `comments/${id}`);
        if (comment.status === "pending" && !comment.nudge) return ask(id, Math.min((wait || FIRST_WAIT_MS) * 1.5, LONGEST_WAIT_MS));
        if (comment.status === "pending") return follow(comment, false);
        if (comment.status === "held" && wait >= HELD_WAIT_MS) return ask(id, wait);
        decided(comment);
      } catch {
        ask(id, LONGEST_WAIT_MS);
      }
    }, wait));
  }

  function decided(/** @type {any} */ comment) {
    app.tell("parley-decided", { id: comment.id, status: comment.status });
    if (comment.status !== "published") {
      app.say(t(`s.${comment.status}`));
      follow(comment, false);
      return;
    }
    const old = shown.get(comment.id);
    const { activeElement } = /** @type {ShadowRoot} */ (app.host.shadowRoot);
    const focused = !!old?.contains(activeElement);
    remove(comment.id);
    const known = app.threads.node.querySelector(`#parley-${comment.id}`);
    const placed = add(app, comment);
    if (!known) app.live.settle(comment.id);
    app.say(t("s.published"));
    if (focused) placed?.focus();
  }

  function remove(/** @type {string} */ id) {
    shown.get(id)?.remove();
    shown.delete(id);
    app.following.delete(id);
    node.hidden = shown.size === 0;
  }

  async function show(/** @type {any} */ comment) {
    const made = h("li", { class: `state ${comment.status}`, part: "own" });
    const question = comment.nudge && (await app.late("nudge"))?.nudge(app, comment, answered);
    const article = card(app, comment, { rerender: () => remove(comment.id), prefix: "own" });
    article.append(question || state(comment));
    if (question) article.querySelector(".body")?.remove();
    made.append(article);
    const old = shown.get(comment.id);
    const hadFocus = !!old?.contains(/** @type {ShadowRoot} */ (app.host.shadowRoot).activeElement);
    if (old) old.replaceWith(made);
    else list.prepend(made);
    shown.set(comment.id, made);
    app.following.add(comment.id);
    node.hidden = false;
    if (question) app.say(comment.nudge.message);
    if (hadFocus) (question?.querySelector("h4") ?? article).focus();
  }

  /** The question was answered: posted as it is, or taken back. */
  function answered(/** @type {any} */ comment) {
    if (comment.status !== "withdrawn") return follow(comment);
    remove(comment.id);
    app.say(t("withdrawn"));
    /** @type {HTMLElement | null} */ (app.root.querySelector(".compose button"))?.focus();
  }

  function state(/** @type {any} */ comment) {
    const { outcome, status } = comment;
    const reasons = outcome.statement_of_reasons;
    const buttons = h("p", { class: "row" });
    const restricted = ["rejected", "hidden", "removed"].includes(status);
    if (restricted) buttons.append(button(t("appeal"), () => app.dialog("appeal", { comment_id: comment.id }), { "aria-haspopup": "dialog" }));
    if (["pending", "held"].includes(status)) buttons.append(button(t("withdraw"), () => withdraw(app, comment, () => remove(comment.id))));
    else buttons.append(button(t("dismiss"), () => remove(comment.id)));
    return h("div", { class: "why" },
      h("p", {}, h("strong", {}, t(`s.${status}`)), " ", status === "pending" ? null : because()),
      reasons && h("details", {}, h("summary", {}, t("reasons")),
        ...["effect", "ground", "facts", "automation", "redress"].map((name) => h("p", {}, reasons[name]))),
      buttons);

    /** The clause that played a part, in the reader's language; the server's sentence in English. */
    function because() {
      const clause = outcome.guideline;
      if (clause) return t("because", { clause: `${clause.clause}. ${clause.title}` });
      return app.words.language === "en" ? outcome.explanation : null;
    }
  }
}
