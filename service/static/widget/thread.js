/** The list of threads: pages of them, replies below each, and one's way to a single comment. */

import { card } from "./card.js";
import { button, h } from "./dom.js";

const PAGE = 20;
const ANCHOR = /^#parley-([0-9a-f-]{36})$/;

/** @param {import("./types").App} app */
export function threadList(app) {
  const { t } = app;
  const list = h("ol", { class: "threads", part: "threads" });
  const more = h("p", { class: "more" });
  const node = h("div", {}, list, more);
  /** @type {Map<string, {data: any, draw: () => void}>} */
  const shown = new Map();
  /** @type {Map<string, import("./types").Thread>} */
  const threads = new Map();

  return { node, load, update, add, redraw, reveal, focusFirst };

  /** The first page, in the chosen order; fetched unless it is given. */
  async function load(/** @type {any} */ given = null) {
    const page = given ?? (await fetchPage(null));
    shown.clear();
    threads.clear();
    list.replaceChildren();
    app.setCount(page.comment_count);
    put(page);
    if (!page.threads.length) more.append(h("span", { class: "quiet" }, t("none")));
  }

  function fetchPage(/** @type {string | null} */ cursor) {
    return app.api.get(`articles/${app.key}/comments`, { sort: app.sort(), cursor, limit: PAGE }, !cursor);
  }

  /** Commenters the reader promoted come first on each page. */
  function put(/** @type {any} */ page) {
    const rank = (/** @type {any} */ one) => (app.view.promoted.includes(one.author?.id) ? 0 : 1);
    const sorted = [...page.threads].sort((a, b) => rank(a) - rank(b));
    const first = sorted.filter((one) => !threads.has(one.id)).map((one) => list.appendChild(thread(one).node))[0];
    more.replaceChildren();
    if (page.next_cursor) more.append(next(() => fetchPage(page.next_cursor), put, t("more")));
    return first;
  }

  /** A button that fetches the next page and goes to its first comment. */
  function next(/** @type {() => Promise<any>} */ fetchNext, /** @type {(page: any) => HTMLElement | undefined} */ place, /** @type {string} */ label) {
    const node = button(label, async () => {
      node.setAttribute("aria-busy", "true");
      try {
        const first = place(await fetchNext());
        first?.querySelector("article")?.focus();
      } catch (error) {
        node.after(h("span", { class: "error", role: "alert" }, ` ${app.words.wrong(error)}`));
      }
      node.removeAttribute("aria-busy");
    });
    return node;
  }

  /** One thread with its replies; known from now on by the id of its first comment. */
  function thread(/** @type {any} */ data) {
    const replies = h("ol", { class: "replies" });
    const rest = h("p", { class: "more" });
    const form = h("div");
    const item = h("li", { class: "thread", part: "thread" }, form, replies, rest);
    const place = (/** @type {any} */ comment, /** @type {HTMLElement} */ at, parent = "") => {
      /** @type {{data: any, draw: () => void}} */
      const entry = { data: comment, draw() {
        const old = at.querySelector(":scope > article");
        const made = card(app, entry.data, {
          rerender: entry.draw, parent,
          reply: (opener) => answer(entry.data, at, opener),
        });
        old ? old.replaceWith(made) : at.prepend(made);
      } };
      shown.set(comment.id, entry);
      entry.draw();
    };
    const reply = (/** @type {any} */ comment) => {
      if (shown.has(comment.id)) return undefined;
      const at = h("li", {}, h("div"));
      const answered = comment.parent_id === data.id ? "" : shown.get(comment.parent_id)?.data.author?.username;
      place(comment, at, answered);
      replies.append(at);
      return at;
    };
    place(data, item);
    (data.replies ?? []).forEach(reply);
    const missing = (data.reply_count ?? 0) - replies.children.length;
    if (missing > 0) rest.append(next(() => page(null), placeReplies, t("moreReplies", { n: missing })));
    /** @type {import("./types").Thread} */
    const made = { node: item, reply, all: async () => {
      for (let cursor = null; ;) {
        const found = await page(cursor);
        placeReplies(found);
        cursor = found.next_cursor;
        if (!cursor) return;
      }
    } };
    threads.set(data.id, made);
    return made;

    function page(/** @type {string | null} */ cursor) {
      return app.api.get(`comments/${data.id}/replies`, { cursor, limit: 100 }, true);
    }

    function placeReplies(/** @type {any} */ found) {
      const first = found.replies.map(reply).find(Boolean);
      rest.replaceChildren();
      if (found.next_cursor) rest.append(next(() => page(found.next_cursor), placeReplies, t("more")));
      return first;
    }
  }

  async function answer(/** @type {any} */ parent, /** @type {HTMLElement} */ at, /** @type {HTMLElement} */ opener) {
    const slot = /** @type {HTMLElement} */ (at.querySelector(":scope > div"));
    const form = await app.compose({ parent, close: () => { slot.replaceChildren(); opener.focus(); } });
    if (!form) return;
    slot.replaceChildren(form);
    form.querySelector("textarea, input")?.focus();
  }

  /** A comment that was just published: into its thread, or on top. */
  function add(/** @type {any} */ comment) {
    const known = shown.get(comment.id);
    if (known) {
      known.data = comment;
      known.draw();
    } else if (comment.parent_id) {
      const parent = [...threads.values()].find((one) => one.node.querySelector(`#parley-${comment.parent_id}`));
      parent?.reply(comment);
    } else {
      list.prepend(thread({ ...comment, replies: [] }).node);
      more.querySelector("span")?.remove();
    }
    return /** @type {HTMLElement | null} */ (list.querySelector(`#parley-${comment.id}`));
  }

  /** What was read again: comments that changed are drawn again, unless the reader is in them. */
  function update(/** @type {any[]} */ found) {
    for (const one of found.flatMap((thread) => [thread, ...thread.replies])) {
      const entry = shown.get(one.id);
      if (!entry || JSON.stringify({ ...entry.data, ...one }) === JSON.stringify(entry.data)) continue;
      const article = list.querySelector(`#parley-${one.id}`);
      if (article?.querySelector("form") || article?.contains(/** @type {ShadowRoot} */ (app.host.shadowRoot).activeElement)) continue;
      Object.assign(entry.data, one);
      entry.draw();
    }
  }

  /** Draw every comment again: somebody signed in, or wants to see more or less of somebody. */
  function redraw(focus = "") {
    for (const entry of shown.values()) entry.draw();
    if (focus) /** @type {HTMLElement | null} */ (list.querySelector(`#parley-${focus} button`) ?? list.querySelector(`#parley-${focus}`))?.focus();
  }

  /** Go to the comment an address names, fetching its thread if it is not on the page. */
  async function reveal(/** @type {string} */ hash) {
    const id = ANCHOR.exec(hash)?.[1];
    if (!id) return;
    if (!shown.has(id)) await fetchThread(id).catch(() => app.say(t("notThere")));
    const article = /** @type {HTMLElement | null} */ (list.querySelector(`#parley-${id}`));
    if (!article) return;
    article.classList.add("target");
    article.scrollIntoView({ block: "center" });
    article.focus({ preventScroll: true });
  }

  async function fetchThread(/** @type {string} */ id) {
    let comment = await app.api.get(`comments/${id}`);
    while (comment.parent_id) comment = await app.api.get(`comments/${comment.parent_id}`);
    let root = threads.get(comment.id);
    if (!root) list.prepend((root = thread(comment)).node);
    await root.all();
  }

  function focusFirst() {
    list.querySelector("article")?.focus();
  }
}
