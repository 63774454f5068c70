/** Builds elements, and is the one place where a comment's HTML becomes nodes. */

const TAGS = ["p", "br", "em", "strong", "blockquote", "ul", "ol", "li", "code", "pre", "a"];
const SVG = "http://www.w3.org/2000/svg";
const THUMB = "M2 9h3v9H2zM7 18V8.5L10.5 2c1.7 0 2.5 1.2 2.1 2.8L12 7.5h4.5c1 0 1.7.9 1.5 1.9l-1.4 7c-.2.9-.9 1.6-1.9 1.6z";

/**
 * Make an element. `on…` become listeners; null, undefined and false are left out; children
 * that are text stay text.
 * @param {string} tag
 * @param {Record<string, unknown>} [props]
 * @param {...(Node | string | number | null | undefined | false)} children
 * @returns {any}
 */
export function h(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value == null || value === false) continue;
    if (typeof value === "function") node.addEventListener(name.slice(2), /** @type {any} */ (value));
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.filter((child) => child != null && child !== false).map((c) => (c instanceof Node ? c : String(c))));
  return node;
}

/** A button that is never a submit button by accident. */
export function button(/** @type {string} */ label, /** @type {(event: Event) => void} */ onclick, props = {}) {
  return h("button", { type: "button", onclick, part: "button", ...props }, label);
}

/** The thumbs-up, as wide as its text. */
export function thumb() {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("aria-hidden", "true");
  svg.append(document.createElementNS(SVG, "path"));
  svg.firstElementChild?.setAttribute("d", THUMB);
  return svg;
}

let counter = 0;

/** An id that is free in this page. */
export function unique(/** @type {string} */ prefix) {
  return `${prefix}${++counter}`;
}

/** @type {Record<string, Promise<CSSStyleSheet>>} */
const sheets = {};

/** A style sheet of ours, fetched once for all widgets of a page. */
export function sheet(/** @type {string} */ name) {
  return (sheets[name] ??= fetch(new URL(`./${name}.css`, import.meta.url)).then((response) => response.text()).then((css) => {
    const made = new CSSStyleSheet();
    made.replaceSync(css);
    return made;
  }).catch((error) => {
    delete sheets[name];
    throw error;
  }));
}

/**
 * A comment's HTML as nodes. The server sanitised it; whatever it should not hold goes here again.
 * @param {string} html
 */
export function safe(html) {
  const box = document.createElement("template");
  const inner = document.createElement("div");
  box.content.append(inner);
  try {
    // Where there is setHTML, pages may demand it (Trusted Types). A template runs nothing.
    if ("setHTML" in inner) /** @type {any} */ (inner).setHTML(html, { sanitizer: { elements: TAGS, attributes: ["href", "start"] } });
    else inner.innerHTML = trusted(html);
  } catch {
    inner.textContent = html;
  }
  for (const node of inner.querySelectorAll("*")) {
    if (TAGS.includes(node.localName)) clean(node);
    else node.remove();
  }
  return inner;
}

/** @type {{createHTML: (html: string) => any} | undefined} */
let policy;

/** What a page that demands Trusted Types takes from us; it is cleaned before it is shown. */
function trusted(/** @type {string} */ html) {
  const types = /** @type {any} */ (globalThis).trustedTypes;
  policy ??= types?.createPolicy("parley", { createHTML: (/** @type {string} */ text) => text }) ?? { createHTML: (text) => text };
  return policy?.createHTML(html);
}

/** @param {Element} node */
function clean(node) {
  const { localName } = node;
  for (const name of node.getAttributeNames()) {
    const kept = (localName === "a" && name === "href" && /^https?:/i.test(node.getAttribute(name) ?? "")) || (localName === "ol" && name === "start");
    if (!kept) node.removeAttribute(name);
  }
  if (localName === "a") {
    node.setAttribute("rel", "nofollow ugc noopener");
    node.setAttribute("target", "_blank");
  }
}
