// What the service answered to a request.

import { jsonNodes, makeCodeBlock } from './code.js';
import { element, replace } from './dom.js';
import { NumberLiteral } from './json.js';
import { leaves } from './schema.js';

/**
 * The place for answers.
 *
 * @param {import('./schema.js').Field} output says how values are called
 */
export function makeAnswer(output) {
  const titles = new Map(leaves(output).map((field) => [field.path.join('\n'), field.title]));
  const summary = element('p', { class: 'summary', role: 'status' });
  const values = element('dl', { class: 'values' });
  const body = makeCodeBlock('body of the answer');
  body.node.hidden = true;
  const empty = element('p', { class: 'hint' }, 'Send the input to see what the model answers.');
  const node = element('section', { class: 'answer', 'aria-label': 'Answer' },
    element('h3', {}, 'Answer'), empty, summary, values, body.node);

  function show(status, text, time, kind) {
    empty.hidden = true;
    replace(summary, element('span', { class: `status ${kind}` }, status), ' ', time,
      text && element('span', { class: 'said' }, ` ${text}`));
  }

  return {
    node,
    /** While the service has not answered yet. */
    wait() {
      show('…', 'Waiting for the answer.', '', 'waiting');
    },
    /** @param {Awaited<ReturnType<import('./api.js').predict>>} response */
    answered(response) {
      const { status, reason, document, text } = response;
      const flat = status === 200 ? scalars(document) : [];
      show(`${status}${reason && ` ${reason}`}`, status === 200 ? '' : 'The service made no prediction.',
        element('span', { class: 'time' }, `${formatTime(response.milliseconds)} ms`), status === 200 ? 'good' : 'bad');
      replace(values, flat.map(([path, value]) => element('div', {},
        element('dt', {}, titles.get(path.join('\n')) ?? path.join(', ')), element('dd', { class: value.length > LARGE_LETTERS && 'long' }, value))));
      body.node.hidden = false;
      body.show(jsonNodes(text));
    },
    /** When there is no answer. */
    failed(error) {
      show('No answer', String(error.message ?? error), '', 'bad');
      replace(values);
      body.node.hidden = true;
    },
  };
}

/** As many digits as say something, in milliseconds. */
function formatTime(milliseconds) {
  return milliseconds < 10 ? milliseconds.toFixed(1) : String(Math.round(milliseconds));
}

/** A value of more letters than this is written smaller. */
const LARGE_LETTERS = 14;

/** At most this many values are shown large. */
const MAXIMUM_VALUES = 6;

/** The values of an answer that are worth showing large, with the way to each. */
function scalars(document, path = []) {
  if (document instanceof NumberLiteral || typeof document === 'boolean') return [[path, String(document)]];
  if (typeof document === 'string') return [[path, document]];
  if (Array.isArray(document)) return document.every((item) => typeof item === 'string') ? [[path, document.join(' ')]] : [];
  if (document === null || document === undefined) return [];
  return Object.entries(document).flatMap(([key, value]) => scalars(value, [...path, key])).slice(0, MAXIMUM_VALUES);
}
