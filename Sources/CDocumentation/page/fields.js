// The fields of a form: a control with its label, its hints, whether it is sent, and what is wrong with it.

import { makeControl } from './controls.js';
import { element, replace, uniqueID } from './dom.js';
import { limitsText, typeText } from './schema.js';

/**
 * @typedef {Object} Part a field of the form, or a group of them
 * @property {HTMLElement} node
 * @property {import('./schema.js').Field} field
 * @property {Part[]} parts of a group; empty for one that holds a value
 * @property {() => {value?: *, errors: {part: Part, message: string}[]}} read no value when it is left out
 * @property {(value: *) => void} show
 * @property {(messages: string[]) => void} complain shows what is wrong; nothing when the list is empty
 * @property {() => void} focus
 */

/** The part of the form for a field. */
export function makePart(field) {
  return field.kind === 'object' && field.fields.length > 0 ? group(field) : single(field);
}

function group(field) {
  const parts = field.fields.map(makePart);
  const problem = problemText();
  const presence = makePresence(field);
  const inner = element('div', { class: 'fields' }, parts.map((part) => part.node));
  const node = element('fieldset', { class: 'group' },
    element('legend', {}, field.title, ' ', element('code', {}, field.name)),
    field.description && element('p', { class: 'hint' }, field.description),
    presence?.node, problem.node, inner);
  // What is not sent need not be seen.
  const follow = () => { inner.hidden = presence !== undefined && presence.get() !== 'value'; };
  presence?.node.addEventListener('input', follow);
  return {
    node, field, parts,
    read() {
      if (presence && presence.get() !== 'value') return presence.get() === 'null' ? { value: null, errors: [] } : { errors: [] };
      return readMembers(parts);
    },
    show(value) {
      presence?.take(value);
      follow();
      parts.forEach((part) => part.show(value?.[part.field.name]));
    },
    complain: problem.show,
    focus() { if (presence) presence.node.focus(); else parts[0].focus(); },
  };
}

/** The object that parts make, without those that are left out. */
export function readMembers(parts) {
  const value = {};
  const errors = [];
  for (const part of parts) {
    const read = part.read();
    errors.push(...read.errors);
    // Not by assignment: a field may be called __proto__.
    if (read.value !== undefined) {
      Object.defineProperty(value, part.field.name, { value: read.value, enumerable: true });
    }
  }
  return { value, errors };
}

function single(field) {
  const id = uniqueID('field');
  const labelID = uniqueID('label');
  const control = makeControl(field, id, labelID);
  const presence = makePresence(field);
  const problem = problemText();
  const hint = hintText(field);
  const { target } = control;
  target.setAttribute('aria-describedby', [hint?.id, problem.id].filter(Boolean).join(' '));
  if (field.isRequired && target.getAttribute('type') !== 'range') target.setAttribute('aria-required', 'true');
  const label = control.isGroup ? element('span', { id: labelID, class: 'label' }, field.title)
    : element('label', { id: labelID, class: 'label', for: id }, field.title);
  const node = element('div', { class: `field of-${field.kind}` },
    element('div', { class: 'heading' }, label, element('code', {}, field.name), presence?.node),
    control.node, problem.node, hint?.node);
  control.node.addEventListener('input', () => presence?.set('value'));
  presence?.node.addEventListener('input', () => node.classList.toggle('absent', presence.get() !== 'value'));
  const part = {
    node, field, parts: [],
    read() {
      const state = presence?.get() ?? 'value';
      if (state !== 'value') return state === 'null' ? { value: null, errors: [] } : { errors: [] };
      const { value, error } = control.read();
      return { value, errors: error ? [{ part, message: error }] : [] };
    },
    show(value) {
      presence?.take(value);
      node.classList.toggle('absent', presence !== undefined && presence.get() !== 'value');
      control.show(value ?? undefined);
    },
    complain(messages) {
      problem.show(messages);
      node.classList.toggle('wrong', messages.length > 0);
      if (messages.length > 0) target.setAttribute('aria-invalid', 'true');
      else target.removeAttribute('aria-invalid');
    },
    focus() {
      const first = control.isGroup ? target.querySelector('input:checked') ?? target.querySelector('input') : target;
      first.focus();
    },
  };
  return part;
}

/** Whether a field is sent, left out or null: a choice where there is one. */
function makePresence(field) {
  if (field.isRequired && !field.isNullable) return undefined;
  const options = [['value', 'sent'], !field.isRequired && ['absent', 'left out'], field.isNullable && ['null', 'null']];
  const node = element('select', { class: 'presence', 'aria-label': `${field.title}: sent or not` },
    options.filter(Boolean).map(([value, text]) => element('option', { value }, text)));
  return {
    node,
    get: () => node.value,
    set(state) {
      if (node.value === state) return;
      node.value = state;
      node.dispatchEvent(new Event('input', { bubbles: true }));
    },
    take(value) {
      if (value === undefined) node.value = field.isRequired ? 'value' : 'absent';
      else node.value = value === null ? 'null' : 'value';
    },
  };
}

function hintText(field) {
  const limits = limitsText(field);
  const kind = { integer: 'whole number', number: 'number', array: typeText(field), object: 'JSON object', union: 'JSON' }[field.kind];
  const facts = [
    kind, limits, 'default' in field && field.default !== null && `default ${JSON.stringify(field.default)}`,
  ].filter(Boolean).join(', ');
  if (!facts && !field.description) return undefined;
  const id = uniqueID('hint');
  const text = facts && element('span', { class: 'limits-said' }, facts.charAt(0).toUpperCase() + facts.slice(1), '. ');
  return { id, node: element('p', { class: 'hint', id }, text, field.description) };
}

function problemText() {
  const id = uniqueID('problem');
  const node = element('p', { class: 'problem', id });
  return { id, node, show(messages) { replace(node, messages.map((message) => element('span', {}, message))); } };
}
