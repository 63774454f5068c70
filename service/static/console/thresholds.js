/** The thresholds in a guideline file's rules: found in its text, changed in its text. */

const RULE = /^\s*- id:\s*([\w-]+)/;
const WHEN = /^\s*(?:when:|\|\||&&|\()/;
const THRESHOLD = /\b((?:scores|thread|author|reports|content)\.\w+)\s*(>=|<=|>|<)\s*(\d+(?:\.\d+)?)/g;

const TEST = /:(\d+): .*: rule \S+ gives (\w+), the test expects (\w+)$/;

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

/**
 * The text with inline tests that expect what the rules now give; null where the problems are not
 * all of that kind.
 * @param {string} source
 * @param {string[]} problems as the API says them, each with its line
 * @returns {string | null}
 */
export function testsFollow(source, problems) {
  const lines = source.split('\n');
  for (const problem of problems) {
    const [, line, given, expected] = TEST.exec(problem) ?? [];
    const at = Number(line) - 1;
    const old = lines[at];
    if (!old?.includes(`expect: ${expected}`)) return null;
    lines[at] = old.replace(`expect: ${expected}`, `expect: ${given}`);
  }
  return problems.length ? lines.join('\n') : null;
}
