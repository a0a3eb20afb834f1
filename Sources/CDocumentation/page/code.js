// Code to read and to copy.

import { announce, element, replace } from './dom.js';
import { indented } from './json.js';

/** The nodes of a JSON text, indented and coloured; the text itself when it is no JSON. */
export function jsonNodes(text) {
  try {
    JSON.parse(text);
  } catch {
    return [text];
  }
  return indented(text).map(({ kind, text: token }) => (
    kind === 'space' || kind === 'mark' ? token : element('span', { class: `json-${kind}` }, token)));
}

/**
 * A block of code with a button that copies it.
 *
 * @param {string} name what it is, for the button
 */
export function makeCodeBlock(name) {
  const code = element('code');
  const block = element('pre', { tabindex: '0', role: 'region', 'aria-label': name }, code);
  const copy = element('button', { type: 'button', class: 'copy', 'aria-label': `Copy ${name}` }, 'Copy');
  copy.addEventListener('click', async () => {
    const isCopied = await copyText(code);
    announce(isCopied ? 'Copied.' : 'The browser does not let the page copy.');
    copy.textContent = isCopied ? 'Copied' : 'No';
    setTimeout(() => { copy.textContent = 'Copy'; }, COPIED_TIME);
  });
  return { node: element('div', { class: 'code-block' }, block, copy), show: (...content) => replace(code, content) };
}

/** How long the button says so, in milliseconds. */
const COPIED_TIME = 1500;

async function copyText(node) {
  try {
    await navigator.clipboard.writeText(node.textContent);
    return true;
  } catch {
    // Without HTTPS browsers have no clipboard but this one.
    const selection = getSelection();
    selection.selectAllChildren(node);
    const isCopied = document.execCommand('copy');
    selection.removeAllRanges();
    return isCopied;
  }
}
