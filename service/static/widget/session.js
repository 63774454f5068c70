/** Who writes: a reader with the publisher's token, or a guest this browser remembers. */

/** @param {import("./types").App} app */
const place = (app) => `parley-guest:${app.api.base}:${app.api.site}`;

/** Pages without storage have guests too; they are forgotten with the page. */
const memory = new Map();

/** The token of the guest this browser knows, where the site takes guests. */
export function guestToken(/** @type {import("./types").App} */ app) {
  if (!app.site?.guests_allowed) return null;
  try {
    return localStorage.getItem(place(app));
  } catch {
    return memory.get(place(app)) ?? null;
  }
}

/** Welcome a guest under a name. */
export async function becomeGuest(/** @type {import("./types").App} */ app, /** @type {string} */ username) {
  const { token } = await app.api.mine("POST", "guests", { body: { username } });
  try {
    localStorage.setItem(place(app), token);
  } catch {
    memory.set(place(app), token);
  }
  await app.signIn(null);
  // Reasons and messages will be written in the language the guest reads.
  await app.api.mine("PUT", "me/settings", { body: { locale: app.words.language } }).catch(() => {});
}

/** Forget the guest of this browser. */
export function forgetGuest(/** @type {import("./types").App} */ app) {
  memory.delete(place(app));
  try {
    localStorage.removeItem(place(app));
  } catch {
    // nothing was kept
  }
}

/** Whether somebody is signed in; if not, the page is asked for a token. */
export function mayAct(/** @type {import("./types").App} */ app) {
  if (app.me) return true;
  app.tell("parley-token-needed", { reason: "missing" });
  return false;
}
