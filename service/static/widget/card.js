/** One comment: its text, and what can be done with it. */

import { button, h, safe, thumb } from "./dom.js";

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
  data.drifting ? h("p", { class: "label", role: "status", part: "drift" }, t("drift")) : "",
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
    const more = button(t("menu"), async () => {
      const menu = await app.late("menu");
      if (!menu) return;
      if (!extra.children.length) extra.append(...menu.actions(app, data, { node, body, rerender, complain }));
      extra.hidden = !extra.hidden;
      more.setAttribute("aria-expanded", String(!extra.hidden));
      if (!extra.hidden) extra.querySelector("button")?.focus();
    }, { "aria-expanded": "false", "aria-controls": extra.id, "aria-describedby": nameId });
    actions.append(more);
    extra.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
      if (event.key === "Escape") { more.click(); more.focus(); }
    });
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
      (await app.late("menu"))?.react(app, data, kind, complain, show);
    }
  }

  async function share() {
    (await app.late("menu"))?.share(app, node.id, complain);
  }

  function covered() {
    node.append(h("p", { class: "gone" }, muted ? t("mutedStub", { name: author.username }) : t("hiddenStub"), " ",
      muted
        ? button(t("unmute", { name: author.username }), () => uncover(`me/mutes/${author.id}`, "muted", author.id), { class: "link" })
        : button(t("unhide"), () => uncover(`me/hidden/${data.id}`, "hidden", data.id), { class: "link" })));
    return node;
  }

  async function uncover(/** @type {string} */ path, /** @type {string} */ list, /** @type {string} */ id) {
    (await app.late("menu"))?.look(app, data, complain, "DELETE", path, list, id);
  }

  /** Say something at this comment; it is read out as well. */
  function complain(/** @type {unknown} */ what) {
    const text = typeof what === "string" ? what : words.wrong(what);
    node.querySelector(".said")?.remove();
    node.append(h("p", { class: "said quiet", role: "status" }, text));
  }
}
