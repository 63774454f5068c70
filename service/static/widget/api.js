/** Talks to Parley: one request, one answer or one Problem. */

const PATIENCE_MS = 20_000;

/** What the server, or the way to it, refused. `code` is for programs, `detail` for people. */
export class Problem extends Error {
  constructor(/** @type {number} */ status, /** @type {any} */ body, wait = 0) {
    super(body.detail ?? body.code);
    this.status = status;
    this.code = body.code ?? "any";
    /** @type {Record<string, string[]>} */
    this.errors = body.errors ?? {};
    this.wait = wait;
  }
}

export class Api {
  /** @type {string | null} */
  token = null;
  /** Called where a token no longer holds; says whether there is a new one. */
  renew = async () => false;

  constructor(/** @type {string} */ base, /** @type {string} */ site) {
    this.base = base;
    this.site = site;
  }

  /** A page that anybody may read; `fresh` asks the server whether what we have is still right. */
  get(/** @type {string} */ path, query = {}, fresh = false) {
    return this.#send("GET", path, { query, fresh });
  }

  /** A request as the reader who is signed in, if one is. The token travels in a header only. */
  async mine(/** @type {string} */ method, /** @type {string} */ path, /** @type {any} */ options = {}) {
    try {
      return await this.#send(method, path, { ...options, token: this.token });
    } catch (error) {
      if (!(error instanceof Problem) || error.status !== 401 || !this.token || !(await this.renew())) throw error;
      return this.#send(method, path, { ...options, token: this.token });
    }
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {{query?: any, body?: unknown, token?: string | null, headers?: any, fresh?: boolean}} options
   */
  async #send(method, path, { query = {}, body, token, headers = {}, fresh = false }) {
    const url = new URL(path, this.base);
    for (const [name, value] of Object.entries({ site: this.site, ...query })) {
      if (value) url.searchParams.set(name, String(value));
    }
    const response = await this.#fetch(url, {
      method,
      credentials: "omit",
      cache: token ? "no-store" : fresh ? "no-cache" : "default",
      signal: AbortSignal.timeout(PATIENCE_MS),
      body: body === undefined ? undefined : JSON.stringify(body),
      headers: {
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        ...(token ? { Authorization: `Bearer ${token}` } : {}),
        ...headers,
      },
    });
    const answer = await response.json().catch(() => ({}));
    if (!response.ok) throw new Problem(response.status, answer, Number(response.headers.get("Retry-After")));
    return answer;
  }

  async #fetch(/** @type {URL} */ url, /** @type {RequestInit} */ init) {
    const early = globalThis.parleyAsked?.get(url.href);
    globalThis.parleyAsked?.delete(url.href);
    try {
      return await (early ?? fetch(url, init));
    } catch (error) {
      throw new Problem(0, { code: /** @type {Error} */ (error).name === "TimeoutError" ? "slow" : "offline" });
    }
  }
}

/** A key of our own for a request that must not be carried out twice. */
export function requestKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
