/** The console's frame: signed in or not, the pages one may see, live counts, keys. */

import { api, Refusal } from './api.js';
import { h, fill, announce } from './dom.js';
import { listen, bind, showKeys } from './keys.js';
import { here, link } from './router.js';
import { counts } from './counts.js';
import { toast } from './toast.js';
import { signInForm } from './sign-in.js';
import './queue-page.js';
import './reader-page.js';
import './appeals-page.js';
import './notices-page.js';
import './proposals-page.js';
import './log-page.js';
import './stats-page.js';
import './engagement-page.js';
import './featured-page.js';
import './guidelines-page.js';
import './moderators-page.js';
import './me-page.js';

/** Page → its element, its name, and the roles that see it in the menu (none: everybody). */
const PAGES = /** @type {Record<string, {tag: string, name: string, roles?: string[], hidden?: boolean}>} */ ({
  queue: { tag: 'parley-queue', name: 'Queue' },
  appeals: { tag: 'parley-appeals', name: 'Appeals' },
  notices: { tag: 'parley-notices', name: 'Notices' },
  proposals: { tag: 'parley-proposals', name: 'Two people' },
  log: { tag: 'parley-log', name: 'Log' },
  stats: { tag: 'parley-stats', name: 'Figures' },
  engagement: { tag: 'parley-engagement', name: 'Engagement' },
  featured: { tag: 'parley-featured', name: 'Suggested' },
  guidelines: { tag: 'parley-guidelines', name: 'Guidelines' },
  moderators: { tag: 'parley-moderators', name: 'Moderators', roles: ['lead'] },
  me: { tag: 'parley-me', name: 'Me' },
  reader: { tag: 'parley-reader', name: 'Reader', hidden: true },
});

const LINK = '#sign-in=';

class ParleyConsole extends HTMLElement {
  #main = h('main', { id: 'main', tabIndex: -1 });
  #nav = h('nav', { 'aria-label': 'Pages' });

  async connectedCallback() {
    listen();
    bind(this, [
      { key: '?', does: 'List the keys', run: showKeys },
      { key: 'u', does: 'Undo the last decision', run: () => toast().undo() },
    ]);
    api.addEventListener('signed-out', () => this.#signIn());
    addEventListener('hashchange', () => (linkCode() ? this.#begin() : api.session && this.#show()));
    counts.addEventListener('change', () => this.#menu());
    await this.#begin();
  }

  /** Take up the session there is, or begin one with the code of a sign-in link. */
  async #begin() {
    const code = linkCode();
    // At once: no history, bookmark or screenshot is to hold the code.
    if (code) history.replaceState(null, '', location.pathname + location.search);
    try {
      await (code ? api.signInByLink(code) : api.resume());
      this.#frame();
    } catch (error) {
      const refusal = /** @type {Refusal} */ (error);
      this.#signIn(refusal.status === 401 && !code ? '' : refusal.text);
    }
  }

  /** @param {string} [message] */
  #signIn(message = '') {
    counts.stop();
    document.title = 'Sign in – Parley console';
    fill(this, ...announcers(), signInForm(message, () => this.#frame()));
    /** @type {HTMLElement | null} */ (this.querySelector('input'))?.focus();
  }

  #frame() {
    const sites = api.session?.sites ?? [];
    const site = sites.length < 2 ? h('span', { class: 'site' }, api.place?.name) : h('select', {
      class: 'site', 'aria-label': 'Site',
      onchange: (/** @type {any} */ event) => { api.choose(event.target.value); this.#frame(); },
    }, sites.map(({ key, name }) => h('option', { value: key, selected: key === api.place?.key }, name)));
    fill(this, h('a', { class: 'skip', href: '#main', onclick: (/** @type {Event} */ event) => { event.preventDefault(); this.#main.focus(); } }, 'Skip to the content'),
      ...announcers(),
      h('header', { class: 'top' }, h('span', { class: 'brand' }, 'Parley'), site, this.#nav,
        h('span', { class: 'who' }, `${api.session?.moderator.name} (${api.place?.role})`),
        h('button', { type: 'button', onclick: showKeys }, h('kbd', null, '?'), ' Keys'),
        h('button', { type: 'button', onclick: () => api.signOut() }, 'Sign out')),
      this.#main, document.createElement('parley-toast'));
    counts.start();
    this.#show();
  }

  #show() {
    const page = PAGES[here().page] ?? PAGES.queue;
    document.title = `${page.name} – Parley console`;
    this.#menu();
    fill(this.#main, document.createElement(page.tag));
    announce(page.name);
  }

  #menu() {
    const current = here().page;
    const links = Object.entries(PAGES).filter(([, { roles, hidden }]) => !hidden && (!roles || api.is(...roles)));
    fill(this.#nav, links.map(([page, { name }]) => {
      const late = page === 'queue' ? counts.late : 0;
      return h('a', { href: link(page), 'aria-current': page === current ? 'page' : null }, name,
        late ? h('span', { class: 'badge' }, `${late} late`) : null);
    }));
  }
}

/** The code of a sign-in link in the address, or ''. */
function linkCode() {
  return location.hash.startsWith(LINK) ? location.hash.slice(LINK.length) : '';
}

function announcers() {
  return [0, 1].map(() => h('div', { class: 'announcer', role: 'status', 'aria-live': 'polite' }));
}

customElements.define('parley-console', ParleyConsole);
