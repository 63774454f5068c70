/** Elements from plain values. Text becomes text nodes only: nothing here can make markup of it. */

/** @typedef {Node | string | number | null | undefined | false} Child */

const ATTRIBUTES = /^(aria-|data-|role$|for$|colspan$|list$)/;
const SVG = 'http://www.w3.org/2000/svg';

/**
 * Make an element. `on*` are listeners, `class` and names with a dash are attributes, all else
 * are properties.
 * @param {string} tag
 * @param {Record<string, any> | null} [props]
 * @param {...(Child | Child[])} children
 * @returns {any}
 */
export function h(tag, props, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === null || value === undefined) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (name === 'class') element.className = value;
    else if (name === 'width') element.style.setProperty('inline-size', value);
    else if (ATTRIBUTES.test(name)) element.setAttribute(name, String(value));
    else /** @type {any} */ (element)[name] = value;
  }
  element.append(...nodes(children));
  return element;
}

/**
 * Make an SVG element; everything is an attribute.
 * @param {string} tag
 * @param {Record<string, string | number>} [attributes]
 * @param {...Child} children
 * @returns {SVGElement}
 */
export function svg(tag, attributes, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    element.setAttribute(name, String(value));
  }
  element.append(...nodes(children));
  return element;
}

/**
 * @param {(Child | Child[])[]} children
 * @returns {(Node | string)[]}
 */
function nodes(children) {
  const found = [];
  for (const child of children.flat()) {
    if (child === null || child === undefined || child === false || child === '') continue;
    found.push(child instanceof Node ? child : String(child));
  }
  return found;
}

/**
 * Replace what is in an element.
 * @param {Element} element
 * @param {...(Child | Child[])} children
 */
export function fill(element, ...children) {
  element.replaceChildren(...nodes(children));
}

/**
 * A link from outside: only http and https lead anywhere, and never with a referrer.
 * @param {string | null} url
 * @param {string} text
 */
export function outside(url, text) {
  if (url === null || !/^https?:\/\//i.test(url)) return h('span', null, text);
  return h('a', { href: url, rel: 'nofollow ugc noopener noreferrer', target: '_blank' }, text);
}

/**
 * A section with a heading. Folded ones open on click.
 * @param {string} title
 * @param {Child[]} children
 * @param {{folded?: boolean, heading?: string}} [how]
 */
export function section(title, children, how = {}) {
  const heading = h(how.heading ?? 'h3', null, title);
  if (how.folded === undefined) return h('section', { class: 'block' }, heading, children);
  const summary = h('summary', null, heading);
  return h('details', { class: 'block', open: !how.folded }, summary, children);
}

/**
 * A table with column headings; rows of cells.
 * @param {string} caption
 * @param {string[]} columns
 * @param {(Child | Child[])[][]} rows
 * @param {string} [empty]
 */
export function table(caption, columns, rows, empty = 'Nothing yet.') {
  if (rows.length === 0) return h('p', { class: 'quiet' }, `${caption}: ${empty}`);
  const head = h('tr', null, columns.map((name) =>
    h('th', { scope: 'col' }, name || h('span', { class: 'unseen' }, 'Actions'))));
  const body = rows.map((cells) => h('tr', null, cells.map((cell) => h('td', null, cell))));
  const inner = h(
    'table', null, h('caption', null, caption), h('thead', null, head), h('tbody', null, body),
  );
  // It scrolls by itself on a narrow screen, and so must be reachable by keyboard.
  return h('div', { class: 'scroll', tabIndex: 0, role: 'region', 'aria-label': caption }, inner);
}

/**
 * Names and values side by side.
 * @param {[string, Child | Child[]][]} pairs
 */
export function facts(pairs) {
  return h('dl', { class: 'facts' }, pairs.map(([name, value]) =>
    h('div', null, h('dt', null, name), h('dd', null, value))));
}

let turn = 0;

/**
 * Tell people who do not see the screen. Two regions take turns, so that what is said next does
 * not cut off what was said before.
 * @param {string} text
 */
export function announce(text) {
  const region = document.querySelectorAll('.announcer')[turn++ % 2];
  if (!region) return;
  region.textContent = '';
  // The same text twice is read twice only if the region was empty in between.
  requestAnimationFrame(() => { region.textContent = text; });
}
