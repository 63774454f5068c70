/** Asks for the first page while the modules are on their way; api.js takes the answer. */

const asked = (globalThis.parleyAsked ??= new Map());
for (const host of document.querySelectorAll("parley-comments[article]")) {
  const url = new URL(`/api/v1/articles/${host.getAttribute("article")}/comments`, import.meta.url);
  const wish = { site: host.getAttribute("site"), sort: host.getAttribute("sort") ?? "newest", limit: "20" };
  for (const [name, value] of Object.entries(wish)) if (value) url.searchParams.set(name, value);
  const page = fetch(url, { credentials: "omit", cache: "no-cache" });
  page.catch(() => {});
  asked.set(url.href, page);
}
