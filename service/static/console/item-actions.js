/** The actions on an item: buttons, keys, and what has to be asked before. */

import { h } from './dom.js';
import { ask, choose } from './dialogs.js';
import { api } from './api.js';
import { toast } from './toast.js';
import { guidelines, guidelineChoices } from './site-facts.js';
import { ACTIONS, ESCALATIONS, RESTRICTIVE, SANCTIONS, SKIPS } from './words.js';

/** @typedef {import('./desk.js').Desk} Desk */
/** @typedef {{key: string, name: string, does: string, can: (desk: Desk) => boolean, run: (desk: Desk) => Promise<any>}} Action */

const NOTE_MAX = 2000, REMARK_MAX = 200, MONTH = 30;
const BARRED = new Set(['approve', 'reject', 'remove', 'hide', 'feature']);

/** @param {Desk} desk @param {string} action */
const possible = (desk, action) => desk.item.actions.includes(action);
/** @param {Desk} desk */
const isOpen = (desk) => desk.item.state !== 'decided';
/** @param {Desk} desk what brings a comment back */
const keeping = (desk) => (possible(desk, 'approve') ? 'approve' : 'restore');
/** @param {Desk} desk */
const featuring = (desk) => (desk.item.featured ? 'unfeature' : 'feature');

/** @type {Action[]} */
export const ITEM_ACTIONS = [
  { key: 'a', name: 'Approve', does: 'Approve: may be public', can: (desk) => possible(desk, keeping(desk)), run: (desk) => desk.decide(keeping(desk)) },
  { key: 'r', name: 'Reject', does: 'Reject or remove: then the number of the guideline', can: (desk) => possible(desk, 'reject'), run: (desk) => restrict(desk, 'reject') },
  { key: 'h', name: 'Hide', does: 'Hide a public comment until it is decided', can: (desk) => possible(desk, 'hide'), run: (desk) => restrict(desk, 'hide') },
  { key: 'e', name: 'Escalate', does: 'Hand on: to a lead, the legal desk, or for a second opinion', can: (desk) => isOpen(desk) && !desk.item.blind, run: escalate },
  { key: 'f', name: 'Feature', does: 'Feature a public comment, or stop featuring it', can: (desk) => possible(desk, featuring(desk)), run: (desk) => desk.decide(featuring(desk)) },
  { key: 's', name: 'Skip', does: 'Skip: then the number of the reason', can: (desk) => isOpen(desk) && desk.claimed, run: skip },
  { key: 'w', name: 'Sanction', does: 'Warn or sanction the author', can: (desk) => !desk.item.blind, run: (desk) => sanction(desk.item.author.id).then(() => desk.reload()) },
  { key: 'm', name: 'More', does: 'More actions on the comment', can: (desk) => others(desk).length > 0 && !desk.item.blind, run: more },
];

/**
 * The buttons; what makes no sense now is disabled.
 * @param {Desk} desk
 */
export function actionBar(desk) {
  const buttons = ITEM_ACTIONS.map((action) => h('button', {
    type: 'button', class: `action action-${action.name.toLowerCase()}`, 'aria-keyshortcuts': action.key,
    disabled: !desk.mayAct || !action.can(desk), onclick: () => perform(desk, action),
  }, h('kbd', null, action.key), ' ', label(desk, action)));
  return h('div', { class: 'actions', role: 'toolbar', 'aria-label': 'Decide' }, buttons);
}

/** @param {Desk} desk @param {Action} action */
function label(desk, { key, name }) {
  if (key === 'f') return ACTIONS[featuring(desk)];
  if (key === 'a') return ACTIONS[keeping(desk)];
  return key === 'r' && desk.item.status === 'published' ? 'Remove' : name;
}

/** @param {Desk} desk @param {Action} action */
export async function perform(desk, action) {
  if (desk.item === null) return;
  if (!desk.mayAct) toast().say('A colleague is working on this item.');
  else if (!action.can(desk)) toast().say(`“${action.name}” makes no sense for this comment as it is.`);
  else await action.run(desk);
}

/** @param {Desk} desk @param {string} action */
async function restrict(desk, action) {
  const given = await chooseGuideline(desk.item, `${ACTIONS[action]}: which guideline was broken?`);
  if (!given) return;
  const note = given.note ? { note: given.note } : {};
  await desk.decide(action, { guideline: given.value, ...note });
}

/**
 * Choose a guideline by its number; those that rules or readers named say so.
 * @param {any} item null for several items at once
 * @param {string} title
 */
export async function chooseGuideline(item, title) {
  const choices = (await guidelines()).map(({ id, title, text }) => ({
    value: id, text: title, hint: text, note: item ? named(item, id) : '',
  }));
  return choose({ title, choices, withNote: true });
}

/** @param {any} item @param {string} guideline */
function named(item, guideline) {
  const rules = item.decisions.flatMap((/** @type {any} */ decision) => decision.rules);
  const byRule = rules.some((/** @type {any} */ rule) => rule.result === 'match' && rule.guideline === guideline);
  const reports = item.reports.filter((/** @type {any} */ report) => report.guideline === guideline && report.state === 'open').length;
  return [byRule ? 'found by a rule' : '', reports ? `reported ${reports}×` : ''].filter(Boolean).join(', ');
}

/** @param {Desk} desk */
async function escalate(desk) {
  const to = await choose({ title: 'Hand on', choices: ESCALATIONS.map(([value, text]) => ({ value, text })) });
  if (!to) return;
  if (to.value !== 'second_opinion') { await desk.escalate(to.value, null); return; }
  const choices = ['approve', 'reject'].map((value) => ({ value, text: ACTIONS[value] }));
  const own = await choose({ title: 'Your own opinion (kept from the second moderator)', choices });
  if (!own) return;
  const guideline = own.value === 'reject' ? await chooseGuideline(desk.item, 'Which guideline was broken?') : null;
  if (own.value === 'reject' && !guideline) return;
  await desk.escalate('second_opinion', { action: own.value, ...(guideline ? { guideline: guideline.value } : {}) });
}

/** @param {Desk} desk */
async function skip(desk) {
  const choices = SKIPS.map(([value, text]) => ({ value, text }));
  const reason = await choose({ title: 'Why do you skip it?', choices });
  if (reason) await desk.skip(reason.value);
}

/** @param {Desk} desk */
const others = (desk) => desk.item.actions.filter((/** @type {string} */ action) =>
  !BARRED.has(action) && action !== keeping(desk) && action !== featuring(desk) && action !== 'unfeature');

/** @param {Desk} desk */
async function more(desk) {
  const choices = others(desk).map((/** @type {string} */ value) => ({ value, text: ACTIONS[value] ?? value }));
  const chosen = await choose({ title: 'More actions', choices });
  if (!chosen) return;
  if (chosen.value === 'label') { await remark(desk); return; }
  if (RESTRICTIVE.has(chosen.value)) { await restrict(desk, chosen.value); return; }
  await desk.decide(chosen.value);
}

/** @param {Desk} desk */
async function remark(desk) {
  const given = await ask({
    title: 'A remark of the newsroom’s under the comment', confirm: 'Add',
    fields: [
      { name: 'label', label: 'What readers see', required: true, maxLength: REMARK_MAX },
      { name: 'guideline', label: 'Guideline', kind: 'choice', choices: await guidelineChoices() },
    ],
    act: async (given) => given,
  });
  if (given) await desk.decide('label', given);
}

/**
 * Ask for a sanction on a reader and impose it.
 * @param {string} reader
 */
export async function sanction(reader) {
  const done = await ask({
    title: 'Warn or sanction', confirm: 'Impose',
    text: 'The reader gets a statement of reasons and can appeal.',
    fields: [
      { name: 'kind', label: 'Sanction', kind: 'choice', choices: SANCTIONS.filter(([kind]) => kind !== 'ban' || api.is('lead')) },
      { name: 'guideline', label: 'Guideline that was broken', kind: 'choice', choices: await guidelineChoices() },
      { name: 'days', label: 'Days', kind: 'number', min: 1, max: api.is('lead') ? 3650 : MONTH, hint: 'Needed to suspend and to mute; a ban and a warning have none.' },
      { name: 'note', label: 'Note for colleagues (optional)', kind: 'text', maxLength: NOTE_MAX },
    ],
    act: (given) => api.post(`/moderation/readers/${reader}/sanctions`, given),
  });
  if (done) toast().say(done.proposal ? 'Proposed: a second person has to confirm it.' : 'Imposed.');
}
