/** The form to write, answer and change a comment. */

import { Problem, requestKey } from "./api.js";
import { button, h, unique } from "./dom.js";
import { field, mark } from "./field.js";
import { becomeGuest } from "./guest.js";

const NEAR_END = 200;
const SLOW_MS = 6_000;
const NAME_MAX = 80;
/** Who was said to read which language. @type {WeakMap<object, string>} */
const languages = new WeakMap();

/**
 * @param {import("./types").App} app
 * @param {{close: () => void, parent?: any, edit?: any, done?: (comment: any) => void}} what
 *   `parent` is the comment that is answered, `edit` one's own that is changed.
 */
export function composer(app, { close, parent, edit, done }) {
  const { t, words } = app;
  const most = app.site.comment_max_chars;
  const label = edit ? t("change") : parent ? t("yourReply", { name: parent.author.username }) : t("yourComment");
  const text = h("textarea", { rows: 5, dir: "auto", required: true, part: "input" });
  text.value = edit?.body ?? "";
  const name = !app.me && app.site.guests_allowed ? h("input", { id: unique("f"), maxlength: NAME_MAX, required: true, autocomplete: "nickname", dir: "auto", part: "input" }) : null;
  const wrong = h("p", { class: "error", role: "alert" });
  const busy = h("p", { class: "busy", role: "status" });
  const send = h("button", { class: "primary", part: "button" }, t(edit ? "save" : parent ? "postReply" : "post"));
  const form = h("form", { novalidate: true, part: "form", onsubmit: submit, onkeydown: leave },
    name && field(t("guestName"), name, t("guestHint")),
    field(label, text), wrong, busy,
    h("p", { class: "row" }, send, button(t("cancel"), close), !app.me && signIn()));
  const left = text.parentNode.querySelector("small");
  // The same text sent twice is one comment; another text is another.
  let key = requestKey();
  text.addEventListener("input", () => { key = requestKey(); measure(); });
  measure();
  return form;

  function measure() {
    const n = most - [...text.value.trim()].length;
    mark(text);
    left.textContent = left.dataset.hint = n < 0 ? t("over", { n: -n }) : n <= NEAR_END ? t("left", { n }) : t("atMost", { n: most });
    left.classList.toggle("error", n < 0);
    return n;
  }

  function leave(/** @type {KeyboardEvent} */ event) {
    if (event.key === "Escape" && !text.value.trim()) close();
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  }

  function signIn() {
    if (app.site.guests_allowed && !app.host.hasAttribute("sign-in")) return null;
    return button(t("signIn"), () => app.tell("parley-token-needed", { reason: "missing" }), { class: "link" });
  }

  async function submit(/** @type {Event} */ event) {
    event.preventDefault();
    if (send.getAttribute("aria-disabled")) return;
    wrong.textContent = "";
    if (!text.value.trim()) return mark(text, t("empty"));
    if (measure() < 0) return text.focus();
    if (name?.isConnected && !app.me && !name.value.trim()) return mark(name, t("nameFirst"));
    send.setAttribute("aria-disabled", "true");
    busy.textContent = t("sending");
    const slow = setTimeout(() => { busy.textContent = t("slow"); }, SLOW_MS);
    try {
      await write();
    } catch (error) {
      refused(error);
    } finally {
      clearTimeout(slow);
      busy.textContent = "";
      send.removeAttribute("aria-disabled");
    }
  }

  async function write() {
    if (!app.me && name) await becomeGuest(app, name.value.trim());
    if (!app.me) {
      app.tell("parley-token-needed", { reason: "missing" });
      wrong.textContent = t("signInFirst");
      return;
    }
    await speak();
    const body = text.value;
    const comment = edit
      ? await app.api.mine("PATCH", `comments/${edit.id}`, { body: { body, revision: edit.revision } })
      : await app.api.mine("POST", `articles/${app.key}/comments`, {
        body: { body, parent_id: parent?.id ?? null },
        headers: { "Idempotency-Key": key },
      });
    app.tell("parley-posted", { id: comment.id });
    close();
    done?.(comment);
    await app.own("follow", comment);
  }

  /** Reasons and messages will be written in the language the reader writes in. */
  async function speak() {
    if (languages.get(app.me) === words.language) return;
    languages.set(app.me, words.language);
    await app.api.mine("PUT", "me/settings", { body: { locale: words.language } }).catch(() => {});
  }

  function refused(/** @type {unknown} */ error) {
    const first = error instanceof Problem ? error.errors : {};
    if (name && first.username) return mark(name, words.wrong(error));
    wrong.textContent = `${words.wrong(error)} ${t("kept")}`;
    if (error instanceof Problem && error.code === "warning_unacknowledged") app.dialog("activity");
  }
}
