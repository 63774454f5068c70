/** Where the item's thread left its article: the comments from there on, and a chart on request. */

import { api, Refusal } from './api.js';
import { h, fill, section } from './dom.js';
import { driftChart } from './drift-chart.js';
import { dateTime } from './format.js';

/** The last course that was read: an item is drawn often and changes seldom. */
let kept = { place: '', course: /** @type {Promise<any> | null} */ (null) };

/**
 * @param {any} item
 * @param {(comment: any) => HTMLElement} shown one comment of the thread
 */
export function driftPart(item, shown) {
  if (item.blind) return null;
  const { departure } = item;
  const chart = h('div', { 'aria-live': 'polite' });
  if (departure) {
    draw(chart, item);
    return section('The thread left its article', [
      h('p', null, departure.is_away ? 'It is away now. ' : 'It has come back since. ',
        `It left with the comment of ${dateTime(departure.at)}; that was noticed on ${dateTime(departure.noticed_at)}. `,
        'This item is about the thread as a whole, and stands on its top comment.'),
      chart,
      h('h4', null, 'From there on'),
      h('ol', { class: 'thread-list' }, departure.comments.map(shown)),
    ]);
  }
  const part = section('The thread’s drift', [chart], { folded: true });
  part.addEventListener('toggle', () => { if (part.open && !chart.hasChildNodes()) draw(chart, item); });
  return part;
}

/** @param {HTMLElement} place @param {any} item */
async function draw(place, item) {
  fill(place, h('p', { class: 'quiet' }, 'Loading…'));
  try {
    const { threads: [thread] } = await courseOf(item);
    fill(place, driftChart(thread));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    fill(place, h('p', { class: 'quiet' }, error.text));
  }
}

/** @param {any} item @returns {Promise<any>} */
function courseOf(item) {
  const thread = item.ancestors[0]?.id ?? item.comment_id;
  const place = `${thread} ${item.version}`;
  if (kept.place !== place || kept.course === null) {
    kept = { place, course: api.get('/drift', { article: item.article.key, thread }) };
    kept.course?.catch(() => { kept.course = null; });
  }
  return /** @type {Promise<any>} */ (kept.course);
}
