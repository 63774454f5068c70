/** Articles whose threads have left them, and their threads' courses. */

import { api, Refusal } from './api.js';
import { bars } from './charts.js';
import { h, fill, table } from './dom.js';
import { driftChart } from './drift-chart.js';
import { counted, dateTime, number } from './format.js';
import { part } from './page.js';
import { toast } from './toast.js';

const THREADS_SHOWN = 5, NAME_CHARS = 22;

/**
 * Drift per article in a time.
 * @param {string} first
 * @param {string} last
 */
export async function driftFigures(first, last) {
  const { articles } = await api.get('/drift/articles', { from: first, to: last });
  if (articles.length === 0) return part('Drift per article', [h('p', { class: 'quiet' }, 'No thread left its article in this time and is away still.')]);
  const courses = h('div', { 'aria-live': 'polite' });
  const rows = articles.map((/** @type {any} */ article) => [
    article.title ?? article.key, number(article.away_threads),
    article.drifting_since ? `since ${dateTime(article.drifting_since)}` : 'no',
    h('button', { type: 'button', onclick: () => show(courses, article) }, 'Show its threads'),
  ]);
  const numbers = table('Threads that left and are away still', ['Article', 'Threads', 'Drifting as a whole', ''], rows);
  return part('Drift per article', [
    bars('Threads away, by article', articles.map((/** @type {any} */ article) => ({
      name: short(article.title ?? article.key), value: article.away_threads,
      text: `${counted(article.away_threads, 'thread')}${article.drifting_since ? ', the article drifts' : ''}`,
    })), numbers),
    courses,
  ]);
}

/** @param {HTMLElement} place @param {any} article */
async function show(place, { key, title }) {
  try {
    const { threads } = await api.get('/drift', { article: key, away: true, limit: THREADS_SHOWN });
    fill(place, h('h3', { tabIndex: -1 }, `Threads away from “${title ?? key}”`),
      threads.map((/** @type {any} */ thread) => driftChart(thread, `Thread of ${dateTime(thread.points[0]?.at)}`)));
    /** @type {HTMLElement | null} */ (place.querySelector('h3'))?.focus();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    toast().say(error.text);
  }
}

/** @param {string} name */
const short = (name) => (name.length > NAME_CHARS ? `${name.slice(0, NAME_CHARS - 1)}…` : name);
