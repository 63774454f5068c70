/** One conversation: what is known of it, and the parts on the page that show it. */

import { Problem } from "./api.js";
import { button, h, sheet } from "./dom.js";
import { live } from "./live.js";
import { guestToken } from "./session.js";
import { threadList } from "./thread.js";

const SORTS = ["newest", "oldest", "top", "featured"];

/**
 * Show a conversation in `root`.
 * @param {{host: HTMLElement, root: HTMLElement, api: import("./api.js").Api,
 *          words: import("./words.js").Words, signal: AbortSignal,
 *          early: import("./types").Early | null}} given
 * @returns {import("./types").App}
 */
export function start({ host, root, api, words, signal, early }) {
  const { t } = bound(words);
  const title = h("h2", { id: "title", part: "title" });
  const community = h("p", { class: "community", part: "community" });
  const drift = h("p", { role: "status", class: "label", part: "drift", hidden: true });
  const account = h("p", { class: "account" });
  const compose = h("div", { class: "compose" });
  const own = h("div", { hidden: true });
  /** @type {Promise<any> | undefined} */
  let mine;
  let turns = 0;
  const said = h("p", { role: "status", class: "sr" });
  const trouble = h("div", { class: "trouble", role: "alert" });
  const pill = h("div", { class: "pill-place", role: "status" });
  const select = h("select", { id: "sort", part: "select", onchange: () => app.reload() });
  for (const name of SORTS) select.append(h("option", { value: name }, t(name)));
  select.value = firstSort(host);
  const sort = h("p", { class: "sort" }, h("label", { for: "sort" }, t("sort")), select);

  /** @type {import("./types").App} */
  const app = {
    host, root, api, words, t, signal,
    key: host.getAttribute("article") ?? "",
    site: null, article: null, me: null, count: 0,
    view: { muted: [], promoted: [], hidden: [], reacted: {} },
    ready: Promise.resolve(),
    following: new Set(),
    sort(name = select.value) {
      select.value = name;
      return name;
    },
    say: (text) => { said.textContent = text; },
    tell: (name, detail = {}) => host.dispatchEvent(new CustomEvent(name, { bubbles: true, composed: true, detail })),
    // What most visits do not need is loaded when it is.
    dialog(name, ...args) {
      const opener = /** @type {HTMLElement | null} */ (host.shadowRoot?.activeElement);
      return app.late("dialogs").then((part) => part?.open(app, opener, name, ...args));
    },
    late: (name) => Promise.all([import(`./${name}.js`), words.load("write."), sheet("late").then(wear)]).then(([part]) => part, unreachable),
    compose: (what) => app.late("compose").then((part) => part?.composer(app, what)),
    own: (name, ...args) => (mine ??= app.late("own").then((part) => part.ownComments(app, own, account))).then((part) => part[name](...args), unreachable),
    describe,
    setDrifting(is) {
      drift.hidden = !is;
      drift.textContent = is ? t("drift") : "";
    },
    setCount(n) {
      app.count = n;
      title.textContent = t("count", { n });
      app.tell("parley-count", { count: n });
    },
    async signIn(token) {
      const turn = ++turns;
      api.token = token ?? guestToken(app);
      const me = api.token ? await api.mine("GET", "me").catch(forget) : null;
      if (turn !== turns) return; // somebody else signed in meanwhile
      const was = app.me;
      app.me = me;
      app.view = { muted: [], promoted: [], hidden: [], reacted: {} };
      if (me) {
        const view = api.mine("GET", "me/view", { query: { article: app.key } }).catch(() => app.view);
        [app.view] = await Promise.all([view, words.load("write.").catch(unreachable)]);
      }
      account.replaceChildren();
      if (me || was) app.threads.redraw();
      if (app.me || mine) await app.own("load");
    },
    async reload() {
      trouble.replaceChildren();
      root.setAttribute("aria-busy", "true");
      try {
        await app.threads.load(take("page"));
      } catch (error) {
        trouble.replaceChildren(h("p", {}, words.wrong(error)), button(t("again"), () => again()));
      }
      root.removeAttribute("aria-busy");
    },
    threads: /** @type {any} */ (null),
    live: /** @type {any} */ (null),
  };
  app.threads = threadList(app);
  app.live = live(app, pill);
  root.setAttribute("aria-labelledby", "title");
  root.removeAttribute("aria-label");
  root.append(h("header", {}, title, community, account), drift, compose, own, sort, pill, trouble, app.threads.node, said);
  app.ready = open();
  return app;

  async function open() {
    await Promise.all([describe(), app.key ? app.reload() : app.late("visit").then((part) => part.visit(app)).then(app.reload)]).catch(() => {});
    // The page may have signed somebody in by now; a guest is known only with the site.
    if (!turns || !api.token) await app.signIn(api.token);
    await app.threads.reveal(location.hash);
    addEventListener("hashchange", () => app.threads.reveal(location.hash), { signal });
    app.live.watch();
  }

  /** What was asked for before there were words to show it with; once. */
  function take(/** @type {"page" | "site" | "article"} */ name) {
    const asked = early?.[name];
    if (early) early = { ...early, [name]: undefined };
    return asked;
  }

  async function again() {
    await Promise.all([describe(), app.reload()]);
    if (app.site) await app.signIn(api.token);
  }

  async function describe() {
    const was = isOpen();
    try {
      [app.site, app.article] = await Promise.all([take("site") ?? api.get("site"), app.key ? take("article") ?? api.get(`articles/${app.key}`) : null]);
    } catch {
      return; // the thread says what is wrong
    }
    community.replaceChildren(t("community", { name: app.site.name }), " ", guidelines());
    if (isOpen() !== was) app.threads.redraw();
    // What somebody is writing stays; the server says if it came too late.
    if (!compose.querySelector("form")) showCompose();
  }

  function isOpen() {
    return app.article?.is_open !== false;
  }

  function guidelines() {
    return button(t("guidelines"), () => app.dialog("guidelines"), { class: "link", "aria-haspopup": "dialog" });
  }

  function showCompose() {
    if (!isOpen()) return compose.replaceChildren(h("p", { class: "closed" }, t("closed")));
    const open = button(t("write"), async () => {
      const form = await app.compose({ close: () => { form?.replaceWith(open); open.focus(); } });
      if (!form) return;
      open.replaceWith(form);
      form.querySelector("textarea, input")?.focus();
    }, { class: "primary", part: "button write" });
    compose.replaceChildren(open);
  }

  function wear(/** @type {CSSStyleSheet} */ css) {
    const worn = /** @type {ShadowRoot} */ (host.shadowRoot).adoptedStyleSheets;
    if (!worn.includes(css)) worn.push(css);
  }

  /** A part that could not be loaded; the next click tries again. */
  function unreachable() {
    mine = undefined;
    trouble.replaceChildren(h("p", { class: "error" }, t("e.offline")));
  }

  /** A token that does not hold signs nobody in. */
  function forget(/** @type {unknown} */ error) {
    if (error instanceof Problem && error.status === 401) api.token = null;
    return null;
  }
}

/** The order a page asks for, else the newest first. */
export function firstSort(/** @type {HTMLElement} */ host) {
  const asked = host.getAttribute("sort") ?? "";
  return SORTS.includes(asked) ? asked : SORTS[0];
}

function bound(/** @type {import("./words.js").Words} */ words) {
  return { t: words.t.bind(words) };
}
