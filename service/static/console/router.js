/** Which page the address names: `#/queue/<item>`, `#/log?reader=…`. */

/** @typedef {{page: string, id: string | null, query: Record<string, string>}} Place */

/** @returns {Place} */
export function here() {
  const [path, search = ''] = location.hash.replace(/^#\/?/, '').split('?');
  const [page, id] = path.split('/');
  return {
    page: page || 'queue',
    id: id ? decodeURIComponent(id) : null,
    query: Object.fromEntries(new URLSearchParams(search)),
  };
}

/**
 * The address of a page; empty values are left out.
 * @param {string} page
 * @param {string | null} [id]
 * @param {Record<string, any>} [query]
 */
export function link(page, id, query = {}) {
  const given = Object.entries(query).filter(([, value]) => value !== '' && value !== null && value !== undefined);
  const search = given.length ? `?${new URLSearchParams(given)}` : '';
  return `#/${page}${id ? `/${encodeURIComponent(id)}` : ''}${search}`;
}

/**
 * Change the address without loading the page anew.
 * @param {string} address
 */
export function note(address) {
  history.replaceState(null, '', address);
}
