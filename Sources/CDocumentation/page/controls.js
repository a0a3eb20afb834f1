// One control for each kind of field: what it looks like, what it holds, and how it takes a value.

import { element, uniqueID } from './dom.js';
import { NumberLiteral, isNumber, parse, write } from './json.js';
import { bounds, isNumeric } from './schema.js';

/**
 * @typedef {Object} Control
 * @property {HTMLElement} node
 * @property {HTMLElement} target what is focused, described and marked as invalid
 * @property {boolean} isGroup whether the label is that of a group, not of one element
 * @property {() => {value?: *, error?: string}} read neither when it is empty
 * @property {(value: *) => void} show `undefined` empties it
 */

/** An enum of at most this many values, of at most this many letters in all, is a row of choices; else a list. */
const MAXIMUM_CHOICES = 4;
const MAXIMUM_CHOICE_LETTERS = 24;

/** How many steps a slider has, about. */
const SLIDER_STEPS = 200;

/**
 * The control of a field that holds one value.
 *
 * @param {import('./schema.js').Field} field
 * @param {string} id of the element that the label is for
 * @param {string} labelID
 * @returns {Control}
 */
export function makeControl(field, id, labelID) {
  if (isNumeric(field)) return numberControl(field, id);
  if (field.kind === 'boolean') return choiceControl([['true', true], ['false', false]], id, labelID);
  if (field.kind === 'enum') {
    const isShort = field.values.length <= MAXIMUM_CHOICES && field.values.join('').length <= MAXIMUM_CHOICE_LETTERS;
    const choices = field.values.map((value) => [value, value]);
    return isShort ? choiceControl(choices, id, labelID) : listControl(choices, id);
  }
  if (field.kind === 'string') return textControl(field, id);
  return jsonControl(field, id);
}

function numberControl(field, id) {
  const { least, greatest } = bounds(field);
  const step = field.kind === 'integer' ? 1 : 'any';
  const input = element('input', {
    type: 'number', id, step, min: least, max: greatest, autocomplete: 'off',
    inputmode: field.kind === 'integer' && least >= 0 ? 'numeric' : 'decimal',
  });
  // Beside the number, for those who point; the keyboard and screen readers have the number itself.
  const slider = greatest > least && element('input', {
    type: 'range', min: least, max: greatest, tabindex: '-1', 'aria-hidden': 'true',
    step: field.kind === 'integer' ? 1 : niceStep((greatest - least) / SLIDER_STEPS),
  });
  const follow = () => {
    if (slider) slider.value = input.value === '' ? String((least + greatest) / 2) : input.value;
  };
  if (slider) {
    input.addEventListener('input', follow);
    slider.addEventListener('input', () => { input.value = slider.value; });
  }
  return {
    node: element('div', { class: 'with-slider' }, input, slider), target: input, isGroup: false,
    read() {
      if (input.validity.badInput) return { error: 'This is not a number.' };
      if (input.value === '') return {};
      return { value: new NumberLiteral(isNumber(input.value) ? input.value : String(Number(input.value))) };
    },
    show(value) {
      input.value = value instanceof NumberLiteral || typeof value === 'number' ? String(value) : '';
      follow();
    },
  };
}

/** 1, 2 or 5 times a power of ten, at most `width`. */
function niceStep(width) {
  const power = 10 ** Math.floor(Math.log10(width));
  const factor = [5, 2, 1].find((candidate) => candidate * power <= width) ?? 1;
  return Number((factor * power).toPrecision(1));
}

function choiceControl(choices, id, labelID) {
  const name = uniqueID('choice');
  const inputs = choices.map((_, index) => (
    element('input', { type: 'radio', name, id: index === 0 ? id : uniqueID('option'), value: index })));
  const node = element('div', { class: 'choices', role: 'radiogroup', 'aria-labelledby': labelID },
    inputs.map((input, index) => element('label', {}, input, element('span', {}, choices[index][0]))));
  return {
    node, target: node, isGroup: true,
    read() {
      const index = inputs.findIndex((input) => input.checked);
      return index < 0 ? {} : { value: choices[index][1] };
    },
    show(value) {
      inputs.forEach((input, index) => { input.checked = choices[index][1] === value; });
    },
  };
}

function listControl(choices, id) {
  const list = element('select', { id }, element('option', { value: '' }, 'Choose…'),
    choices.map(([text], index) => element('option', { value: index }, text)));
  return {
    node: list, target: list, isGroup: false,
    read: () => (list.value === '' ? {} : { value: choices[Number(list.value)][1] }),
    show(value) {
      const index = choices.findIndex((choice) => choice[1] === value);
      list.value = index < 0 ? '' : String(index);
    },
  };
}

/** A text of more than this many characters gets lines. */
const LONG_TEXT = 120;

function textControl(field, id) {
  const isLong = (field.schema.maxLength ?? 0) > LONG_TEXT;
  const input = isLong
    ? element('textarea', { id, rows: 3, autocomplete: 'off' })
    : element('input', { type: 'text', id, autocomplete: 'off' });
  return {
    node: input, target: input, isGroup: false,
    // An empty text is a text; whether it is sent is for the field to say.
    read: () => ({ value: input.value }),
    show(value) { input.value = typeof value === 'string' ? value : ''; },
  };
}

function jsonControl(field, id) {
  const input = element('textarea', {
    id, rows: 3, class: 'code', spellcheck: 'false', autocomplete: 'off', placeholder: field.kind === 'array' ? '[]' : '',
  });
  return {
    node: input, target: input, isGroup: false,
    read() {
      if (input.value.trim() === '') return {};
      try {
        return { value: parse(input.value) };
      } catch (error) {
        return { error: `This is not JSON: ${error.message}` };
      }
    },
    show(value) { input.value = value === undefined || value === null ? '' : write(value); },
  };
}
