/** What the console remembers of a site: its guidelines in the order of their clauses, and names. */

import { api } from './api.js';

/** @typedef {{id: string, clause: string, title: string, text: string}} Guideline */

/** @type {Map<string, Promise<Guideline[]>>} */
const known = new Map();

/** @returns {Promise<Guideline[]>} */
export function guidelines() {
  const site = api.place?.key ?? '';
  let found = known.get(site);
  if (!found) {
    found = api.get('/guidelines').then((answer) => answer.guidelines);
    known.set(site, found);
    found.catch(() => known.delete(site));
  }
  return found;
}

/** After a change of the guidelines. */
export function forgetGuidelines() {
  known.clear();
}

/** @returns {Promise<[string, string][]>} for a field to choose from */
export async function guidelineChoices() {
  return (await guidelines()).map(({ id, clause, title }) => [id, `${clause}. ${title}`]);
}

/** @type {Map<string, string>} */
const names = new Map();

/** Learn colleagues' names where the role may see them. */
export async function learnNames() {
  names.set(api.session?.moderator.id ?? '', 'you');
  if (!api.is('lead')) return;
  const { moderators } = await api.get('/moderation/moderators');
  for (const { id, name } of moderators) if (!names.has(id)) names.set(id, name);
}

/**
 * Who a moderator is, as far as one may know.
 * @param {string | null} id
 */
export const nameOf = (id) => (id === null ? 'nobody' : names.get(id) ?? 'a colleague');
