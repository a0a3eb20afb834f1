// Many predictions, along one field: the numbers behind "What if".

import { predict } from './api.js';
import { NumberLiteral, write } from './json.js';
import { bounds } from './schema.js';

/** Points along a range, at most. */
export const POINTS = 33;

/** Requests that wait for their answers at the same time, at most: a page must not be a load test. */
const CONCURRENT_REQUESTS = 4;

/**
 * The range that a field is looked at by default: its bounds, or else around the value that it has.
 *
 * @returns {{from: number, to: number}}
 */
export function defaultRange(field, value) {
  const { least, greatest } = bounds(field);
  if (least !== undefined && greatest !== undefined) return { from: least, to: greatest };
  const reach = Math.max(Math.abs(value ?? 0), 1);
  if (least !== undefined) return { from: least, to: Math.max(value ?? least, least) + reach };
  if (greatest !== undefined) return { from: Math.min(value ?? greatest, greatest) - reach, to: greatest };
  return { from: (value ?? 0) - reach, to: (value ?? 0) + reach };
}

/** The values that are asked for, within the bounds of the field: a bound that is excluded is not among them. */
export function positions(field, from, to) {
  const { least, greatest, isOpenBelow, isOpenAbove } = bounds(field);
  if (field.kind === 'integer') {
    const first = Math.ceil(from) + (isOpenBelow && Math.ceil(from) === least ? 1 : 0);
    const last = Math.floor(to) - (isOpenAbove && Math.floor(to) === greatest ? 1 : 0);
    const count = Math.min(POINTS, last - first + 1);
    if (count < 1) return [];
    const list = Array.from({ length: count }, (_, index) => (
      count === 1 ? first : Math.round(first + ((last - first) * index) / (count - 1))));
    return [...new Set(list)];
  }
  // A hundredth of a step inside of a bound that is excluded.
  const nudge = (to - from) / (POINTS - 1) / 100;
  const first = isOpenBelow && from <= least ? least + nudge : from;
  const last = isOpenAbove && to >= greatest ? greatest - nudge : to;
  return Array.from({ length: POINTS }, (_, index) => (
    Number((first + ((last - first) * index) / (POINTS - 1)).toPrecision(12))));
}

/**
 * Asks for the prediction at each position.
 *
 * @param {string} model
 * @param {Object} input what the other fields have
 * @param {string[]} path of the field
 * @param {number[]} list
 * @param {(index: number, result: {document?: *, reason?: string}) => void} onresult a document for a prediction, a
 *   reason when there is none; in any order
 * @param {AbortSignal} signal
 */
export async function sweep(model, input, path, list, onresult, signal) {
  let next = 0;
  const work = async () => {
    while (next < list.length && !signal.aborted) {
      const index = next;
      next += 1;
      const body = write(changed(input, path, new NumberLiteral(String(list[index]))));
      let result;
      try {
        const { status, document } = await predict(model, body, signal);
        result = status === 200 ? { document } : { reason: (document?.messages ?? [`Status ${status}.`]).join(' ') };
      } catch (error) {
        if (signal.aborted) return;
        result = { reason: error.message };
      }
      onresult(index, result);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENT_REQUESTS }, work));
}

/** A copy of `value` with another value at `path`. */
function changed(value, path, replacement) {
  if (path.length === 0) return replacement;
  return { ...value, [path[0]]: changed(value?.[path[0]] ?? {}, path.slice(1), replacement) };
}

/** The value of a document at `path`; `undefined` when there is none. */
export function valueAt(document, path) {
  return path.reduce((value, key) => (
    value !== null && typeof value === 'object' && Object.hasOwn(value, key) ? value[key] : undefined), document);
}
