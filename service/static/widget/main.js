/** <parley-comments article="KEY" site="KEY">: the conversation under an article. */

import { Api } from "./api.js";
import { firstSort, start } from "./conversation.js";
import { h, sheet } from "./dom.js";
import { threadPage } from "./thread.js";
import { Words, languageOf } from "./words.js";

const RENEW_MS = 30_000;
sheet("widget").catch(() => {});

export class ParleyComments extends HTMLElement {
  static observedAttributes = ["article", "site", "lang"];
  #leave = new AbortController();
  /** @type {import("./types").App | null} */
  #app = null;
  /** @type {string | null} */
  #token = null;
  /** @type {((came: boolean) => void)[]} */
  #waiting = [];

  connectedCallback() {
    if (!this.shadowRoot) this.attachShadow({ mode: "open" });
    this.#begin();
  }

  disconnectedCallback() {
    this.#leave.abort();
  }

  attributeChangedCallback(/** @type {string} */ _, /** @type {string | null} */ before) {
    if (this.isConnected && before !== null) this.#begin();
  }

  /** Sign a reader in with the publisher's token; null signs out. Nothing of it is stored. */
  async setToken(/** @type {string | null} */ token) {
    this.#token = token;
    const waiting = this.#waiting.splice(0);
    if (this.#app && waiting.length) this.#app.api.token = token;
    for (const done of waiting) done(token !== null);
    await this.#app?.signIn(token);
  }

  /** Load the conversation again. */
  refresh() {
    return this.#app?.reload();
  }

  async #begin() {
    this.#leave.abort();
    this.#leave = new AbortController();
    const { signal } = this.#leave;
    const shadow = /** @type {ShadowRoot} */ (this.shadowRoot);
    const near = this.closest("[lang]") ?? document.documentElement;
    const words = new Words(languageOf(this.lang, near.getAttribute("lang"), navigator.language));
    const api = new Api(new URL("/api/v1/", import.meta.url).href, this.getAttribute("site") ?? "");
    api.token = this.#token;
    api.renew = () => this.#renew();
    const root = h("section", { part: "root", lang: words.language, "aria-label": "…", "aria-busy": "true" });
    const early = this.#early(api);
    const [css] = await Promise.all([sheet("widget"), words.load()]);
    if (signal.aborted) return;
    shadow.adoptedStyleSheets = [css];
    shadow.replaceChildren(root);
    this.#app = start({ host: this, root, api, words, signal, early });
    await this.#app.ready;
    if (!signal.aborted) this.#app.tell("parley-ready");
  }

  /** What every visit asks for, while words and style are on their way. */
  #early(/** @type {Api} */ api) {
    const key = this.getAttribute("article");
    if (!key) return null;
    const asked = { page: threadPage(api, key, firstSort(this)), site: api.get("site"), article: api.get(`articles/${key}`) };
    for (const one of Object.values(asked)) one.catch(() => {});
    return asked;
  }

  /** Ask the page for another token. One that is coming (preventDefault) is waited for. */
  #renew() {
    this.#token = null;
    const asked = new CustomEvent("parley-token-needed", { bubbles: true, composed: true, cancelable: true, detail: { reason: "expired" } });
    return new Promise((/** @type {(came: boolean) => void} */ done) => {
      this.#waiting.push(done);
      setTimeout(done, this.dispatchEvent(asked) ? 0 : RENEW_MS, false);
    });
  }
}

if (!customElements.get("parley-comments")) customElements.define("parley-comments", ParleyComments);
