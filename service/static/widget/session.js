/** Who writes: a reader with the publisher's token, or a guest this browser remembers. */

/** Where a guest's token is kept: under the installation's address and the site's key. */
export const place = (/** @type {import("./types").App} */ app) => `parley-guest:${app.api.base}:${app.api.site}`;

/** Pages without storage have guests too; they are forgotten with the page. */
export const memory = new Map();

/** The token of the guest this browser knows, where the site takes guests. */
export function guestToken(/** @type {import("./types").App} */ app) {
  if (!app.site?.guests_allowed) return null;
  try {
    return localStorage.getItem(place(app));
  } catch {
    return memory.get(place(app)) ?? null;
  }
}
