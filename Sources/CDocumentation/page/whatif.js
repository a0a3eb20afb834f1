// "What if": one field across its range, and what the model would answer.

import { announce, element, replace, uniqueID } from './dom.js';
import { format, makePlot } from './plot.js';
import { isNumeric, leaves } from './schema.js';
import { defaultRange, positions, sweep, valueAt } from './sweep.js';

/** Different texts that are drawn as classes, at most. */
const MAXIMUM_CLASSES = 12;

/** How long the form must rest before the plot follows it, in milliseconds. */
const REST = 300;

/**
 * The section, or `undefined` for a model without a numeric field or without anything to plot.
 *
 * @param {string} model
 * @param {import('./schema.js').Field} input
 * @param {import('./schema.js').Field} output
 * @param {ReturnType<import('./form.js').makeForm>} form
 */
export function makeWhatIf(model, input, output, form) {
  // Within alternatives a field may be there twice.
  const fields = leaves(input).filter(isNumeric);
  const outputs = uniqueByPath(leaves(output).filter((field) => field.path.length > 0))
    .filter((field) => isNumeric(field) || ['enum', 'boolean', 'string'].includes(field.kind))
    .sort((one, other) => rank(one) - rank(other));
  if (fields.length === 0 || outputs.length === 0) return undefined;

  const plot = makePlot();
  const caption = element('figcaption', {});
  const table = element('details', { class: 'numbers' });
  const figure = element('figure', { hidden: true }, plot.node, caption, table);
  const field = choice('Field', fields);
  const outcome = choice('Prediction', outputs);
  const from = number('From');
  const to = number('To');
  const button = element('button', { type: 'submit', class: 'primary' }, 'Draw');
  const problem = element('p', { class: 'problem', role: 'alert' });
  const controls = element('form', { class: 'controls', novalidate: true, 'aria-label': 'What if' },
    field.node, outcome.node, from.node, to.node, button);
  const node = element('section', { class: 'what-if', 'aria-label': 'What if' },
    element('h3', {}, 'What if'),
    element('p', { class: 'hint' }, 'The prediction across the range of one field, with everything else as in the form.'),
    controls, problem, figure);

  let running;
  let series;
  let rest;

  const chosen = () => ({ field: fields[field.index()], outcome: outputs[outcome.index()] });
  const current = () => {
    const value = valueAt(form.read().value, chosen().field.path);
    return value === undefined || value === null ? undefined : Number(value);
  };

  function resetRange() {
    const range = defaultRange(chosen().field, current());
    from.input.value = String(range.from);
    to.input.value = String(range.to);
  }

  function stop() {
    running?.abort();
    running = undefined;
    button.textContent = 'Draw';
  }

  async function draw() {
    stop();
    const { field: over, outcome: shown } = chosen();
    const [first, last] = [Number(from.input.value), Number(to.input.value)];
    const isRange = from.input.value !== '' && to.input.value !== '' && first < last;
    const xs = isRange ? positions(over, first, last) : [];
    if (xs.length === 0) {
      replace(problem, 'The range needs two numbers, the lower one first.');
      return;
    }
    const { value, errors } = form.read();
    if (errors.length > 0) {
      replace(problem, 'First mend what is marked in the input.');
      return;
    }
    replace(problem);
    const control = new AbortController();
    running = control;
    button.textContent = 'Stop';
    figure.hidden = false;
    const results = new Array(xs.length);
    const update = () => {
      series = seriesOf(over, shown, xs, results, current());
      plot.show(series);
      describe(xs.length, results.filter(Boolean).length);
    };
    update();
    await sweep(model, value, over.path, xs, (index, result) => {
      if (control.signal.aborted) return;
      results[index] = result;
      update();
    }, control.signal);
    if (control.signal.aborted) return;
    stop();
    replace(table, numbers(series));
    announce(plotText(series));
  }

  function describe(count, done) {
    plot.describe(plotText(series));
    const missing = [...new Set(series.reasons.filter(Boolean))];
    replace(caption,
      done < count ? `${done} of ${count} predictions… ` : `${count} predictions. `,
      missing.length > 0 && `${series.reasons.filter(Boolean).length} without a value: ${missing[0]}`,
      series.isTooVaried && 'The answers are too varied to draw.');
  }

  controls.addEventListener('submit', (event) => {
    event.preventDefault();
    if (running) stop();
    else draw();
  });
  field.list.addEventListener('change', () => {
    resetRange();
    if (!figure.hidden) draw();
  });
  outcome.list.addEventListener('change', () => { if (!figure.hidden) draw(); });
  resetRange();

  return {
    node,
    /** The form has changed. */
    follow() {
      if (figure.hidden) {
        if (document.activeElement?.form !== controls) resetRange();
        return;
      }
      series.current = current();
      plot.show(series);
      clearTimeout(rest);
      rest = setTimeout(draw, REST);
    },
    stop,
  };
}

/** Numbers first, then classes, then texts. */
function rank(field) {
  if (isNumeric(field)) return 0;
  return field.kind === 'string' ? 2 : 1;
}

function uniqueByPath(fields) {
  return [...new Map(fields.map((field) => [field.path.join('\n'), field])).values()];
}

function seriesOf(field, outcome, xs, results, current) {
  const ys = results.length ? Array.from(results, (result) => plain(valueAt(result?.document, outcome.path), outcome)) : [];
  const reasons = Array.from(results, (result, index) => (
    result && ys[index] === undefined ? result.reason ?? sayings(result.document) : undefined));
  let classes;
  if (!isNumeric(outcome)) {
    classes = outcome.values ?? (outcome.kind === 'boolean' ? ['false', 'true'] : [...new Set(ys.filter(Boolean))]);
  }
  const isTooVaried = classes?.length > MAXIMUM_CLASSES && outcome.kind === 'string';
  return {
    xTitle: field.title, yTitle: outcome.title, xs, reasons, classes: isTooVaried ? [] : classes, current, isTooVaried,
    ys: isTooVaried ? ys.map(() => undefined) : ys,
  };
}

function plain(value, outcome) {
  if (value === undefined || value === null) return undefined;
  return isNumeric(outcome) ? Number(value) : String(value);
}

/** What an answer says instead of the prediction. */
function sayings(document) {
  return Array.isArray(document?.messages) ? document.messages.join(' ') : 'The answer has no such value.';
}

/** The plot in a sentence. */
function plotText({ xTitle, yTitle, xs, ys, classes }) {
  const known = ys.map((value, index) => ({ value, x: xs[index] })).filter(({ value }) => value !== undefined);
  const start = `${yTitle} for ${xTitle} from ${format(xs[0])} to ${format(xs.at(-1))}`;
  if (known.length === 0) return `${start}: no predictions.`;
  if (classes) {
    const changes = known.filter(({ value }, index) => index === 0 || value !== known[index - 1].value);
    return `${start}: ${changes.map(({ value, x }) => `${value} from ${format(x)}`).join(', ')}.`;
  }
  const values = known.map(({ value }) => value);
  return `${start}: between ${format(Math.min(...values))} and ${format(Math.max(...values))}, `
    + `${format(values[0])} first and ${format(values.at(-1))} last.`;
}

/** The same numbers to read. */
function numbers({ xTitle, yTitle, xs, ys, reasons }) {
  return [
    element('summary', {}, 'The numbers'),
    element('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'The numbers' },
      element('table', {},
        element('thead', {}, element('tr', {}, element('th', { scope: 'col' }, xTitle), element('th', { scope: 'col' }, yTitle))),
        element('tbody', {}, xs.map((x, index) => element('tr', {},
          element('th', { scope: 'row' }, format(x)), element('td', {}, ys[index] ?? reasons[index] ?? '')))))),
  ];
}

function choice(title, fields) {
  const id = uniqueID('choice');
  const list = element('select', { id }, fields.map((field, index) => (
    element('option', { value: index }, field.path.length > 1 ? field.path.join(', ') : field.title))));
  return { list, index: () => Number(list.value), node: labelled(title, id, list) };
}

function number(title) {
  const id = uniqueID('number');
  const input = element('input', { type: 'number', step: 'any', id, autocomplete: 'off' });
  return { input, node: labelled(title, id, input) };
}

function labelled(title, id, control) {
  return element('div', { class: 'field' }, element('label', { class: 'label', for: id }, title), control);
}
