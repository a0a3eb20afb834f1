// The service's messages about a request, brought to the fields that they are about.

/**
 * Which messages belong to which field.
 *
 * A message about a value reads `Field 'body, age' has error 'missing', Field required.`; one about an element of a
 * field's value, `Field 'body, tags, 0' …`, is the field's.
 *
 * @param {string[]} messages
 * @param {string[][]} paths of the fields, each from the body to the value
 * @returns {{byField: Map<string[], string[]>, others: string[]}} for a field the sentence after the error's kind;
 *   whatever fits no field whole
 */
export function assign(messages, paths) {
  const byField = new Map();
  const others = [];
  for (const message of messages) {
    const found = paths
      .map((path) => ({ path, rest: remainder(message, path) }))
      .filter(({ rest }) => rest !== undefined)
      .sort((one, other) => other.path.length - one.path.length)[0];
    if (found) byField.set(found.path, [...(byField.get(found.path) ?? []), found.rest]);
    else others.push(message);
  }
  return { byField, others };
}

const KIND = /^ has error '[^']*', /;

/** What a message says about the value at `path`; `undefined` when it is about another. */
function remainder(message, path) {
  const start = `Field '${['body', ...path].join(', ')}`;
  if (!message.startsWith(start)) return undefined;
  const rest = message.slice(start.length);
  if (rest.startsWith("'")) return rest.slice(1).replace(KIND, '');
  if (!rest.startsWith(', ')) return undefined;
  const end = rest.indexOf("' has error '");
  return end < 0 ? undefined : `${rest.slice(2, end)}: ${rest.slice(end + 1).replace(KIND, '')}`;
}
