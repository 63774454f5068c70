/** Times, shares and durations as people read them, by the browser's own language. */

const DATE_TIME = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
const DATE = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });
const TIME = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' });
const NUMBER = new Intl.NumberFormat(undefined, { maximumFractionDigits: 2 });
const SCORE = new Intl.NumberFormat(undefined, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const PERCENT = new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 0 });
const MINUTE = 60, HOUR = 3600, DAY = 86400;

/** @param {string | null | undefined} iso */
export const dateTime = (iso) => (iso ? DATE_TIME.format(new Date(iso)) : '–');
/** @param {string | null | undefined} iso */
export const day = (iso) => (iso ? DATE.format(new Date(iso)) : '–');
/** @param {string} iso */
export const time = (iso) => TIME.format(new Date(iso));
/** @param {number} value a score, always with its two places */
export const score = (value) => SCORE.format(value);
/** @param {number | null | undefined} value */
export const number = (value) => (value === null || value === undefined ? '–' : NUMBER.format(value));
/** @param {number | null | undefined} value a share from 0 to 1 */
export const percent = (value) => (value === null || value === undefined ? '–' : PERCENT.format(value));

/**
 * A length of time in its two largest units.
 * @param {number | null | undefined} seconds
 */
export function duration(seconds) {
  if (seconds === null || seconds === undefined) return '–';
  const whole = Math.floor(Math.abs(seconds));
  if (whole < MINUTE) return `${whole} s`;
  if (whole < HOUR) return `${Math.floor(whole / MINUTE)} min`;
  if (whole < DAY) return `${Math.floor(whole / HOUR)} h ${Math.floor((whole % HOUR) / MINUTE)} min`;
  return `${Math.floor(whole / DAY)} d ${Math.floor((whole % DAY) / HOUR)} h`;
}

/** @param {string} iso how long ago something was */
export const ago = (iso) => `${duration((Date.now() - Date.parse(iso)) / 1000)} ago`;

/**
 * How far a clock is from its end.
 * @param {string | null} due
 * @returns {{text: string, late: boolean} | null}
 */
export function clock(due) {
  if (due === null) return null;
  const seconds = (Date.parse(due) - Date.now()) / 1000;
  const text = duration(seconds);
  return seconds < 0 ? { text: `late by ${text}`, late: true } : { text: `${text} left`, late: false };
}

/** @param {string} word `second_opinion` as `second opinion` */
export const plain = (word) => word.replaceAll('_', ' ');

/** @param {string} word with a capital letter */
export const title = (word) => plain(word).replace(/^./u, (letter) => letter.toUpperCase());

/**
 * A count with its noun.
 * @param {number} count
 * @param {string} one
 * @param {string} [many]
 */
export const counted = (count, one, many = `${one}s`) => `${number(count)} ${count === 1 ? one : many}`;
