/** What the API's words mean, for people. */

/** Actions on a comment, as buttons say them. */
export const ACTIONS = /** @type {Record<string, string>} */ ({
  approve: 'Approve', reject: 'Reject', remove: 'Remove', hide: 'Hide', restore: 'Restore',
  demote: 'Rank lower', undemote: 'Rank normally', label: 'Add a remark', unlabel: 'Take the remark off',
  lock: 'Close the thread', unlock: 'Open the thread', feature: 'Feature', unfeature: 'Stop featuring',
  request_edit: 'Ask for an edit', preserve: 'Keep as evidence', release: 'Release as evidence',
  acknowledge: 'Nothing to do',
});

/** The same, once done. */
export const DONE = /** @type {Record<string, string>} */ ({
  approve: 'Approved', reject: 'Rejected', remove: 'Removed', hide: 'Hidden', restore: 'Restored',
  demote: 'Ranked lower', undemote: 'Ranked normally', label: 'Remark added', unlabel: 'Remark taken off',
  lock: 'Thread closed', unlock: 'Thread opened', feature: 'Featured', unfeature: 'No longer featured',
  request_edit: 'Author asked for an edit', preserve: 'Kept as evidence', release: 'Released',
  acknowledge: 'Closed without action',
});

/** Actions that name the guideline that was broken. */
export const RESTRICTIVE = new Set(['reject', 'remove', 'hide', 'demote', 'label', 'lock']);

/** Actions after which an item is done. */
export const CLOSING = new Set(['approve', 'reject', 'remove', 'restore', 'demote', 'request_edit', 'acknowledge']);

export const STATUSES = /** @type {Record<string, string>} */ ({
  pending: 'being checked', published: 'public', held: 'held', hidden: 'hidden', rejected: 'rejected',
  removed: 'removed', withdrawn: 'withdrawn by its author', erased: 'erased',
});

export const PRIORITY_PARTS = /** @type {Record<string, string>} */ ({
  harm: 'Harm: chance of a breach × gravity × readers',
  waiting: 'Waiting: held, and probably fine',
  urgency: 'Urgency: share of its time that has gone by',
  rule: 'Rules: what matching rules add',
  floor: 'Floor: at least this much',
});

export const SKIPS = /** @type {[string, string][]} */ ([
  ['unsure', 'I am not sure'], ['context', 'I lack the context'], ['language', 'I do not read the language'],
  ['distressing', 'It is too distressing'], ['conflict', 'I know the people'], ['other', 'Something else'],
]);

export const ESCALATIONS = /** @type {[string, string][]} */ ([
  ['lead', 'To a lead'], ['legal', 'To the legal desk'], ['second_opinion', 'For a second opinion'],
]);

export const SANCTIONS = /** @type {[string, string][]} */ ([
  ['warn', 'Warn: read before the next comment'],
  ['premoderate', 'Premoderate: every comment waits'],
  ['suspend', 'Suspend: no comments for some days'],
  ['mute_reports', 'Mute reports: they weigh nothing'],
  ['ban', 'Ban: no comments, without end'],
]);

/** Conflicts, in words that say what to do next. */
export const CONFLICTS = /** @type {Record<string, string>} */ ({
  stale_version: 'This item changed while you were reading: it was edited, reported again, or a colleague acted. Nothing was done. Here it is as it is now.',
  claimed_by_other: 'A colleague is working on this item. Nothing was done.',
  lost_lease: 'Your claim on this item had run out. Nothing was done. Here it is as it is now.',
  already_decided: 'A colleague decided on this item meanwhile. Nothing was done. Here it is as it is now.',
  appeal_open: 'An appeal against an earlier decision waits. It is answered under Appeals, not here.',
  already_escalated: 'You have handed this on already.',
});

export const ROLES = ['moderator', 'lead', 'legal', 'admin'];
