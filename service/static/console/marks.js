/** Text with parts of it marked. Offsets count UTF-16 code units, as JavaScript's strings do. */

import { h } from './dom.js';

/** @typedef {{start: number, end: number, kind: string, title?: string}} Mark */

/**
 * The text in pieces, each with the marks that cover it.
 * @param {string} text
 * @param {Mark[]} marks
 * @returns {{text: string, marks: Mark[]}[]}
 */
export function pieces(text, marks) {
  const sound = marks.filter(({ start, end }) => start >= 0 && start < end && end <= text.length);
  const cuts = new Set([0, text.length, ...sound.flatMap(({ start, end }) => [start, end])]);
  const order = [...cuts].sort((a, b) => a - b);
  return order.slice(0, -1).map((from, index) => ({
    text: text.slice(from, order[index + 1]),
    marks: sound.filter(({ start, end }) => start <= from && end >= order[index + 1]),
  }));
}

/**
 * The text as nodes: pieces under a mark stand in `<mark>`, the innermost kinds as classes.
 * @param {string} text
 * @param {Mark[]} marks
 * @returns {Node[]}
 */
export function marked(text, marks) {
  return pieces(text, marks).map((piece) => {
    if (piece.marks.length === 0) return document.createTextNode(piece.text);
    const kinds = piece.marks.map((mark) => `mark-${mark.kind}`).join(' ');
    const said = piece.marks.map((mark) => mark.title).filter(Boolean).join('; ');
    return h('mark', { class: kinds, title: said || null }, piece.text);
  });
}

/**
 * What drove the score of a comment: its sentence, the words in it, and what was respelled.
 * @param {{task: string, evidence: any}[]} scores
 * @returns {Mark[]}
 */
export function evidenceMarks(scores) {
  const found = scores.find((score) => score.task === 'toxicity')?.evidence;
  if (!found?.sentence) return [];
  const score = found.sentence.score;
  return [
    { ...span(found.sentence), kind: 'sentence', title: `this sentence scores ${score}` },
    ...(found.words ?? []).map((/** @type {any} */ word) => ({ ...span(word), kind: 'word', title: 'drove the score' })),
    ...(found.respelled ?? []).map((/** @type {any} */ word) =>
      ({ ...span(word), kind: 'respelled', title: `read as “${word.as}”` })),
  ];
}

/** @param {{start: number, end: number}} place */
function span({ start, end }) {
  return { start, end };
}

/**
 * Where a passage stands in the article's extract; null where the extract ends before it.
 * @param {string | null} extract
 * @param {string | null | undefined} passage
 * @returns {Mark | null}
 */
export function passageMark(extract, passage) {
  if (!extract || !passage) return null;
  // A passage may join paragraphs with a space where the article has an empty line.
  const words = passage.trim().split(/\s+/).map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const found = new RegExp(words.join('\\s+')).exec(extract);
  if (!found) return null;
  return { start: found.index, end: found.index + found[0].length, kind: 'passage', title: 'nearest to the comment' };
}
