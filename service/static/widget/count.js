/** Fills every [data-parley-count] of a page with the comment count of its article. */

const MOST = 100;
const NAME = "parleyCount";

/** @param {ParentNode} [within] */
export async function fillCounts(within = document) {
  /** @type {Map<string, Map<string, HTMLElement[]>>} sites, their addresses, and where to write */
  const sites = new Map();
  for (const node of /** @type {NodeListOf<HTMLElement>} */ (within.querySelectorAll("[data-parley-count]"))) {
    const given = node.dataset[NAME] || node.getAttribute("href") || "";
    const url = new URL(given, document.baseURI);
    url.hash = "";
    const site = node.dataset.parleySite ?? "";
    if (!sites.has(site)) sites.set(site, new Map());
    const places = /** @type {Map<string, HTMLElement[]>} */ (sites.get(site));
    places.set(url.href, [...(places.get(url.href) ?? []), node]);
  }
  await Promise.all([...sites].map(([site, places]) => fill(site, places)));
}

/** One request for up to 100 addresses. */
async function fill(/** @type {string} */ site, /** @type {Map<string, HTMLElement[]>} */ places) {
  const urls = [...places.keys()];
  for (let at = 0; at < urls.length; at += MOST) {
    const ask = new URL("/api/v1/counts", import.meta.url);
    if (site) ask.searchParams.set("site", site);
    for (const url of urls.slice(at, at + MOST)) ask.searchParams.append("url", url);
    const answer = await fetch(ask, { credentials: "omit" }).then((response) => (response.ok ? response.json() : { counts: {} }), () => ({ counts: {} }));
    for (const [url, n] of Object.entries(answer.counts)) {
      for (const node of places.get(url) ?? []) write(node, Number(n));
    }
  }
}

/** The bare number, in the language of the page. */
function write(/** @type {HTMLElement} */ node, /** @type {number} */ n) {
  const language = node.closest("[lang]")?.getAttribute("lang") || "en";
  node.textContent = new Intl.NumberFormat(language).format(n);
}

if (document.readyState === "loading") addEventListener("DOMContentLoaded", () => fillCounts());
else fillCounts();
