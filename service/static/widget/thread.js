/** The list of threads: pages of them, replies below each, and one's way to a single comment. */

import { card } from "./card.js";
import { button, h } from "./dom.js";

const PAGE = 20;
const ANCHOR = /^#parley-([0-9a-f-]{36})$/;

/** Ask for a page of threads, the first of all or the one after another. */
export function threadPage(/** @type {import("./api.js").Api} */ api, /** @type {string} */ key, /** @type {string} */ sort, /** @type {string | null} */ cursor = null) {
  return api.get(`articles/${key}/comments`, { sort, cursor, limit: PAGE }, true);
}

/** @param {import("./types").App} app */
export function threadList(app) {
  const { t } = app;
  const list = h("ol", { class: "threads", part: "threads" });
  const more = h("p", { class: "more" });
  const node = h("div", {}, list, more);
  /** @type {Map<string, {data: any, draw: () => void, read: () => Promise<any>}>} each comment, and how it is read again */
  const shown = new Map();
  /** @type {Map<string, import("./types").Thread>} */
  const threads = new Map();

  let pages = 0;

  return { node, list, more, shown, threads, thread, load, fetchPage, redraw, reveal, focused, pages: () => pages };

  function focused() {
    return /** @type {ShadowRoot} */ (app.host.shadowRoot).activeElement;
  }

  /** The first page, in the chosen order; fetched unless it, or the promise of it, is given. */
  async function load(/** @type {any} */ given = null) {
    const sort = app.sort();
    const page = (await given) ?? (await fetchPage(null, sort));
    shown.clear();
    threads.clear();
    list.replaceChildren();
    pages = 0;
    app.setDrifting(page.drifting);
    app.live.loaded(page.comment_count);
    put(page, () => fetchPage(null, sort));
    if (!page.threads.length) more.append(h("span", { class: "quiet" }, t("none")));
  }

  function fetchPage(/** @type {string | null} */ cursor, sort = app.sort()) {
    return threadPage(app.api, app.key, sort, cursor);
  }

  /** Commenters the reader promoted come first on each page. */
  function put(/** @type {any} */ page, /** @type {() => Promise<any>} */ read) {
    pages += 1;
    const rank = (/** @type {any} */ one) => (app.view.promoted.includes(one.author?.id) ? 0 : 1);
    const sorted = [...page.threads].sort((a, b) => rank(a) - rank(b));
    const first = sorted.filter((one) => !threads.has(one.id)).map((one) => list.appendChild(thread(one, read).node))[0];
    more.replaceChildren();
    if (page.next_cursor) more.append(next(() => fetchPage(page.next_cursor), put, t("more")));
    return first;
  }

  /** A button that fetches the next page and goes to its first comment. */
  function next(/** @type {() => Promise<any>} */ fetchNext, /** @type {(page: any, read: () => Promise<any>) => HTMLElement | undefined} */ place, /** @type {string} */ label) {
    const node = button(label, async () => {
      node.setAttribute("aria-busy", "true");
      try {
        const first = place(await fetchNext(), fetchNext);
        first?.querySelector("article")?.focus();
      } catch (error) {
        node.after(h("span", { class: "error", role: "alert" }, ` ${app.words.wrong(error)}`));
      }
      node.removeAttribute("aria-busy");
    });
    return node;
  }

  /** One thread with its replies; known from now on by the id of its first comment. */
  function thread(/** @type {any} */ data, /** @type {() => Promise<any>} */ read) {
    const replies = h("ol", { class: "replies" });
    const rest = h("p", { class: "more" });
    const form = h("div");
    const item = h("li", { class: "thread", part: "thread" }, form, replies, rest);
    const place = (/** @type {any} */ comment, /** @type {HTMLElement} */ at, /** @type {() => Promise<any>} */ again, parent = "") => {
      const entry = { data: comment, read: again, draw() {
        const old = at.querySelector(":scope > article");
        const hadFocus = !!old?.contains(focused());
        const made = card(app, entry.data, {
          rerender: entry.draw, parent,
          reply: (opener) => answer(entry.data, at, opener),
        });
        old ? old.replaceWith(made) : at.prepend(made);
        if (hadFocus) made.focus({ preventScroll: true });
      } };
      shown.set(comment.id, entry);
      entry.draw();
    };
    // Each page of answers is a list of its own, so that a long thread is not laid out as a whole.
    const reply = (/** @type {any} */ comment, again = read, into = rest.previousElementSibling) => {
      if (shown.has(comment.id)) return undefined;
      const at = h("li", {}, h("div"));
      const answered = comment.parent_id === data.id ? "" : shown.get(comment.parent_id)?.data.author?.username;
      place(comment, at, again, answered);
      into?.append(at);
      return at;
    };
    place(data, item, read);
    for (const one of data.replies ?? []) reply(one);
    const missing = (data.reply_count ?? 0) - replies.children.length;
    if (missing > 0) rest.append(next(() => page(null), placeReplies, t("moreReplies", { n: missing })));
    /** @type {import("./types").Thread} */
    const made = { node: item, reply, all: async () => {
      for (let cursor = null; ;) {
        const at = cursor;
        const found = await page(cursor);
        placeReplies(found, () => page(at));
        cursor = found.next_cursor;
        if (!cursor) return;
      }
    } };
    threads.set(data.id, made);
    return made;

    function page(/** @type {string | null} */ cursor) {
      return app.api.get(`comments/${data.id}/replies`, { cursor, limit: 100 }, true);
    }

    function placeReplies(/** @type {any} */ found, /** @type {() => Promise<any>} */ again) {
      const into = h("ol", { class: "replies" });
      rest.before(into);
      const first = found.replies.map((/** @type {any} */ one) => reply(one, again, into)).find(Boolean);
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

  /** Draw every comment again: somebody signed in, or wants to see more or less of somebody. */
  function redraw(focus = "") {
    for (const entry of shown.values()) entry.draw();
    if (focus) /** @type {HTMLElement | null} */ (list.querySelector(`#parley-${focus} button`) ?? list.querySelector(`#parley-${focus}`))?.focus();
  }

  /** Go to the comment an address names, fetching its thread if it is not on the page. */
  async function reveal(/** @type {string} */ hash) {
    const id = ANCHOR.exec(hash)?.[1];
    if (id) await (await app.late("reveal"))?.reveal(app, id);
  }
}
