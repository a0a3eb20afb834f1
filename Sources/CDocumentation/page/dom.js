// Making elements. Text enters the page here and nowhere else, as text nodes: nothing that the service says is markup.

const SVG = 'http://www.w3.org/2000/svg';

/**
 * An element with attributes and children.
 *
 * An attribute that is `undefined`, `null` or `false` is left out, one that is `true` is empty; `onclick` and the like
 * are listeners. A child that is no node becomes text; `undefined`, `null` and `false` are left out.
 *
 * @param {string} name
 * @param {Object<string, *>} [attributes]
 * @param {...*} children
 * @returns {HTMLElement}
 */
export function element(name, attributes, ...children) {
  return fill(document.createElement(name), attributes, children);
}

/** The same for SVG. */
export function svg(name, attributes, ...children) {
  return fill(document.createElementNS(SVG, name), attributes, children);
}

/** Replaces what `parent` holds. */
export function replace(parent, ...children) {
  parent.replaceChildren(...nodes(children));
}

function fill(node, attributes, children) {
  for (const [key, value] of Object.entries(attributes ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith('on')) node.addEventListener(key.slice(2), value);
    else node.setAttribute(key, value === true ? '' : String(value));
  }
  node.append(...nodes(children));
  return node;
}

function nodes(children) {
  return children.flat(Infinity)
    .filter((child) => child !== undefined && child !== null && child !== false)
    .map((child) => (child instanceof Node ? child : document.createTextNode(String(child))));
}

let count = 0;

/** An id that no other element has. */
export function uniqueID(prefix) {
  count += 1;
  return `${prefix}-${count}`;
}

/** Tells screen readers what has happened. */
export function announce(text) {
  document.getElementById('announcement').textContent = text;
}
