/** The way to one comment, wherever it is. */

import { bring } from "./changes.js";

/** Go to a comment, fetching its thread if it is not on the page. */
export async function reveal(/** @type {import("./types").App} */ app, /** @type {string} */ id) {
  if (!app.threads.shown.has(id)) await fetchThread(app, id).catch(() => app.say(app.t("notThere")));
  const article = /** @type {HTMLElement | null} */ (app.threads.node.querySelector(`#parley-${id}`));
  if (!article) return;
  article.classList.add("target");
  article.scrollIntoView({ block: "center" });
  article.focus({ preventScroll: true });
}

async function fetchThread(/** @type {import("./types").App} */ app, /** @type {string} */ id) {
  let comment = await app.api.get(`comments/${id}`);
  while (comment.parent_id) comment = await app.api.get(`comments/${comment.parent_id}`);
  await bring(app, comment);
}
