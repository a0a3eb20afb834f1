// JSON Schema documents of models as fields that the page can show and ask for.

/**
 * One value that a model takes or gives.
 *
 * @typedef {Object} Field
 * @property {string[]} path from the body to it; empty for the body itself
 * @property {string} name
 * @property {string} title
 * @property {string | undefined} description
 * @property {'integer' | 'number' | 'boolean' | 'string' | 'enum' | 'array' | 'object' | 'union'} kind
 * @property {boolean} isRequired
 * @property {boolean} isNullable
 * @property {*} [default]
 * @property {Object} schema the keywords that apply to the value
 * @property {string[]} [values] of an enum
 * @property {Field} [items] of an array
 * @property {Field[]} [fields] of an object
 * @property {Field[]} [alternatives] of a union
 */

/** How deep objects are looked into; what is deeper is shown as JSON. */
const MAXIMUM_DEPTH = 6;

/**
 * The field that a document describes.
 *
 * @param {Object} document with its own `$defs`
 * @returns {Field}
 */
export function readSchema(document) {
  return readField(document ?? {}, document ?? {}, [], true, 0);
}

function readField(given, root, path, isRequired, depth) {
  const annotations = { ...given };
  let schema = given;
  let isNullable = false;
  // References and the like lead to what the value is; the annotations are those of the place that refers.
  for (let steps = 0; steps < MAXIMUM_DEPTH; steps += 1) {
    const target = step(schema, root);
    if (!target) break;
    isNullable ||= target.isNullable;
    schema = target.schema;
    annotations.description ??= schema.description;
  }
  const name = path.at(-1) ?? '';
  const field = {
    path, name, isRequired, isNullable, schema,
    kind: kindOf(schema),
    title: annotations.title ?? words(name),
    description: annotations.description,
  };
  if ('default' in annotations) field.default = annotations.default;
  if (field.kind === 'enum') field.values = schema.enum.map(String);
  if (depth >= MAXIMUM_DEPTH) return field;
  if (field.kind === 'array') field.items = readField(schema.items ?? {}, root, [...path, '0'], true, depth + 1);
  if (field.kind === 'union') {
    field.alternatives = schema.anyOf.map((part) => readField(part, root, path, isRequired, depth + 1));
  }
  if (field.kind === 'object') {
    field.fields = Object.entries(schema.properties ?? {}).map(([key, property]) => (
      readField(property, root, [...path, key], (schema.required ?? []).includes(key), depth + 1)));
  }
  return field;
}

/** Where a schema leads that says by itself only where the real one is. */
function step(schema, root) {
  if (typeof schema.$ref === 'string') {
    const found = schema.$ref.replace(/^#\//, '').split('/').reduce((value, key) => value?.[key], root);
    return { schema: found ?? {}, isNullable: false };
  }
  if (Array.isArray(schema.allOf)) return { schema: schema.allOf[0] ?? {}, isNullable: false };
  if (Array.isArray(schema.anyOf)) {
    const others = schema.anyOf.filter((part) => part.type !== 'null');
    if (others.length === 1) return { schema: others[0], isNullable: others.length < schema.anyOf.length };
  }
  return undefined;
}

function kindOf(schema) {
  if (schema.enum) return 'enum';
  if (schema.anyOf) return 'union';
  return ['integer', 'number', 'boolean', 'string', 'array', 'object'].includes(schema.type) ? schema.type : 'union';
}

/** `petal_width` as a person would write it. */
function words(name) {
  const text = name.replaceAll('_', ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** All fields at the ends of the tree, in order: those that hold one value each. */
export function leaves(field) {
  const parts = field.alternatives ?? field.fields;
  return parts ? parts.flatMap(leaves) : [field];
}

export const isNumeric = (field) => field.kind === 'integer' || field.kind === 'number';

/**
 * The least and the greatest value of a numeric field that are allowed, each `undefined` where there is no bound.
 *
 * @returns {{least?: number, greatest?: number, isOpenBelow: boolean, isOpenAbove: boolean}}
 */
export function bounds({ schema }) {
  const pick = (inclusive, exclusive, tighter) => {
    if (inclusive === undefined || exclusive === undefined) return inclusive ?? exclusive;
    return tighter(inclusive, exclusive);
  };
  const least = pick(schema.minimum, schema.exclusiveMinimum, Math.max);
  const greatest = pick(schema.maximum, schema.exclusiveMaximum, Math.min);
  return {
    least, greatest,
    isOpenBelow: least !== undefined && least === schema.exclusiveMinimum,
    isOpenAbove: greatest !== undefined && greatest === schema.exclusiveMaximum,
  };
}

/** The kind of a field in words: `list of integers`. */
export function typeText(field) {
  const text = {
    enum: () => 'one of', array: () => `list of ${field.items ? typeText(field.items) : 'values'}`,
    union: () => 'any of several', string: () => 'text', boolean: () => 'true or false',
  }[field.kind]?.() ?? field.kind;
  return field.isNullable ? `${text}, or null` : text;
}

/** The limits of a field in words, `undefined` without any: `18 to 65`, `more than 4, less than 8`. */
export function limitsText(field) {
  const { schema } = field;
  if (field.kind === 'string') return lengths(schema.minLength, schema.maxLength, 'character');
  if (field.kind === 'array') {
    const own = lengths(schema.minItems, schema.maxItems, 'item');
    const inner = field.items && limitsText(field.items);
    return [own, inner && `each ${inner}`].filter(Boolean).join('; ') || undefined;
  }
  if (!isNumeric(field)) return undefined;
  const { least, greatest, isOpenBelow, isOpenAbove } = bounds(field);
  if (least !== undefined && greatest !== undefined && !isOpenBelow && !isOpenAbove) return `${least} to ${greatest}`;
  const below = least !== undefined && `${isOpenBelow ? 'more than' : 'at least'} ${least}`;
  const above = greatest !== undefined && `${isOpenAbove ? 'less than' : 'at most'} ${greatest}`;
  return [below, above].filter(Boolean).join(', ') || undefined;
}

function lengths(least, greatest, noun) {
  const counted = (number) => `${number} ${noun}${number === 1 ? '' : 's'}`;
  if (least && greatest !== undefined) return least === greatest ? counted(least) : `${least} to ${counted(greatest)}`;
  if (least) return `at least ${counted(least)}`;
  return greatest === undefined ? undefined : `at most ${counted(greatest)}`;
}
