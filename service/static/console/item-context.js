/** Where a comment stands: its thread, the article, its earlier revisions. */

import { h, outside, section } from './dom.js';
import { marked, passageMark } from './marks.js';
import { dateTime, number } from './format.js';
import { link } from './router.js';
import { STATUSES } from './words.js';

/**
 * The comment between what it answers and what answers it.
 * @param {any} item
 * @param {HTMLElement} text the comment's own text, veiled or not
 */
export function threadPart(item, text) {
  const own = h('li', { class: 'own', 'aria-current': 'true' },
    h('p', { class: 'by' }, h('strong', null, item.author.username), badges(item.author), ' ',
      h('time', { dateTime: item.created_at }, dateTime(item.created_at)),
      item.comment_revision > 1 ? ` · revision ${item.comment_revision}` : ''),
    text,
    item.label ? h('p', { class: 'hint' }, `Remark of the newsroom’s: ${item.label}`) : null);
  const before = item.ancestors.map(around);
  const after = item.replies.map((/** @type {any} */ reply) => around(reply, true));
  return h('section', { class: 'block thread' },
    h('h3', null, 'In its thread'),
    h('ol', { class: 'thread-list' }, before, own, after));
}

/** @param {any} comment @param {any} [isReply] */
export function around(comment, isReply) {
  return h('li', { class: isReply === true ? 'reply' : null },
    h('p', { class: 'by' }, h('a', { href: link('reader', comment.author.id) }, comment.author.username), badges(comment.author), ' ',
      h('time', { dateTime: comment.created_at }, dateTime(comment.created_at)), ' · ', STATUSES[comment.status] ?? comment.status),
    h('p', { class: 'text' }, comment.body || 'No text any more.'));
}

/** @param {any} author */
function badges(author) {
  return (author.badges ?? []).map((/** @type {string} */ badge) => h('span', { class: 'tag' }, badge));
}

/** @param {any} item */
export function revisionsPart(item) {
  const earlier = item.revisions.filter((/** @type {any} */ one) => one.revision < item.comment_revision);
  if (earlier.length === 0) return null;
  return section(`Earlier revisions (${earlier.length})`, earlier.map((/** @type {any} */ one) =>
    h('div', null, h('p', { class: 'by' }, `Revision ${one.revision} · ${dateTime(one.created_at)}`),
      h('p', { class: 'text' }, one.body))), { folded: true });
}

/** @param {any} item */
export function articlePart(item) {
  const { article } = item;
  const nearest = article.nearest?.text ?? null;
  const mark = passageMark(article.extract, nearest);
  const relevance = item.scores.find((/** @type {any} */ score) => score.task === 'relevance')?.values.relevance;
  const parts = [
    h('p', { class: 'article-title' }, outside(article.url, article.title ?? article.key),
      article.section ? h('span', { class: 'tag' }, article.section) : null),
    relevance === undefined ? null : h('p', { class: 'hint' },
      `Relevance ${number(relevance)}; the thread’s drift ${number(article.drift)} (0 near, 1 far).`),
    nearest && !mark ? h('p', null, h('strong', null, 'Nearest passage: '), h('mark', { class: 'mark-passage' }, nearest)) : null,
    article.extract
      ? h('div', { class: 'extract', tabIndex: 0, role: 'region', 'aria-label': 'Extract of the article' },
        marked(article.extract, mark ? [mark] : []))
      : h('p', { class: 'quiet' }, 'The article’s text is not known.'),
    mark ? h('p', { class: 'hint' }, h('mark', { class: 'mark-passage' }, 'Marked'), ': the passage nearest to the comment.') : null,
  ];
  return section('Article', parts);
}
