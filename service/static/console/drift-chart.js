/** How far a thread has moved from its article, comment by comment, and the moment it left. */

import { canvas, figure } from './charts.js';
import { h, svg, table } from './dom.js';
import { dateTime, number } from './format.js';

/**
 * @typedef {{comment_id: string, index: number, at: string, relevance: number | null, drift: number}} Point
 * @typedef {{change: 'left' | 'returned', comment_id: string, index: number, at: string, noticed_at: string}} Moment
 * @typedef {{id: string, state: string, drift: number, comments: number, points: Point[], moments: Moment[]}} Thread
 */

const WIDTH = 640, HEIGHT = 150, LEFT = 44, RIGHT = 12, TOP = 16, AXIS = 22, DOT = 2.5;
/** service/domain/drift.py: at and above this a thread counts as away. */
const ALARM = 0.85;
const CHANGES = { left: 'left its article', returned: 'came back' };

/**
 * A figure of one thread of `GET /drift`: a line of its drift, a dot for each comment's closeness
 * to the article, and a mark where it left and where it came back.
 * @param {Thread} thread
 * @param {string} [name]
 */
export function driftChart(thread, name = 'How the thread moved from its article') {
  const { points, moments } = thread;
  if (points.length === 0) return h('p', { class: 'quiet' }, 'Nothing of this thread was compared with its article yet.');
  const across = WIDTH - LEFT - RIGHT, down = HEIGHT - TOP;
  const x = (/** @type {number} */ place) => LEFT + (points.length === 1 ? across / 2 : (place / (points.length - 1)) * across);
  const y = (/** @type {number} */ value) => HEIGHT - value * down;
  const drawing = canvas(HEIGHT + AXIS);
  drawing.append(
    svg('path', { d: `M${LEFT} ${HEIGHT}H${WIDTH - RIGHT}`, class: 'axis' }),
    svg('path', { d: `M${LEFT} ${y(ALARM)}H${WIDTH - RIGHT}`, class: 'axis drift-alarm' }),
    svg('text', { x: LEFT - 6, y: y(1) + 4, 'text-anchor': 'end' }, 'away'),
    svg('text', { x: LEFT - 6, y: HEIGHT, 'text-anchor': 'end' }, 'near'));
  points.forEach(({ relevance }, place) => {
    if (relevance !== null) drawing.append(svg('circle', { cx: x(place), cy: y(1 - relevance), r: DOT, class: 'drift-dot' }));
  });
  drawing.append(svg('path', { d: `M${points.map(({ drift }, place) => `${x(place)} ${y(drift)}`).join('L')}`, class: 'drift-line' }));
  for (const { change, comment_id: id } of moments) {
    const place = points.findIndex((point) => point.comment_id === id);
    if (place < 0) continue;
    drawing.append(svg('path', { d: `M${x(place)} ${TOP - 4}V${HEIGHT}`, class: `drift-${change}` }),
      svg('text', { x: x(place), y: TOP - 6, 'text-anchor': place > points.length / 2 ? 'end' : 'start' }, CHANGES[change]));
  }
  drawing.append(svg('text', { x: LEFT, y: HEIGHT + 16 }, dateTime(points[0].at)),
    svg('text', { x: WIDTH - RIGHT, y: HEIGHT + 16, 'text-anchor': 'end' }, dateTime(points[points.length - 1].at)));
  const legend = h('p', { class: 'hint' }, `${summary(thread)} Line: the chance that the thread is away; above the dashes it counts as away. `,
    'Dots: how far each comment is from the article and from what it answers.');
  return figure(name, summary(thread), drawing, legend, numbers(thread));
}

/**
 * The thread's course in a sentence.
 * @param {Thread} thread
 */
export function summary({ points, moments, comments, state }) {
  const told = moments.map(({ change, at }) => `${CHANGES[change]} on ${dateTime(at)}`);
  const now = state === 'left' ? 'It is away now.' : 'It is near its article now.';
  const shown = points.length < comments ? `, the last ${points.length} of them shown` : '';
  return `${comments} comments${shown}. ${told.length ? `It ${told.join(', ')}. ` : ''}${now}`;
}

/** @param {Thread} thread */
function numbers({ points, moments }) {
  const changes = new Map(moments.map(({ change, comment_id: id }) => [id, CHANGES[change]]));
  return table('Drift by comment', ['Comment', 'When', 'Closeness', 'Drift', ''], points.map((point) => [
    point.index + 1, dateTime(point.at), number(point.relevance), number(point.drift), changes.get(point.comment_id) ?? '',
  ]));
}
