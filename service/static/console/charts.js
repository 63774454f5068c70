/** Small charts in SVG. Each has a name, a description and, beside it, its numbers as a table. */

import { h, svg } from './dom.js';

/** @typedef {{name: string, value: number | null, low?: number | null, high?: number | null, text: string}} Row */

const WIDTH = 640, LABEL = 190, RIGHT = 150, ROW = 26, BAR = 14, AXIS = 22;
const COLUMNS_HEIGHT = 180, LEFT = 44, GAP = 0.25;
/** Patterns as well as colours, so that the parts differ without either. */
const KINDS = 8;

/**
 * @param {string} name
 * @param {string} description
 * @param {SVGElement} drawing
 * @param {HTMLElement | null} legend
 * @param {HTMLElement} numbers
 */
export function figure(name, description, drawing, legend, numbers) {
  drawing.prepend(svg('title', {}, name), svg('desc', {}, description));
  return h('figure', null, h('figcaption', null, name), legend,
    h('div', { class: 'scroll', tabIndex: 0, role: 'region', 'aria-label': name }, drawing),
    h('details', null, h('summary', null, `${name}: the numbers`), numbers));
}

/** @param {number} height */
export const canvas = (height) => svg('svg', { viewBox: `0 0 ${WIDTH} ${height}`, role: 'img', class: 'chart' });

/**
 * Bars from the left, each with its value in words and, where there is one, its interval.
 * @param {string} name
 * @param {Row[]} rows
 * @param {HTMLElement} numbers
 * @param {number} [most] the full length; the largest value where it is not given
 */
export function bars(name, rows, numbers, most) {
  const known = rows.flatMap(({ value, high }) => [value ?? 0, high ?? 0]);
  const full = most ?? Math.max(1e-9, ...known);
  const length = WIDTH - LABEL - RIGHT;
  const at = (/** @type {number} */ value) => LABEL + Math.min(1, value / full) * length;
  const drawing = canvas(rows.length * ROW + 4);
  rows.forEach(({ name: label, value, low, high, text }, index) => {
    const y = index * ROW + 4, middle = y + BAR / 2;
    drawing.append(svg('text', { x: LABEL - 8, y: middle + 4, 'text-anchor': 'end' }, label),
      svg('rect', { x: LABEL, y, width: length, height: BAR, class: 'track' }));
    if (value) drawing.append(svg('rect', { x: LABEL, y, width: Math.max(1, at(value) - LABEL), height: BAR, class: 'filled' }));
    if (typeof low === 'number' && typeof high === 'number') {
      drawing.append(svg('path', { d: `M${at(low)} ${middle}H${at(high)}M${at(low)} ${y}v${BAR}M${at(high)} ${y}v${BAR}`, class: 'interval' }));
    }
    drawing.append(svg('text', { x: WIDTH - RIGHT + 8, y: middle + 4 }, text));
  });
  return figure(name, rows.map((row) => `${row.name}: ${row.text}`).join('; '), drawing, null, numbers);
}

/**
 * Columns of stacked parts by day.
 * @param {string} name
 * @param {string[]} days
 * @param {Map<string, number[]>} parts one number for each day
 * @param {(day: string) => string} dayText
 * @param {HTMLElement} numbers
 */
export function columns(name, days, parts, dayText, numbers) {
  const totals = days.map((_, index) => [...parts.values()].reduce((sum, values) => sum + values[index], 0));
  const top = Math.max(1, ...totals);
  const drawing = canvas(COLUMNS_HEIGHT + AXIS);
  const step = (WIDTH - LEFT) / Math.max(1, days.length);
  drawing.append(patterns(), svg('text', { x: LEFT - 6, y: 12, 'text-anchor': 'end' }, top),
    svg('text', { x: LEFT - 6, y: COLUMNS_HEIGHT, 'text-anchor': 'end' }, 0),
    svg('path', { d: `M${LEFT} ${COLUMNS_HEIGHT}H${WIDTH}`, class: 'axis' }));
  days.forEach((day, index) => {
    let y = COLUMNS_HEIGHT;
    [...parts].forEach(([part, values], kind) => {
      const height = (values[index] / top) * (COLUMNS_HEIGHT - 4);
      if (height === 0) return;
      y -= height;
      drawing.append(svg('rect', { x: LEFT + step * (index + GAP / 2), y, width: step * (1 - GAP), height, class: 'part', fill: `url(#pattern-${kind % KINDS})` },
        svg('title', {}, `${dayText(day)}: ${part} ${values[index]}`)));
    });
    if (days.length <= 10 || index % Math.ceil(days.length / 8) === 0) {
      drawing.append(svg('text', { x: LEFT + step * (index + 0.5), y: COLUMNS_HEIGHT + 16, 'text-anchor': 'middle' }, dayText(day)));
    }
  });
  const legend = h('ul', { class: 'legend' }, [...parts.keys()].map((part, kind) =>
    h('li', null, swatch(kind % KINDS), ` ${part}`)));
  return figure(name, `${days.length} days, at most ${top} on one.`, drawing, legend, numbers);
}

/** @param {number} kind */
function swatch(kind) {
  const drawing = svg('svg', { viewBox: '0 0 16 12', class: 'swatch', 'aria-hidden': 'true' });
  drawing.append(svg('rect', { width: 16, height: 12, class: 'part', fill: `url(#pattern-${kind})` }));
  return drawing;
}

/** Lines of several directions and widths, over the colours of the style sheet. */
function patterns() {
  const defs = svg('defs');
  for (let kind = 0; kind < KINDS; kind += 1) {
    const turn = `rotate(${kind * 45})`;
    const pattern = svg('pattern', { id: `pattern-${kind}`, width: 6, height: 6, patternUnits: 'userSpaceOnUse', patternTransform: turn });
    pattern.append(svg('rect', { width: 6, height: 6, class: `paint-${kind}` }));
    if (kind % 2 === 1) pattern.append(svg('rect', { width: 2, height: 6, class: 'stripe' }));
    defs.append(pattern);
  }
  return defs;
}
