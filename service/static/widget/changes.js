/** Changes to the list after it was first shown: what came, what changed, what went. */

/** @typedef {import("./types").App} App */

/** How a comment that did not come with a page is read again. */
function reading(/** @type {App} */ { api }, /** @type {any} */ { id }) {
  return () => api.get(`comments/${id}`, {}, true);
}

/** A comment that was just published: into its thread, or on top. */
export function add(/** @type {App} */ app, /** @type {any} */ comment, threadId = "") {
  const { shown, threads, thread, list, more } = app.threads;
  const known = shown.get(comment.id);
  const read = reading(app, comment);
  if (known) {
    known.data = comment;
    known.draw();
  } else if (comment.parent_id) {
    const parent = threads.get(threadId) ?? [...threads.values()].find((one) => one.node.querySelector(`#parley-${comment.parent_id}`));
    parent?.reply(comment, read);
  } else {
    list.prepend(thread({ ...comment, replies: [] }, read).node);
    more.querySelector("span")?.remove();
  }
  return /** @type {HTMLElement | null} */ (list.querySelector(`#parley-${comment.id}`));
}

/** A thread with all its answers, on top if it is not on the page yet. */
export async function bring(/** @type {App} */ app, /** @type {any} */ comment) {
  const { threads, thread, list } = app.threads;
  let root = threads.get(comment.id);
  if (!root) list.prepend((root = thread(comment, reading(app, comment))).node);
  await root.all();
}

/** What was read again: comments that changed are drawn again, unless the reader is in them. */
export function update(/** @type {App} */ { threads }, /** @type {any[]} */ found) {
  for (const one of found.flatMap((thread) => [thread, ...(thread.replies ?? [])])) {
    const entry = threads.shown.get(one.id);
    if (!entry || JSON.stringify({ ...entry.data, ...one }) === JSON.stringify(entry.data)) continue;
    const article = threads.list.querySelector(`#parley-${one.id}`);
    if (article?.querySelector("form") || article?.contains(threads.focused())) continue;
    Object.assign(entry.data, one);
    entry.draw();
  }
}

/** Read these comments again, each page that holds some of them once. */
export async function refresh(/** @type {App} */ app, /** @type {string[]} */ ids) {
  const reads = new Set(ids.map((id) => app.threads.shown.get(id)?.read));
  await Promise.all([...reads].map(async (read) => {
    const found = await read?.();
    if (found) update(app, found.threads ?? found.replies ?? [found]);
  }));
}

/** A comment is not public any more; what answers it stays. */
export function drop(/** @type {App} */ { threads }, /** @type {string} */ id) {
  const entry = threads.shown.get(id);
  if (!entry?.data.author || threads.list.querySelector(`#parley-${id} form`)) return;
  entry.data = { ...entry.data, author: null, html: null };
  entry.draw();
}

/** Whether only the first page is shown, and nobody writes or stands in it. */
export function isUntouched(/** @type {App} */ { threads }) {
  const { list } = threads;
  return threads.pages() < 2 && !list.querySelector("form") && !list.contains(threads.focused());
}
