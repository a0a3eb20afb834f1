// Schemas as tables.

import { element } from './dom.js';
import { limitsText, typeText } from './schema.js';

/**
 * What goes in or comes out, as a table for each alternative.
 *
 * @param {string} title
 * @param {import('./schema.js').Field} field
 * @param {boolean} isInput whether leaving out is a question
 */
export function makeSchema(title, field, isInput) {
  const alternatives = field.alternatives ?? [field];
  return element('section', { class: 'schema', 'aria-label': title },
    element('h3', {}, title),
    field.description && element('p', { class: 'hint' }, field.description),
    alternatives.map((alternative, index) => [
      index > 0 && element('p', { class: 'or' }, 'or'),
      makeTable(`${title}${index > 0 ? `, alternative ${index + 1}` : ''}`, alternative, isInput),
    ]));
}

// The roles are said because narrow screens lay the rows out as blocks, which takes them away.
function makeTable(title, field, isInput) {
  const rows = field.fields ? field.fields.flatMap(rowsOf) : rowsOf(field);
  if (rows.length === 0) return element('p', { class: 'hint' }, 'No fields.');
  return element('table', { role: 'table', 'aria-label': title },
    element('thead', { role: 'rowgroup' }, element('tr', { role: 'row' },
      ['Field', 'Type', 'Meaning'].map((text) => element('th', { scope: 'col', role: 'columnheader' }, text)))),
    element('tbody', { role: 'rowgroup' }, rows.map((row) => tableRow(row, isInput))));
}

function rowsOf(field) {
  const inner = field.kind === 'array' ? field.items : field;
  return [field, ...(inner?.fields ?? []).flatMap(rowsOf)];
}

function tableRow(field, isInput) {
  const limits = limitsText(field);
  return element('tr', { role: 'row' },
    element('th', { scope: 'row', role: 'rowheader' },
      element('span', { class: 'label' }, field.title), ' ', element('code', {}, field.path.join('.')),
      isInput ? !field.isRequired && element('span', { class: 'tag' }, 'optional')
        : !field.isRequired && element('span', { class: 'tag' }, 'not always')),
    element('td', { role: 'cell' },
      typeText(field), limits && element('span', { class: 'limits' }, limits),
      field.values && element('span', { class: 'allowed' }, field.values.map((value) => element('code', {}, value))),
      'default' in field && element('span', { class: 'limits' }, 'default ', element('code', {}, JSON.stringify(field.default)))),
    element('td', { role: 'cell' }, field.description));
}
