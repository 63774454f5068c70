/** The thresholds in a guideline file's rules: found in its text, changed in its text. */

const RULE = /^\s*- id:\s*([\w-]+)/;
const WHEN = /^\s*(?:when:|\|\||&&|\()/;
const THRESHOLD = /\b((?:scores|thread|author|reports|content)\.\w+)\s*(>=|<=|>|<)\s*(\d+(?:\.\d+)?)/g;

/** @typedef {{rule: string, signal: string, sign: string, value: string, start: number, end: number}} Threshold */

/**
 * Every comparison of a signal with a number, with the place of the number in the text.
 * @param {string} source
 * @returns {Threshold[]}
 */
export function thresholds(source) {
  const found = [];
  let rule = '', offset = 0;
  for (const line of source.split('\n')) {
    rule = RULE.exec(line)?.[1] ?? rule;
    if (rule && WHEN.test(line)) {
      for (const match of line.matchAll(THRESHOLD)) {
        const start = offset + match.index + match[0].length - match[3].length;
        found.push({ rule, signal: match[1], sign: match[2], value: match[3], start, end: start + match[3].length });
      }
    }
    offset += line.length + 1;
  }
  return found;
}

/**
 * The text with another number in one place.
 * @param {string} source
 * @param {Threshold} place
 * @param {string} value
 */
export function changed(source, { start, end }, value) {
  return source.slice(0, start) + value + source.slice(end);
}
