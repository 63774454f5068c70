/** One comment: its text, and what can be done with it. */

import { button, h, safe, thumb } from "./dom.js";
import { mayAct } from "./session.js";

/**
 * @param {import("./types").App} app
 * @param {any} data a public comment, or one's own
 * @param {{rerender: () => void, reply?: (opener: HTMLElement) => void, parent?: string,
 *   prefix?: string}} around
 */
export function card(app, data, { rerender, reply, parent, prefix = "parley" }) {
  const { t, words, view } = app;
  const { author } = data;
  const node = h("article", { id: `${prefix}-${data.id}`, class: "comment", part: "comment", tabindex: -1 });
  if (!author) {
    node.append(h("p", { class: "gone" }, t("unavailable")));
    return node;
  }
  const muted = view.muted.includes(author.id);
  if (muted || view.hidden.includes(data.id)) return covered();
  const mine = author.id === app.me?.id;
  const promoted = view.promoted.includes(author.id);
  const nameId = `${node.id}-name`;
  node.setAttribute("aria-labelledby", nameId);
  node.classList.toggle("featured", data.featured);
  const actions = h("div", { class: "row actions" });
  const extra = h("div", { class: "row extra", hidden: true, id: `${node.id}-more` });
  const body = h("div", { class: "body", dir: "auto", part: "body" });
  body.append(...safe(data.html).childNodes);
  node.append(h("header", {},
    h("span", { class: "face", "aria-hidden": "true" }, [...author.username][0]),
    h("bdi", { id: nameId, class: "name", part: "name" }, author.username), " ",
    ...(author.badges ?? []).map((/** @type {string} */ b) => h("span", { class: "badge" }, b)),
    mine && h("span", { class: "badge" }, t("you")), promoted && h("span", { class: "badge" }, t("promoted")),
    data.featured && h("span", { class: "badge pick" }, t("pick")),
    h("a", { class: "when", href: `#${node.id}` }, time(data.created_at)),
    data.edited_at && h("span", { class: "quiet" }, t("edited"))),
  parent ? h("p", { class: "quiet" }, t("inReply", { name: parent })) : "",
  data.label ? h("p", { class: "label" }, t("label"), " ", h("bdi", {}, data.label)) : "",
  body, actions, extra);
  if (data.status === "published") fill();
  return node;

  /** @param {string} moment */
  function time(moment) {
    return h("time", { datetime: moment, title: words.date.format(new Date(moment)) }, words.when(moment));
  }

  function fill() {
    actions.append(...Object.keys(data.reactions ?? {}).map(reaction));
    if (reply && !data.locked && app.article?.is_open !== false) {
      const opener = button(t("reply"), () => reply(opener), { "aria-describedby": nameId });
      actions.append(opener);
    }
    actions.append(button(t("share"), share, { "aria-describedby": nameId }));
    const more = button(t("menu"), () => {
      extra.hidden = !extra.hidden;
      more.setAttribute("aria-expanded", String(!extra.hidden));
      if (!extra.hidden) extra.querySelector("button")?.focus();
    }, { "aria-expanded": "false", "aria-controls": extra.id, "aria-describedby": nameId });
    actions.append(more);
    extra.append(...(mine ? ownActions() : othersActions()));
    extra.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
      if (event.key === "Escape") { more.click(); more.focus(); }
    });
  }

  function ownActions() {
    const until = Date.parse(data.created_at) + app.site.edit_window_seconds * 1000;
    return [Date.now() < until && button(t("edit"), edit), button(t("withdraw"), () => withdraw(app, data, rerender))].filter(Boolean);
  }

  function othersActions() {
    const name = { name: author.username };
    return [
      button(t("report"), () => app.dialog("report", data), { "aria-haspopup": "dialog" }),
      button(t("hide"), () => look("PUT", `me/hidden/${data.id}`, "hidden", data.id)),
      button(t("mute", name), () => look("PUT", `me/mutes/${author.id}`, "muted", author.id)),
      promoted
        ? button(t("unpromote", name), () => look("DELETE", `me/promoted/${author.id}`, "promoted", author.id))
        : button(t("promote", name), () => look("PUT", `me/promoted/${author.id}`, "promoted", author.id)),
    ];
  }

  /** A button for one kind of reaction; only the thumbs-up has a picture. */
  function reaction(/** @type {string} */ kind) {
    const given = () => (app.view.reacted[data.id] ?? []).includes(kind);
    const count = h("span", {});
    const word = kind === "respect" ? t("respect") : kind;
    const node = h("button", { type: "button", part: "button", class: "respect", "aria-describedby": nameId, onclick: toggle }, kind === "respect" && thumb(), word, count);
    show();
    return node;

    function show() {
      node.setAttribute("aria-pressed", String(given()));
      count.textContent = data.reactions[kind] ? words.number.format(data.reactions[kind]) : "";
    }

    async function toggle() {
      if (mine) return complain(t("ownRespect"));
      if (!mayAct(app)) return complain(needed());
      const was = given();
      try {
        const answer = await app.api.mine(was ? "DELETE" : "PUT", `comments/${data.id}/reactions/${kind}`);
        const others = (app.view.reacted[data.id] ?? []).filter((one) => one !== kind);
        app.view.reacted[data.id] = was ? others : [...others, kind];
        data.reactions = answer.reactions;
        show();
      } catch (error) {
        complain(error);
      }
    }
  }

  async function share() {
    const url = new URL(location.href);
    url.hash = node.id;
    try {
      await navigator.clipboard.writeText(url.href);
      complain(t("copied"));
    } catch {
      location.hash = node.id;
      complain(t("linkInBar"));
    }
  }

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

  /** Change what this reader sees, and nobody else. */
  async function look(/** @type {string} */ method, /** @type {string} */ path, /** @type {"muted" | "promoted" | "hidden"} */ list, /** @type {string} */ id) {
    if (!mayAct(app)) return complain(needed());
    try {
      await app.api.mine(method, path);
      app.view[list] = method === "PUT" ? [...app.view[list], id] : app.view[list].filter((one) => one !== id);
      app.threads.redraw(data.id);
    } catch (error) {
      complain(error);
    }
  }

  function covered() {
    node.append(h("p", { class: "gone" }, muted ? t("mutedStub", { name: author.username }) : t("hiddenStub"), " ",
      muted
        ? button(t("unmute", { name: author.username }), () => look("DELETE", `me/mutes/${author.id}`, "muted", author.id), { class: "link" })
        : button(t("unhide"), () => look("DELETE", `me/hidden/${data.id}`, "hidden", data.id), { class: "link" })));
    return node;
  }

  function needed() {
    return t(app.site?.guests_allowed ? "nameFirst" : "signInFirst");
  }

  /** Say something at this comment; it is read out as well. */
  function complain(/** @type {unknown} */ what) {
    const text = typeof what === "string" ? what : words.wrong(what);
    node.querySelector(".said")?.remove();
    node.append(h("p", { class: "said quiet", role: "status" }, text));
  }
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
