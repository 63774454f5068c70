/** Only the script tag was used: the page itself is the article. */

/** Register the page this is on, by its canonical address. */
export async function visit(/** @type {import("./types").App} */ app) {
  const link = /** @type {HTMLLinkElement | null} */ (document.querySelector("link[rel=canonical]"));
  const article = await app.api.mine("POST", "articles", { body: { url: link?.href ?? location.href.split("#")[0] } });
  app.key = article.key;
}
