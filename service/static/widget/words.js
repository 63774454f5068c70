/** The interface's words, numbers and dates in one language. */

import { Problem } from "./api.js";

const LANGUAGES = ["en", "ga", "de", "fr", "es"];
/** @type {[Intl.RelativeTimeFormatUnit, number][]} */
const UNITS = [["minute", 60], ["hour", 3600], ["day", 86400]];
const WEEK_SECONDS = 604800;
const PLAIN = "en-IE";

/** The first of these tags that we speak; English otherwise. */
export function languageOf(/** @type {(string | null | undefined)[]} */ ...tags) {
  for (const tag of tags) {
    const language = tag?.slice(0, 2).toLowerCase() ?? "";
    if (LANGUAGES.includes(language)) return language;
  }
  return LANGUAGES[0];
}

export class Words {
  /** @type {Record<string, any>} */
  #words = {};
  /** @type {Map<string, Promise<void>>} */
  #files = new Map();

  constructor(/** @type {string} */ language) {
    this.language = language;
    // Some browsers do not know Irish: then dates are figures, in the order Ireland writes them.
    const known = Intl.DateTimeFormat.supportedLocalesOf(language).length > 0;
    const locale = known ? language : PLAIN;
    this.plural = new Intl.PluralRules(locale);
    this.number = new Intl.NumberFormat(locale);
    this.date = new Intl.DateTimeFormat(locale, { dateStyle: known ? "long" : "short", timeStyle: "short" });
    this.time = new Intl.DateTimeFormat(locale, { timeStyle: "short" });
    this.day = new Intl.DateTimeFormat(locale, { dateStyle: known ? "medium" : "short" });
    this.ago = known && new Intl.RelativeTimeFormat(language, { numeric: "auto" });
  }

  /** Load a file of words once: `""` to read, `"write."` to take part, `"more."` for the dialogs. */
  load(part = "") {
    const known = this.#files.get(part);
    if (known) return known;
    const coming = fetch(new URL(`messages/${this.language}.${part}json`, import.meta.url))
      .then((response) => response.json())
      .then((words) => { Object.assign(this.#words, words); });
    this.#files.set(part, coming);
    coming.catch(() => this.#files.delete(part));
    return coming;
  }

  /**
   * A text; `n` chooses its plural. What is put in keeps its own reading direction.
   * @param {string} key
   * @param {Record<string, string | number>} [values]
   * @returns {string}
   */
  t(key, values = {}) {
    const found = this.#words[key] ?? key;
    const text = typeof found === "string" ? found : found[this.plural.select(Number(values.n))] ?? found.other;
    return text.replace(/{(\w+)}/g, (/** @type {string} */ _, /** @type {string} */ name) => {
      const value = values[name];
      return typeof value === "number" ? this.number.format(value) : `\u2068${value}\u2069`;
    });
  }

  /** How long ago within a week, else the day. */
  when(/** @type {string} */ moment) {
    const seconds = (Date.parse(moment) - Date.now()) / 1000;
    if (Math.abs(seconds) > WEEK_SECONDS) return this.day.format(new Date(moment));
    if (!this.ago) return this.date.format(new Date(moment));
    if (Math.abs(seconds) < 60) return this.ago.format(0, "second");
    const [unit, size] = UNITS.findLast(([, length]) => Math.abs(seconds) >= length) ?? UNITS[0];
    return this.ago.format(Math.trunc(seconds / size), unit);
  }

  /** What went wrong, for people: our own words for what we know, else the server's. */
  wrong(/** @type {unknown} */ error) {
    if (!(error instanceof Problem)) return this.t("e.any");
    const known = (/** @type {string | number} */ name) => (`e.${name}` in this.#words ? this.t(`e.${name}`, { n: error.wait || 1 }) : "");
    const details = this.language === "en" && error.status ? Object.values(error.errors).flat().join(" ") || error.message : "";
    return known(error.code) || details || known(error.status) || this.t("e.any");
  }
}
