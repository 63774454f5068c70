/** One conversation: what is known of it, and the parts on the page that show it. */

import { Problem } from "./api.js";
import { button, h } from "./dom.js";
import { watch } from "./live.js";
import { guestToken } from "./session.js";
import { threadList } from "./thread.js";

const SORTS = ["newest", "oldest", "top", "featured"];

/**
 * Show a conversation in `root`.
 * @param {{host: HTMLElement, root: HTMLElement, api: import("./api.js").Api,
 *          words: import("./words.js").Words, signal: AbortSignal}} given
 * @returns {import("./types").App}
 */
export function start({ host, root, api, words, signal }) {
  const { t } = bound(words);
  const title = h("h2", { id: "title", part: "title" });
  const community = h("p", { class: "community", part: "community" });
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
  select.value = SORTS.includes(host.getAttribute("sort") ?? "") ? host.getAttribute("sort") : SORTS[0];
  const sort = h("p", { class: "sort" }, h("label", { for: "sort" }, t("sort")), select);

  /** @type {import("./types").App} */
  const app = {
    host, root, api, words, t, signal,
    key: host.getAttribute("article") ?? "",
    site: null, article: null, me: null, count: 0,
    view: { muted: [], promoted: [], hidden: [], reacted: {} },
    ready: Promise.resolve(),
    sort: () => select.value,
    say: (text) => { said.textContent = text; },
    tell: (name, detail = {}) => host.dispatchEvent(new CustomEvent(name, { bubbles: true, composed: true, detail })),
    // What most visits do not need is loaded when it is.
    dialog(name, ...args) {
      const opener = /** @type {HTMLElement | null} */ (host.shadowRoot?.activeElement);
      return import("./dialogs.js").then((part) => part.open(app, opener, name, ...args), unreachable);
    },
    compose: (what) => import("./compose.js").then((part) => part.composer(app, what), unreachable),
    own: (name, ...args) => (mine ??= import("./own.js").then((part) => part.ownComments(app, own))).then((part) => part[name](...args), unreachable),
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
      app.me = me;
      app.view = { muted: [], promoted: [], hidden: [], reacted: {} };
      if (me) app.view = await api.mine("GET", "me/view", { query: { article: app.key } }).catch(() => app.view);
      showAccount();
      app.threads.redraw();
      if (app.me || mine) await app.own("load");
    },
    async reload() {
      pill.replaceChildren();
      trouble.replaceChildren();
      root.setAttribute("aria-busy", "true");
      try {
        await app.threads.load();
      } catch (error) {
        trouble.replaceChildren(h("p", {}, words.wrong(error)), button(t("again"), () => again()));
      }
      root.removeAttribute("aria-busy");
    },
    arrived(n, page) {
      // The page that was announced is shown: another copy of it might be older.
      const show = async () => {
        select.value = SORTS[0];
        pill.replaceChildren();
        await app.threads.load(page);
        app.threads.focusFirst();
      };
      pill.replaceChildren(n > 0 ? button(t("arrived", { n }), show, { class: "pill", part: "pill" }) : "");
    },
    threads: /** @type {any} */ (null),
  };
  app.threads = threadList(app);
  root.setAttribute("aria-labelledby", "title");
  root.removeAttribute("aria-label");
  root.append(h("header", {}, title, community, account), compose, own, sort, pill, trouble, app.threads.node, said);
  app.ready = open();
  return app;

  async function open() {
    await Promise.all([describe(), app.key ? app.reload() : visit().then(app.reload)]).catch(() => {});
    // The page may have signed somebody in by now; a guest is known only with the site.
    if (!turns || !api.token) await app.signIn(api.token);
    await app.threads.reveal(location.hash);
    addEventListener("hashchange", () => app.threads.reveal(location.hash), { signal });
    watch(app);
  }

  async function again() {
    await Promise.all([describe(), app.reload()]);
    if (app.site) await app.signIn(api.token);
  }

  /** Only the script tag was used: the page itself is the article. */
  async function visit() {
    const link = /** @type {HTMLLinkElement | null} */ (document.querySelector("link[rel=canonical]"));
    const article = await api.mine("POST", "articles", { body: { url: link?.href ?? location.href.split("#")[0] } });
    app.key = article.key;
  }

  async function describe() {
    try {
      [app.site, app.article] = await Promise.all([api.get("site"), app.key ? api.get(`articles/${app.key}`) : null]);
    } catch {
      return; // the thread says what is wrong
    }
    community.replaceChildren(t("community", { name: app.site.name }), " ", guidelines());
    showCompose();
  }

  function guidelines() {
    return button(t("guidelines"), () => app.dialog("guidelines"), { class: "link", "aria-haspopup": "dialog" });
  }

  function showCompose() {
    if (app.article && !app.article.is_open) return compose.replaceChildren(h("p", { class: "closed" }, t("closed")));
    const open = button(t("write"), async () => {
      const form = await app.compose({ close: () => { form?.replaceWith(open); open.focus(); } });
      if (!form) return;
      open.replaceWith(form);
      form.querySelector("textarea, input")?.focus();
    }, { class: "primary", part: "button write" });
    compose.replaceChildren(open);
  }

  function showAccount() {
    const { me } = app;
    if (!me) return account.replaceChildren();
    const warnings = me.warnings?.length ? h("span", { class: "badge" }, t("warnings", { n: me.warnings.length })) : null;
    account.replaceChildren(t("signedIn", { name: me.username }), " · ",
      button(t("activity"), () => app.dialog("activity"), { class: "link", "aria-haspopup": "dialog" }), ...(warnings ? [" ", warnings] : []));
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

function bound(/** @type {import("./words.js").Words} */ words) {
  return { t: words.t.bind(words) };
}
