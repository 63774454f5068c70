/** Calls of the public API with the session's cookie; the CSRF token never leaves this module. */

const PREFIX = '/api/v1';
const SIGNED_OUT = 'signed-out';
const SITE_KEY = 'parley-console-site';

/** @typedef {{key: string, name: string, role: string}} SiteRole */
/** @typedef {{moderator: {id: string, name: string}, sites: SiteRole[], csrf_token: string}} Session */

/** A refusal: an RFC 9457 problem, or no answer at all (`status` 0). */
export class Refusal extends Error {
  /**
   * @param {number} status
   * @param {{code?: string, detail?: string, errors?: Record<string, string[]>}} problem
   * @param {number} [retryAfter] seconds
   */
  constructor(status, problem, retryAfter = 0) {
    super(problem.detail ?? `The server answered ${status}.`);
    this.status = status;
    this.code = problem.code ?? '';
    this.errors = problem.errors ?? {};
    this.retryAfter = retryAfter;
  }

  /** What went wrong in a sentence, fields included. */
  get text() {
    const fields = Object.entries(this.errors).map(([name, said]) => `${name}: ${said}`);
    return [this.message, ...fields].join(' ');
  }
}

/** The API as this page sees it. Fires `signed-out` when the session has ended. */
class Api extends EventTarget {
  /** @type {Session | null} */
  session = null;
  #csrf = '';
  #site = '';

  /** @returns {SiteRole | undefined} the site that is worked on, with one's role there */
  get place() {
    const sites = this.session?.sites ?? [];
    return sites.find((site) => site.key === this.#site) ?? sites[0];
  }

  /**
   * Whether the role allows what these may; an admin may do everything.
   * @param {...string} roles
   */
  is(...roles) {
    const role = this.place?.role ?? '';
    return role === 'admin' || roles.includes(role);
  }

  /** @param {string} key */
  choose(key) {
    this.#site = key;
    sessionStorage.setItem(SITE_KEY, key);
  }

  /** Take up a session the browser still has. Raises Refusal without one. */
  async resume() {
    this.#accept(await this.#send('GET', '/moderation/session', {}));
  }

  /**
   * @param {string} email
   * @param {string} password
   */
  async signIn(email, password) {
    this.#accept(await this.#send('POST', '/moderation/session', { body: { email, password } }));
  }

  /** @param {string} code of a sign-in link */
  async signInByLink(code) {
    this.#accept(await this.#send('POST', '/moderation/session/link', { body: { code } }));
  }

  async signOut() {
    await this.delete('/moderation/session');
    this.session = null;
    this.dispatchEvent(new Event(SIGNED_OUT));
  }

  /** @param {Session} session */
  #accept(session) {
    this.session = session;
    this.#csrf = session.csrf_token;
    this.#site = sessionStorage.getItem(SITE_KEY) ?? '';
    this.#site = this.place?.key ?? '';
  }

  /** @param {string} path @param {Record<string, any>} [query] */
  get(path, query) { return this.call('GET', path, { query }); }

  /** @param {string} path @param {any} [body] */
  post(path, body) { return this.call('POST', path, { body: body ?? {} }); }

  /** @param {string} path @param {any} [body] */
  put(path, body) { return this.call('PUT', path, { body }); }

  /** @param {string} path @param {any} body */
  patch(path, body) { return this.call('PATCH', path, { body }); }

  /** @param {string} path @param {any} [body] */
  delete(path, body) { return this.call('DELETE', path, { body }); }

  /**
   * The address of a call, for links that download.
   * @param {string} path
   * @param {Record<string, any>} [query] empty values are left out
   */
  address(path, query = {}) {
    const given = Object.entries({ site: this.#site, ...query })
      .filter(([, value]) => value !== '' && value !== null && value !== undefined);
    return `${PREFIX}${path}?${new URLSearchParams(given)}`;
  }

  /**
   * One call. Raises Refusal.
   * @param {string} method
   * @param {string} path
   * @param {{query?: Record<string, any>, body?: any}} given
   * @returns {Promise<any>}
   */
  async call(method, path, given) {
    try {
      return await this.#send(method, path, given);
    } catch (error) {
      const refusal = /** @type {Refusal} */ (error);
      if (refusal.code === 'csrf_missing') {
        // Another tab signed in again: this page takes up that session, once.
        await this.resume();
        return this.#send(method, path, given);
      }
      if (refusal.status === 401) {
        this.session = null;
        this.dispatchEvent(new Event(SIGNED_OUT));
      }
      throw error;
    }
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {{query?: Record<string, any>, body?: any}} given
   */
  async #send(method, path, { query, body }) {
    /** @type {Record<string, string>} */
    const headers = { Accept: 'application/json' };
    if (method !== 'GET') headers['X-CSRF-Token'] = this.#csrf;
    if (body !== undefined) headers['Content-Type'] = 'application/json';
    let answer;
    try {
      answer = await fetch(this.address(path, query), {
        method, headers, body: body === undefined ? undefined : JSON.stringify(body),
        credentials: 'same-origin', cache: 'no-store', keepalive: method === 'DELETE',
      });
    } catch {
      throw new Refusal(0, { code: 'offline', detail: 'The server cannot be reached right now.' });
    }
    const text = await answer.text();
    const data = text && /json/.test(answer.headers.get('Content-Type') ?? '') ? JSON.parse(text) : null;
    if (answer.ok) return data;
    throw new Refusal(answer.status, data ?? {}, Number(answer.headers.get('Retry-After') ?? 0));
  }
}

export const api = new Api();
