/** Guests: welcomed under a name, forgotten when they ask for it. */

import { memory, place } from "./session.js";

/** Welcome a guest under a name. */
export async function becomeGuest(/** @type {import("./types").App} */ app, /** @type {string} */ username) {
  const { token } = await app.api.mine("POST", "guests", { body: { username } });
  try {
    localStorage.setItem(place(app), token);
  } catch {
    memory.set(place(app), token);
  }
  await app.signIn(null);
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
