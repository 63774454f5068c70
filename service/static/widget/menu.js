/** What can be done with a comment besides answering it; loaded when somebody asks for it. */

import { button } from "./dom.js";

/**
 * @typedef {{node: HTMLElement, body: HTMLElement, rerender: () => void, complain: (what: unknown) => void}} Around
 * @typedef {"muted" | "promoted" | "hidden"} List
 */

/**
 * The buttons behind "More": other ones for one's own comment.
 * @param {import("./types").App} app
 * @param {any} data
 * @param {Around} around
 */
export function actions(app, data, { node, body, rerender, complain }) {
  const { t, view } = app;
  const { author } = data;
  const name = { name: author.username };
  const choose = (/** @type {string} */ method, /** @type {string} */ path, /** @type {List} */ list, /** @type {string} */ id) =>
    () => look(app, data, complain, method, path, list, id);
  if (author.id === app.me?.id) {
    const until = Date.parse(data.created_at) + app.site.edit_window_seconds * 1000;
    const taken = button(t("withdraw"), () => withdraw(app, data, rerender));
    return Date.now() < until ? [button(t("edit"), edit), taken] : [taken];
  }
  return [
    button(t("report"), () => app.dialog("report", data), { "aria-haspopup": "dialog" }),
    button(t("hide"), choose("PUT", `me/hidden/${data.id}`, "hidden", data.id)),
    button(t("mute", name), choose("PUT", `me/mutes/${author.id}`, "muted", author.id)),
    view.promoted.includes(author.id)
      ? button(t("unpromote", name), choose("DELETE", `me/promoted/${author.id}`, "promoted", author.id))
      : button(t("promote", name), choose("PUT", `me/promoted/${author.id}`, "promoted", author.id)),
  ];

  async function edit() {
    try {
      const own = await app.api.mine("GET", `comments/${data.id}`);
      const form = await app.compose({ edit: own, close: () => { form?.replaceWith(body); node.focus(); }, done: () => { data.author = null; rerender(); } });
      if (form) body.replaceWith(form);
      form?.querySelector("textarea").focus();
    } catch (error) {
      complain(error);
    }
  }
}

/**
 * Change what this reader sees, and nobody else.
 * @param {import("./types").App} app
 * @param {any} data
 * @param {(what: unknown) => void} complain
 * @param {string} method
 * @param {string} path
 * @param {List} list
 * @param {string} id
 */
export async function look(app, data, complain, method, path, list, id) {
  if (!mayAct(app, complain)) return;
  try {
    await app.api.mine(method, path);
    app.view[list] = method === "PUT" ? [...app.view[list], id] : app.view[list].filter((one) => one !== id);
    app.threads.redraw(data.id);
  } catch (error) {
    complain(error);
  }
}

/**
 * Give a reaction, or take it back.
 * @param {import("./types").App} app
 * @param {any} data
 * @param {string} kind
 * @param {(what: unknown) => void} complain
 * @param {() => void} show
 */
export async function react(app, data, kind, complain, show) {
  if (data.author.id === app.me?.id) return complain(app.t("ownRespect"));
  if (!mayAct(app, complain)) return;
  const given = app.view.reacted[data.id] ?? [];
  const was = given.includes(kind);
  try {
    const answer = await app.api.mine(was ? "DELETE" : "PUT", `comments/${data.id}/reactions/${kind}`);
    app.view.reacted[data.id] = was ? given.filter((one) => one !== kind) : [...given, kind];
    data.reactions = answer.reactions;
    show();
  } catch (error) {
    complain(error);
  }
}

/** Put a link to one comment where it can be passed on from. */
export async function share(/** @type {import("./types").App} */ { t }, /** @type {string} */ id, /** @type {(what: unknown) => void} */ complain) {
  const url = new URL(location.href);
  url.hash = id;
  try {
    await navigator.clipboard.writeText(url.href);
    complain(t("copied"));
  } catch {
    location.hash = id;
    complain(t("linkInBar"));
  }
}

/** Whether somebody is signed in; if not, the page is asked for a token. */
function mayAct(/** @type {import("./types").App} */ app, /** @type {(what: unknown) => void} */ complain) {
  if (app.me) return true;
  app.tell("parley-token-needed", { reason: "missing" });
  complain(app.t(app.site?.guests_allowed ? "nameFirst" : "signInFirst"));
  return false;
}

/** Take one's own comment back, after asking. */
export async function withdraw(/** @type {import("./types").App} */ app, /** @type {any} */ data, /** @type {() => void} */ done) {
  if (!(await app.dialog("confirm", app.t("withdrawSure"), app.t("withdraw")))) return;
  try {
    await app.api.mine("DELETE", `comments/${data.id}`);
    app.say(app.t("withdrawn"));
    data.author = null;
    done();
  } catch (error) {
    app.say(app.words.wrong(error));
  }
}
