/** Puts new comments where they belong when the reader asks for them. */

import { add } from "./changes.js";

const TRIES = 5;
const BETWEEN_MS = 1_000;
// More answers than this are not fetched one by one.
const ONE_BY_ONE = 10;

/**
 * Answers to threads on the page go there; for anything else the newest first page comes.
 * @param {import("./types").App} app
 * @param {[string, string][]} found comments that were announced, each with its thread
 * @param {number} n how many are new, which may be more
 */
export async function arrive(app, found, n) {
  const isHere = found.length === n && n <= ONE_BY_ONE && found.every(([, thread]) => app.threads.shown.has(thread));
  await (isHere ? answers(app, found) : newest(app));
}

async function answers(/** @type {import("./types").App} */ app, /** @type {[string, string][]} */ found) {
  const comments = await Promise.all(found.map(([id]) => app.api.get(`comments/${id}`).catch(() => null)));
  const placed = comments.map((comment, at) => comment && add(app, comment, found[at][1])).find(Boolean);
  app.live.shown(found.map(([id]) => id));
  placed?.focus();
}

/** A page may be a moment older than what was announced: then it is asked for again. */
async function newest(/** @type {import("./types").App} */ app) {
  let page = await app.threads.fetchPage(null, "newest");
  for (let left = TRIES; left && page.comment_count < app.count; left -= 1) {
    await new Promise((go) => setTimeout(go, BETWEEN_MS));
    page = await app.threads.fetchPage(null, "newest");
  }
  app.sort("newest");
  await app.threads.load(page);
  app.threads.list.querySelector("article")?.focus();
}
