// The page: the service, its models, and the one that is shown.

import { contract, models } from './api.js';
import { element, replace } from './dom.js';
import { watchHealth } from './health.js';
import { makeFailedModel, makeModel } from './model.js';

/** From this many models on the list has a filter. */
const FILTERED_COUNT = 8;

const ROUTE = '#/';

const state = {
  /** @type {{name: string, title: string, version?: string, messages?: string[]}[]} */
  entries: [],
  /** Views by name, so that a form keeps what was typed. */
  views: new Map(),
  shown: undefined,
  contract: undefined,
};

const byID = (id) => document.getElementById(id);

/** Asks what there is, and shows it. */
async function load(isStarting) {
  try {
    const [said, { models: loaded, failed }] = await Promise.all([contract(), models()]);
    state.contract = said;
    showService(said.info);
    const known = new Map(state.entries.map((entry) => [entry.name, JSON.stringify(entry)]));
    const before = JSON.stringify(state.entries);
    const all = [...loaded, ...failed];
    const name = ({ qualified_name: own, version }) => (
      all.filter((model) => model.qualified_name === own).length > 1 ? `${own}/versions/${version}` : own);
    state.entries = [
      ...loaded.map((model) => ({ name: name(model), title: model.display_name, version: model.version })),
      ...failed.map((model) => ({ name: name(model), title: model.qualified_name, messages: model.messages })),
    ];
    for (const entry of state.entries) {
      if (known.get(entry.name) !== JSON.stringify(entry)) state.views.delete(entry.name);
    }
    if (isStarting) notify('The service is starting: models appear here as they are loaded.');
    else notify(state.entries.length === 0 ? 'The service has no models.' : '');
    // Who is in the list stays there unless it changes.
    if (JSON.stringify(state.entries) !== before) showList();
    await showModel(false);
  } catch (error) {
    notify(`The service gives no answer: ${error.message}`);
  }
}

/** Says something about the whole service, once. */
function notify(text) {
  const notices = byID('notices');
  if (notices.textContent !== text) replace(notices, text && element('p', { class: 'notice', role: 'status' }, text));
}

function showService({ title, version, description }) {
  if (title) {
    document.title = title;
    byID('service-title').textContent = title;
  }
  byID('service-version').textContent = version ?? '';
  byID('service-description').textContent = description ?? '';
}

function showList() {
  const list = byID('models');
  list.hidden = state.entries.length < 2;
  const items = state.entries.map((entry) => element('li', {},
    element('a', { href: ROUTE + encodeURIComponent(entry.name) }, entry.title,
      element('small', { class: entry.messages && 'bad' }, entry.messages ? 'failed to load' : entry.version))));
  const filter = element('input', { type: 'search', placeholder: 'Filter', 'aria-label': 'Filter the models' });
  filter.addEventListener('input', () => {
    const words = filter.value.toLowerCase();
    items.forEach((item, index) => {
      const { name, title } = state.entries[index];
      item.hidden = !`${name} ${title}`.toLowerCase().includes(words);
    });
  });
  replace(list, element('h2', {}, 'Models'), state.entries.length >= FILTERED_COUNT && filter, element('ul', {}, items));
}

/** Shows the model that the address names, or the first. */
async function showModel(isChosen) {
  const wanted = location.hash.startsWith(ROUTE) ? decoded(location.hash.slice(ROUTE.length)) : undefined;
  const entry = state.entries.find(({ name }) => name === wanted) ?? state.entries[0];
  for (const link of byID('models').querySelectorAll('a')) {
    if (entry && link.getAttribute('href') === ROUTE + encodeURIComponent(entry.name)) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  if (!entry) {
    replace(byID('model'));
    return;
  }
  const name = entry.name;
  let view = state.views.get(name);
  if (!view) {
    view = entry.messages ? makeFailedModel(name, entry.messages)
      : await makeModel(name, state.contract).catch((error) => makeFailedModel(name, [error.message]));
    state.views.set(name, view);
  }
  if (state.shown === view) return;
  state.shown?.stop();
  state.shown = view;
  replace(byID('model'), view.node);
  // Who followed a link goes on reading here.
  if (isChosen) view.node.querySelector('h2').focus();
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

addEventListener('hashchange', () => { if (location.hash.startsWith(ROUTE)) showModel(true); });
watchHealth(byID('health'), load);
