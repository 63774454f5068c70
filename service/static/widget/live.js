/** What is new: a stream where the site has one, a look now and then in any case. */

import { button } from "./dom.js";

const LOOK_MS = 20_000;
const LOOK_BESIDE_STREAM_MS = 60_000;
// Pages are up to two seconds old, and a thousand readers must not ask in the same one.
const PAGE_AGE_MS = 2_500;
const SPREAD_MS = 3_000;
const CHECKED_MS = 1_000;
const HIDDEN_MS = 30_000;
const REFUSED_MS = 60_000;
const REFUSED_MOST_MS = 600_000;
const PILL_MS = 1_000;

/**
 * @param {import("./types").App} app
 * @param {HTMLElement} place of the pill
 */
export function live(app, place) {
  /** New comments by id, with their threads. @type {Map<string, string>} */
  const fresh = new Map();
  /** One's own that are counted, those that went, those to be read again and since when. */
  const settled = new Set();
  const lost = new Set();
  /** @type {Map<string, number>} */
  const stale = new Map();
  let known = 0;
  let heard = 0;
  /** @type {EventSource | null} */
  let source = null;
  let isUp = false;
  let refused = REFUSED_MS;
  let notBefore = 0;
  /** @type {Record<"looking" | "hiding" | "reading" | "resting", any>} */
  const timers = { looking: 0, hiding: 0, reading: 0, resting: 0 };

  return { watch, loaded, settle, shown };

  /** A first page is shown: nothing is new any more, unless it was older than what was heard. */
  function loaded(/** @type {number} */ n) {
    fresh.clear();
    known = n;
    app.setCount(Date.now() - heard < PAGE_AGE_MS ? Math.max(n, app.count) : n);
    draw();
  }

  /** One's own comment is public; `isCounted` where the stream said so. */
  function settle(/** @type {string} */ id, isCounted = false) {
    if (settled.has(id)) return;
    settled.add(id);
    lost.delete(id);
    known += 1;
    heard = Date.now();
    if (!fresh.delete(id) && !isCounted) app.setCount(app.count + 1);
    pill();
  }

  function watch() {
    const { signal } = app;
    signal.addEventListener("abort", () => { Object.values(timers).forEach(clearTimeout); close(); });
    addEventListener("pagehide", close, { signal });
    document.addEventListener("visibilitychange", () => {
      clearTimeout(timers.hiding);
      if (document.hidden) timers.hiding = setTimeout(close, HIDDEN_MS);
      else if (!isUp) { look(); connect(); }
    }, { signal });
    connect();
    wait();
  }

  function wait() {
    clearTimeout(timers.looking);
    const every = isUp ? LOOK_BESIDE_STREAM_MS : LOOK_MS;
    timers.looking = setTimeout(() => { look(); connect(); wait(); }, every * (0.8 + 0.4 * Math.random()));
  }

  function connect() {
    if (source || document.hidden || !app.site?.live_url || Date.now() < notBefore) return;
    const url = new URL(`${app.site.live_url.replace(/\/$/, "")}/api/v1/articles/${app.key}/stream`);
    url.searchParams.set("site", app.site.key);
    source = new EventSource(url);
    on("hello", ({ comment_count }) => { count(comment_count); pill(); });
    on("comment", told);
    on("article", ({ drifting, mode }) => {
      if (mode !== app.article?.mode) setTimeout(app.describe, PAGE_AGE_MS + Math.random() * SPREAD_MS);
      app.setDrifting(drifting);
    });
    on("reset", () => setTimeout(look, Math.random() * SPREAD_MS, true));
    source.onopen = () => { isUp = true; refused = REFUSED_MS; wait(); };
    source.onerror = () => {
      // The browser tries again by itself, unless it was told that there is no stream.
      if (source?.readyState === EventSource.CLOSED) {
        notBefore = Date.now() + refused * (0.5 + Math.random());
        refused = Math.min(2 * refused, REFUSED_MOST_MS);
        close();
      } else if (isUp) {
        isUp = false;
        wait();
      }
    };
  }

  function on(/** @type {string} */ name, /** @type {(data: any) => void} */ take) {
    source?.addEventListener(name, (event) => take(JSON.parse(event.data)));
  }

  function close() {
    source?.close();
    source = null;
    isUp = false;
  }

  function count(/** @type {number} */ n) {
    heard = Date.now();
    if (n !== app.count) app.setCount(n);
  }

  /** Something happened to a comment. It may be told twice. */
  function told(/** @type {any} */ { id, thread_id, change, comment_count }) {
    count(comment_count);
    const isNew = change === "published";
    if (change === "gone") {
      settled.delete(id);
      if (!fresh.delete(id) && !lost.has(id)) {
        lost.add(id);
        known -= 1;
      }
      // A comment that its author changed is back in a moment.
      setTimeout(() => lost.has(id) && changes((part) => part.drop(app, id)), CHECKED_MS);
    } else if (app.following.has(id)) {
      settle(id, true);
      app.own("ask", id);
    } else {
      const isBack = lost.delete(id);
      if (isBack) known += 1;
      if (app.threads.shown.has(id)) {
        if (isBack || !isNew) readSoon(id);
      } else if (isNew && !isBack && !settled.has(id)) fresh.set(id, thread_id);
    }
    pill();
  }

  function readSoon(/** @type {string} */ id) {
    stale.set(id, Date.now());
    timers.reading ||= setTimeout(read, PAGE_AGE_MS + Math.random() * SPREAD_MS);
  }

  /** Read the pages again on which something changed, once they cannot be older than the change. */
  function read() {
    const ripe = [...stale].filter(([, at]) => Date.now() - at >= PAGE_AGE_MS).map(([id]) => id);
    for (const id of ripe) stale.delete(id);
    timers.reading = stale.size && setTimeout(read, PAGE_AGE_MS);
    changes((part) => part.refresh(app, ripe));
  }

  /** The first page as it is now; after a gap in the stream instead of what is shown, where nobody is at it. */
  async function look(gap = false) {
    if (document.hidden || !navigator.onLine) return;
    await changes(async (part) => {
      if (gap && part.isUntouched(app)) return app.threads.load();
      const page = await app.threads.fetchPage(null, "newest");
      if (app.signal.aborted) return;
      app.setDrifting(page.drifting);
      part.update(app, page.threads);
      // A page that is older than what was heard says nothing about how many there are.
      if (Date.now() - heard < 2 * PAGE_AGE_MS) return;
      known = Math.min(known, page.comment_count);
      if (page.comment_count !== app.count) app.setCount(page.comment_count);
      pill();
    });
  }

  /** Change the list; what fails is tried again at the next look. */
  function changes(/** @type {(part: typeof import("./changes.js")) => any} */ make) {
    return import("./changes.js").then(make).catch(() => {});
  }

  /** Show how many are new: at once, and then at most once a second. */
  function pill() {
    if (timers.resting) return;
    draw();
    timers.resting = setTimeout(() => { timers.resting = 0; draw(); }, PILL_MS);
  }

  function draw() {
    const n = Math.max(app.count - known, 0);
    const old = place.querySelector("button");
    if (Number(old?.dataset.n ?? 0) === n) return;
    if (old && n) {
      old.textContent = app.t("arrived", { n });
      old.dataset.n = String(n);
    } else {
      place.replaceChildren(n ? button(app.t("arrived", { n }), show, { class: "pill", part: "pill", "data-n": n }) : "");
    }
  }

  /** Show what is new, where it belongs. */
  async function show() {
    const node = place.querySelector("button");
    node?.setAttribute("aria-busy", "true");
    await (await app.late("arrivals"))?.arrive(app, [...fresh], app.count - known).catch(() => {});
    node?.removeAttribute("aria-busy");
  }

  /** These are on the page now. */
  function shown(/** @type {string[]} */ ids) {
    for (const id of ids) if (fresh.delete(id)) known += 1;
    draw();
  }
}
