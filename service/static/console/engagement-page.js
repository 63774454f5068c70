/** How the conversation goes, for editors: volume, readers, waits, health, what is talked about. */

import { api, Refusal } from './api.js';
import { bars, columns } from './charts.js';
import { input, values } from './dialogs.js';
import { facts, h, table } from './dom.js';
import { driftChart } from './drift-chart.js';
import { counted, dateTime, duration, number, percent, title } from './format.js';
import { Page, part } from './page.js';
import { here, link, note } from './router.js';

/** @typedef {Record<string, any>} Figures */

const DAY_MS = 86_400_000, DAYS = 28, HOURS = 6, MINUTE = 60, THREADS = 5;
const SHORT = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', timeZone: 'UTC' });
const day = (/** @type {string} */ iso) => SHORT.format(new Date(iso));
/** What each part of health asks, in the order of docs/engagement.md. */
const PARTS = /** @type {Record<string, string>} */ ({
  unaided: 'Published without a person',
  answered: 'Threads that were answered',
  breadth: 'Different readers a day',
  on_topic: 'Threads on their article',
  unreported: 'Without a standing report',
});

class ParleyEngagement extends Page {
  #asked = /** @type {Record<string, string>} */ ({
    from: isoDay(Date.now() - (DAYS - 1) * DAY_MS), to: isoDay(Date.now()), ...here().query,
  });

  async content() {
    const { from, to, section, article } = this.#asked;
    const [found, sections, active, drift] = await Promise.all([
      orRefusal(api.get('/engagement', { from, to, section, article })),
      orRefusal(api.get('/engagement', { from, to, by: 'section' })),
      api.get('/engagement/active', { hours: HOURS }),
      article ? driftOf(article) : null,
    ]);
    const top = [h('h1', null, 'Engagement'), this.#form(sections.series ?? [])];
    // What was asked for may make no sense; it is asked again in the same form.
    if (found instanceof Refusal) return [...top, h('p', { class: 'wrong', role: 'alert' }, found.text)];
    const { totals, series, health } = found;
    return [
      ...top,
      h('p', { class: 'quiet' }, 'Everything counts on the day a comment was posted; days are days in UTC. ',
        found.as_of ? `All that happened until ${dateTime(found.as_of)} is counted. ` : 'Nothing is counted yet. ',
        h('a', { href: api.address('/engagement', { from, to, section, article, format: 'csv' }), download: `engagement-${from}-${to}.csv` }, 'Download as CSV')),
      overview(totals), volumes(series), readers(series), waits(series), healthPart(health),
      sectionsPart(sections.series, this.#asked), articles('Most active articles of the period', found.top_articles, this.#asked),
      activePart(active, this.#asked), drift,
    ];
  }

  /** @param {any[]} sections */
  #form(sections) {
    const named = sections.map(({ section }) => section).filter((name) => name !== null);
    if (this.#asked.section && !named.includes(this.#asked.section)) named.push(this.#asked.section);
    const choices = /** @type {[string, string][]} */ ([['', 'All'], ...named.map((name) => [name, name])]);
    return h('form', {
      class: 'grid',
      onsubmit: (/** @type {any} */ event) => {
        event.preventDefault();
        this.#asked = values(event.currentTarget);
        note(link('engagement', null, this.#asked));
        this.refresh();
      },
    }, input({ name: 'from', label: 'From', kind: 'date', required: true, value: this.#asked.from }),
    input({ name: 'to', label: 'To', kind: 'date', required: true, value: this.#asked.to }),
    input({ name: 'section', label: 'Section', kind: 'choice', choices, value: this.#asked.section ?? '' }),
    input({ name: 'article', label: 'Article (key)', value: this.#asked.article ?? '', hint: 'one article; leave the section at All then' }),
    h('button', { type: 'submit', class: 'primary' }, 'Show'));
  }
}

/**
 * The answer, or why there is none.
 * @param {Promise<any>} asked
 */
async function orRefusal(asked) {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

/** @param {Figures} totals */
function overview(totals) {
  const { shares } = totals;
  return part('In short', [facts([
    ['Comments', number(totals.comments)], ['Published', percent(shares.published)], ['Waiting for a person', percent(shares.held)],
    ['Rejected', percent(shares.rejected)], ['Removed', percent(shares.removed)],
    ['Readers who wrote', number(totals.readers)], ['New', number(totals.new_readers)], ['Returning', number(totals.returning_readers)],
    ['Regular (3 of 28 days)', number(totals.regular_readers)],
    ['Replies per thread', number(totals.replies_per_comment)], ['Depth, mean and most', `${number(totals.depth_mean)}; ${number(totals.depth_max)}`],
    ['First comment after', duration(totals.first_comment_seconds)], ['First answer after', duration(totals.first_reply_seconds)],
    ['Reactions', number(totals.reactions)], ['Reports', number(totals.reports)], ['Featured', number(totals.featured)],
    ['Threads that left their article', `${number(totals.threads_left)}; away now ${number(totals.threads_adrift)}`],
  ])]);
}

/** @param {Figures[]} series */
function volumes(series) {
  const parts = new Map([
    ['published', series.map((one) => one.published)],
    ['waiting', series.map((one) => one.pending + one.held + one.hidden)],
    ['rejected or removed', series.map((one) => one.rejected + one.removed)],
    ['taken back or erased', series.map((one) => one.withdrawn + one.erased)],
  ]);
  const numbers = table('Comments', ['Day', 'Posted', 'Published', 'Held', 'Rejected', 'Removed', 'Reports'], series.map((one) =>
    [one.day, ...[one.comments, one.published, one.held, one.rejected, one.removed, one.reports].map(number)]));
  return columns('Comments per day', series.map((one) => one.day), parts, day, numbers);
}

/** @param {Figures[]} series */
function readers(series) {
  const parts = new Map([
    ['new', series.map((one) => one.new_readers)], ['returning', series.map((one) => one.returning_readers)],
  ]);
  const numbers = table('Readers', ['Day', 'Readers', 'New', 'Returning'], series.map((one) =>
    [one.day, number(one.readers), number(one.new_readers), number(one.returning_readers)]));
  return columns('Readers who wrote, per day', series.map((one) => one.day), parts, day, numbers);
}

/** @param {Figures[]} series */
function waits(series) {
  const minutes = series.map((one) => Math.round((one.first_reply_seconds ?? 0) / MINUTE));
  const numbers = table('Waiting', ['Day', 'First answer after (median)', 'First comment after (median)'], series.map((one) =>
    [one.day, duration(one.first_reply_seconds), duration(one.first_comment_seconds)]));
  return columns('Time to the first answer, median minutes', series.map((one) => one.day), new Map([['minutes', minutes]]), day, numbers);
}

/** @param {{value: number | null, components: any[]}} health */
function healthPart({ value, components }) {
  const heading = value === null ? 'Conversation health: too few comments to say' : `Conversation health: ${Math.round(value)} of 100`;
  const rows = components.map((one) => ({
    name: PARTS[one.name] ?? title(one.name), value: one.share,
    text: one.share === null ? 'not known' : `${percent(one.share)}: ${number(one.points)} of ${number(one.most)}`,
  }));
  const numbers = table('Parts', ['Part', 'Share', 'Nothing at', 'All at', 'Points', 'Of'], components.map((one) =>
    [PARTS[one.name] ?? title(one.name), percent(one.share), percent(one.bad), percent(one.good), number(one.points), number(one.most)]));
  return h('div', null, bars(heading, rows, numbers, 1),
    h('p', { class: 'quiet' }, 'The sum of its parts. The shares are counted; what counts as good and how much each weighs is judgement.'));
}

/** @param {Figures[]} sections @param {Record<string, string>} asked */
function sectionsPart(sections, asked) {
  return part('Sections', [table('Sections of the site', ['Section', 'Comments', 'Readers', 'Published', 'First answer', 'Health'], sections.map((one) => [
    one.section === null ? 'none' : h('a', { href: link('engagement', null, { from: asked.from, to: asked.to, section: one.section }) }, one.section),
    number(one.comments), number(one.readers), percent(one.shares.published), duration(one.first_reply_seconds), whole(one.health)]))]);
}

/** @param {string} name @param {Figures[]} lines @param {Record<string, string>} asked */
function articles(name, lines, asked) {
  return part(name, [table(name, ['Article', 'Comments', 'Readers', 'Published', 'Replies per thread', 'Threads away', 'Health'], lines.map((one) => [
    articleLink(one.article, asked), number(one.comments), number(one.readers), percent(one.shares.published),
    number(one.replies_per_comment), number(one.threads_adrift), whole(one.health)]))]);
}

/** @param {any} active @param {Record<string, string>} asked */
function activePart({ hours, articles: lines }, asked) {
  const name = `Most active in the last ${hours} hours`;
  return part(name, [table(name, ['Article', 'Comments', `The ${hours} hours before`, 'Readers'], lines.map((/** @type {any} */ one) =>
    [articleLink(one, asked), number(one.comments), number(one.before), number(one.readers)]), 'nothing was posted.')]);
}

/** @param {{key: string, title: string | null}} article @param {Record<string, string>} asked */
function articleLink({ key, title: name }, asked) {
  return h('a', { href: link('engagement', null, { from: asked.from, to: asked.to, article: key }) }, name || key);
}

/**
 * The course of an article's newest threads, or why it cannot be shown.
 * @param {string} article
 */
async function driftOf(article) {
  const name = 'How its threads moved from the article';
  try {
    const { article: about, threads } = await api.get('/drift', { article, limit: THREADS });
    const known = threads.filter((/** @type {any} */ thread) => thread.points.length > 0);
    const said = about.drifting ? `The article drifts since ${dateTime(about.drifting_since)}. ` : '';
    return part(name, [h('p', null, `${said}${counted(known.length, 'thread')}, newest first.`),
      ...known.map((/** @type {any} */ thread) => driftChart(thread, `Thread of ${dateTime(thread.points[0].at)}`))]);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return part(name, [h('p', { class: 'quiet' }, `It cannot be shown: ${error.text}`)]);
  }
}

/** @param {number | null} health */
const whole = (health) => (health === null ? '–' : String(Math.round(health)));

/** @param {number} at */
function isoDay(at) {
  return new Date(at).toISOString().slice(0, 10);
}

customElements.define('parley-engagement', ParleyEngagement);
