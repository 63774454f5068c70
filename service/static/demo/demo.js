/** The demo page's own sign-in: what a publisher's page would do with its own accounts. */

const widget = /** @type {any} */ (document.querySelector("parley-comments"));
const reader = /** @type {HTMLSelectElement} */ (document.querySelector("#reader"));
const language = /** @type {HTMLSelectElement} */ (document.querySelector("#language"));
const theme = /** @type {HTMLSelectElement} */ (document.querySelector("#theme"));

async function signIn() {
  await customElements.whenDefined("parley-comments");
  widget.setToken(reader.value ? await tokenOf(reader.value) : null);
}

async function tokenOf(/** @type {string} */ name) {
  const response = await fetch(`/demo/token?site=${widget.getAttribute("site")}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ name }),
  });
  return response.ok ? (await response.json()).token : null;
}

reader.addEventListener("change", signIn);
language.addEventListener("change", () => { widget.lang = language.value; });
theme.addEventListener("change", () => {
  widget.setAttribute("theme", theme.value);
  document.documentElement.dataset.theme = theme.value;
});
widget.addEventListener("parley-token-needed", (/** @type {CustomEvent} */ event) => {
  if (event.detail.reason !== "expired" || !reader.value) return reader.focus();
  event.preventDefault();
  signIn();
});
if (reader.value) signIn();
