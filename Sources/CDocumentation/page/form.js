// The form of a model's input.

import { announce, element, replace } from './dom.js';
import { makePart, readMembers } from './fields.js';
import { write } from './json.js';
import { assign } from './messages.js';

/**
 * A form for an input schema.
 *
 * @param {import('./schema.js').Field} input an object
 * @param {Object | undefined} sample what it holds at first
 * @param {{onsend: (body: string) => void, onchange: () => void}} listeners
 */
export function makeForm(input, sample, { onsend, onchange }) {
  const parts = (input.fields ?? []).map(makePart);
  const all = parts.flatMap(withParts);
  const general = element('div', { class: 'problems', tabindex: '-1' });
  const send = element('button', { type: 'submit', class: 'primary' }, 'Send');
  const node = element('form', { class: 'form', novalidate: true, 'aria-label': 'Input' },
    general,
    parts.length === 0 ? element('p', { class: 'hint' }, 'The model takes no fields.')
      : element('div', { class: 'fields' }, parts.map((part) => part.node)),
    element('div', { class: 'actions' }, send,
      sample && element('button', { type: 'button', onclick: () => fill(sample) }, 'Use the sample'),
      element('button', { type: 'button', onclick: () => fill(undefined) }, 'Clear')));

  function fill(value) {
    complain([], []);
    parts.forEach((part) => part.show(value?.[part.field.name]));
    onchange();
  }

  /** Shows messages above the form and beside fields, and goes to the first field that has one. */
  function complain(messages, errors) {
    const { byField, others } = assign(messages, all.map((part) => part.field.path));
    for (const part of all) {
      const own = errors.filter((error) => error.part === part).map((error) => error.message);
      part.complain([...own, ...(byField.get(part.field.path) ?? [])]);
    }
    replace(general, others.map((message) => element('p', {}, message)));
    const count = messages.length + errors.length;
    if (count === 0) return;
    announce(`${count === 1 ? 'One thing is' : `${count} things are`} wrong with the input.`);
    const first = all.find((part) => part.node.querySelector(':scope > .problem')?.firstChild);
    if (first) first.focus();
    else general.focus();
  }

  node.addEventListener('submit', (event) => {
    event.preventDefault();
    const { errors } = readMembers(parts);
    complain([], errors);
    if (errors.length === 0) onsend(body());
  });
  node.addEventListener('input', onchange);

  /** The body that the form stands for. */
  function body() {
    return write(readMembers(parts).value);
  }

  parts.forEach((part) => part.show(sample?.[part.field.name]));
  return {
    node, body,
    /** Shows the service's messages. */
    complain: (messages) => complain(messages, []),
    /** The input as an object, and whether it can be sent. */
    read: () => readMembers(parts),
    setBusy(isBusy) { send.setAttribute('aria-disabled', String(isBusy)); },
    /** Gives the value at `path` another value. */
    set(path, value) {
      all.find((part) => part.field.path.join('\n') === path.join('\n'))?.show(value);
      onchange();
    },
  };
}

function withParts(part) {
  return [part, ...part.parts.flatMap(withParts)];
}
