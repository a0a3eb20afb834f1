// JSON that keeps numbers as they are written: a 64-bit integer, or 6.0, is not what JavaScript would make of it.

/** A number as its literal. */
export class NumberLiteral {
  constructor(text) { this.text = text; }
  toString() { return this.text; }
}

const LITERAL = /^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?$/;

/** Whether a text is a number of JSON. */
export function isNumber(text) {
  return LITERAL.test(text);
}

/** Parses JSON; numbers become `NumberLiteral`s. Throws SyntaxError. */
export function parse(text) {
  // Browsers without the third argument lose what doubles lose.
  return JSON.parse(text, (_key, value, context) => (
    typeof value === 'number' ? new NumberLiteral(context?.source ?? String(value)) : value));
}

/** Writes a value on one line, with a space after each colon and comma. */
export function write(value) {
  if (value instanceof NumberLiteral) return value.text;
  if (Array.isArray(value)) return `[${value.map(write).join(', ')}]`;
  if (value !== null && typeof value === 'object') {
    const members = Object.entries(value).map(([key, member]) => `${JSON.stringify(key)}: ${write(member)}`);
    return `{${members.join(', ')}}`;
  }
  return JSON.stringify(value);
}

const TOKEN = /"(?:[^"\\]|\\.)*"|[-0-9][-+.0-9eE]*|true|false|null|[[\]{},:]/g;

/**
 * The tokens of a JSON text.
 *
 * @param {string} text valid JSON
 * @returns {{kind: 'key' | 'string' | 'number' | 'word' | 'mark', text: string}[]}
 */
export function tokens(text) {
  const list = (text.match(TOKEN) ?? []).map((token) => ({ kind: kind(token), text: token }));
  list.forEach((token, index) => {
    if (token.kind === 'string' && list[index + 1]?.text === ':') token.kind = 'key';
  });
  return list;
}

function kind(token) {
  if (token[0] === '"') return 'string';
  if (token[0] === '-' || (token[0] >= '0' && token[0] <= '9')) return 'number';
  return token.length > 1 ? 'word' : 'mark';
}

/**
 * The tokens of a JSON text with white space between them, two spaces a level.
 *
 * @returns {{kind: string, text: string}[]}
 */
export function indented(text) {
  const list = tokens(text);
  const result = [];
  let depth = 0;
  const space = (white) => result.push({ kind: 'space', text: white });
  const line = () => space(`\n${'  '.repeat(depth)}`);
  list.forEach((token, index) => {
    const isEmpty = '[{'.includes(list[index - 1]?.text) && ']}'.includes(token.text);
    if (token.kind === 'mark' && ']}'.includes(token.text)) {
      depth -= 1;
      if (!isEmpty) line();
    }
    result.push(token);
    if (token.kind !== 'mark') return;
    if ('[{'.includes(token.text)) {
      depth += 1;
      if (!']}'.includes(list[index + 1]?.text)) line();
    } else if (token.text === ',') {
      line();
    } else if (token.text === ':') {
      space(' ');
    }
  });
  return result;
}
