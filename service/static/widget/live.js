/** Looks every 20 seconds whether there is something new, while the page is seen. */

const EVERY_MS = 20_000;

/** @param {import("./types").App} app */
export function watch(app) {
  const look = async () => {
    if (document.hidden || !navigator.onLine) return;
    try {
      // The browser sends the tag of the page it has; an unchanged page costs no body.
      const page = await app.api.get(`articles/${app.key}/comments`, { sort: "newest" }, true);
      if (app.signal.aborted) return;
      app.threads.update(page.threads);
      app.arrived(page.comment_count - app.count, page);
    } catch {
      // the next look tells
    }
  };
  const timer = setInterval(look, EVERY_MS);
  app.signal.addEventListener("abort", () => clearInterval(timer));
  document.addEventListener("visibilitychange", look, { signal: app.signal });
}
