/** The guidelines in force, their versions, rules in shadow, and trying out a change. */

import { api } from './api.js';
import { backtestForm } from './backtest.js';
import { ask } from './dialogs.js';
import { h, table } from './dom.js';
import { dateTime, number, percent } from './format.js';
import { Page, part } from './page.js';
import { forgetGuidelines, guidelines } from './site-facts.js';
import { toast } from './toast.js';

const SHADOW_DAYS = 30;

class ParleyGuidelines extends Page {
  async content() {
    const [versions, clauses, shadow] = await Promise.all([
      api.get('/guidelines/versions', { limit: 50 }), guidelines(), api.get('/guidelines/shadow', { days: SHADOW_DAYS })]);
    const current = await api.get(`/guidelines/versions/${versions.in_force}`);
    const changed = () => { forgetGuidelines(); toast().say('In force. Every process follows within five seconds.'); this.refresh(); };
    return [
      h('h1', null, 'Guidelines'),
      versions.problem ? h('p', { class: 'banner warn' }, versions.problem) : null,
      h('p', null, 'In force: ', h('strong', null, current.label), ' ', h('code', null, current.version)),
      part('What readers are asked', [h('ol', { class: 'clauses' }, clauses.map(({ title, text }) => h('li', null, h('strong', null, title), ' ', text)))]),
      api.is('lead') ? part('Try a change', [backtestForm(current.source, current.version, changed)])
        : part('The file', [h('pre', { tabIndex: 0, role: 'region', 'aria-label': 'The guideline file' }, current.source)], { folded: true }),
      part('Rules in shadow', [shadowTable(shadow)]),
      part('Versions', [this.#versions(versions, changed)]),
    ];
  }

  /** @param {any} found @param {() => void} changed */
  #versions(found, changed) {
    return table('Versions, newest first', ['Version', 'Label', 'In force from', 'By', 'Why', ''], found.versions.map((/** @type {any} */ one) => {
      const last = one.activations[0];
      return [h('code', null, one.version), h('span', null, one.label, one.active ? h('span', { class: 'tag good' }, 'in force') : null),
        last ? dateTime(last.at) : '–', last ? last.moderator ?? 'the command line' : one.installed ? 'installed' : '–', last?.note ?? '',
        h('span', { class: 'row' }, h('button', { type: 'button', onclick: () => showSource(one.version) }, 'Text'),
          api.is('lead') && !one.active && last ? h('button', { type: 'button', onclick: () => rollBack(one.version, changed) }, 'Go back to it…') : null)];
    }));
  }
}

/** @param {any} shadow */
function shadowTable(shadow) {
  return table(`Rules in shadow, last ${shadow.days} days`, ['Rule', 'Matched', 'Would have changed', 'Precision', 'Recall'],
    shadow.rules.map((/** @type {any} */ one) => [one.rule, number(one.matched),
      one.changes.map((/** @type {any} */ change) => `${change.before} → ${change.after}: ${change.count}`).join(', ') || 'nothing',
      percent(one.against_people.precision), percent(one.against_people.recall)]), 'no rule is in shadow.');
}

/** @param {string} version */
async function showSource(version) {
  const found = await api.get(`/guidelines/versions/${version}`);
  const close = h('button', { type: 'button', onclick: () => dialog.close() }, 'Close');
  const dialog = h('dialog', { class: 'wide', 'aria-labelledby': 'source-title', onclose: () => dialog.remove() },
    h('h2', { id: 'source-title' }, `${found.label} (${version})`), h('pre', { tabIndex: 0, role: 'region', 'aria-label': 'The guideline file' }, found.source), close);
  document.body.append(dialog);
  dialog.showModal();
}

/** @param {string} version @param {() => void} changed */
async function rollBack(version, changed) {
  const done = await ask({
    title: `Go back to ${version}`, confirm: 'Go back',
    fields: [{ name: 'note', label: 'Why', kind: 'text', required: true, maxLength: 2000 }],
    act: (given) => api.post('/guidelines/rollback', { to_version: version, ...given }),
  });
  if (done) changed();
}

customElements.define('parley-guidelines', ParleyGuidelines);
