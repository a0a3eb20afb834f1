// The three probes, asked again and again.

import { health } from './api.js';
import { element, replace } from './dom.js';

/** How often, in milliseconds: while the service starts, and then. */
const STARTING_INTERVAL = 1_000;
const INTERVAL = 10_000;

const PROBES = [
  ['startup', 'Startup', 'STARTED'],
  ['readiness', 'Readiness', 'ACCEPTING_TRAFFIC'],
  ['liveness', 'Liveness', 'HEALTHY'],
];

/**
 * Shows the probes in `list` from now on.
 *
 * @param {HTMLElement} list
 * @param {(isStarting: boolean) => void} onchange when a probe says something else than before, and while models load
 */
export function watchHealth(list, onchange) {
  let last;
  let timer;
  const look = async () => {
    clearTimeout(timer);
    const now = await health();
    const words = JSON.stringify(now);
    const isStarting = now.startup === 'NOT_STARTED';
    const isNew = words !== last;
    last = words;
    if (isNew) replace(list, PROBES.map(([key, title, good]) => pill(title, now[key], good)));
    if (isNew || isStarting) onchange(isStarting);
    const interval = now.startup === 'STARTED' ? INTERVAL : STARTING_INTERVAL;
    if (!document.hidden) timer = setTimeout(look, interval);
  };
  document.addEventListener('visibilitychange', () => { if (!document.hidden) look(); });
  look();
}

function pill(title, word, good) {
  const text = word === undefined ? 'no answer' : word.toLowerCase().replaceAll('_', ' ');
  return element('li', { class: word === good ? 'good' : 'bad' }, element('span', { class: 'name' }, title), ' ', text);
}
