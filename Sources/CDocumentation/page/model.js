// Everything about one model.

import { metadata, predict, predictionURL } from './api.js';
import { makeAnswer } from './answer.js';
import { makeCodeBlock } from './code.js';
import { announce, element } from './dom.js';
import { makeForm } from './form.js';
import { readSchema } from './schema.js';
import { LANGUAGES } from './snippets.js';
import { makeSchema } from './tables.js';
import { makeTabs } from './tabs.js';
import { makeWhatIf } from './whatif.js';

/**
 * The view of a model.
 *
 * @param {string} name qualified
 * @param {Awaited<ReturnType<import('./api.js').contract>>} contract
 * @returns {Promise<{node: HTMLElement, stop: () => void}>} `stop` ends what still asks the service
 */
export async function makeModel(name, contract) {
  const model = await metadata(name);
  const input = readSchema(model.input_schema);
  const output = readSchema(model.output_schema);
  const bench = contract.hasEndpoint(name) ? makeBench(name, input, output, contract.sample(name)) : undefined;
  const node = element('article', { class: 'model' },
    heading(model.display_name, model.version, name),
    element('p', { class: 'lead' }, model.description),
    facts(model),
    bench?.nodes ?? element('p', { class: 'notice' }, 'The configuration gives this model no endpoint.'),
    element('div', { class: 'schemas' }, makeSchema('Input', input, true), makeSchema('Output', output, false)));
  return { node, stop: () => bench?.stop() };
}

/** The view of a model that has failed to load, with the reasons that the service gives. */
export function makeFailedModel(name, messages) {
  const node = element('article', { class: 'model' },
    heading(name),
    element('div', { class: 'notice bad', role: 'alert' },
      element('p', {}, 'This model failed to load.'), messages.map((message) => element('p', {}, message))));
  return { node, stop() {} };
}

function heading(title, version, name) {
  return element('div', { class: 'model-heading' },
    element('h2', { tabindex: '-1' }, title, version && [' ', element('span', { class: 'version' }, version)]),
    name && element('code', {}, name));
}

function facts({ package: origin, decorators }) {
  const list = [];
  if (origin) {
    const signer = origin.signed_by === null ? element('span', { class: 'warn' }, 'nobody: it is not signed')
      : [element('strong', {}, origin.signed_by), ` (${origin.algorithm})`];
    list.push(['Parameters', origin.parameters_version], ['Signed by', signer], ['Signed', day(origin.created)],
      ['Loaded', [day(origin.loaded), `, in ${origin.loading_milliseconds} ms`]],
      ['SHA-256', element('code', {}, origin.sha256)]);
  } else {
    list.push(['Parameters', 'in the executable']);
  }
  if (decorators?.length > 0) {
    list.push(['Decorators', element('ol', { class: 'chain' }, element('li', {}, 'model'),
      decorators.map((decorator) => element('li', {}, decorator.name)))]);
  }
  return element('dl', { class: 'facts' }, list.filter(([, value]) => value).map(([title, value]) => (
    element('div', {}, element('dt', {}, title), element('dd', {}, value)))));
}

/** A point in time of RFC 3339 as people read it; `undefined` without one. */
function day(text) {
  return text && element('time', { datetime: text }, text.replace('T', ' ').replace(/:\d\d(\.\d+)?Z$/, ' UTC'));
}

/** The form, the answer, the request in other languages, and "What if". */
function makeBench(name, input, output, sample) {
  const answer = makeAnswer(output);
  const snippets = LANGUAGES.map(({ title, write }) => ({ title, write, block: makeCodeBlock(`${title} code`) }));
  const url = predictionURL(name);
  let asking;

  const form = makeForm(input, sample, { onsend: send, onchange: change });
  const whatIf = makeWhatIf(name, input, output, form);

  async function send(body) {
    asking?.abort();
    const control = new AbortController();
    asking = control;
    form.setBusy(true);
    answer.wait();
    try {
      const response = await predict(name, body, control.signal);
      answer.answered(response);
      if (response.status !== 200) form.complain(response.document?.messages ?? []);
    } catch (error) {
      if (control.signal.aborted) return;
      answer.failed(error);
      announce('The service gave no answer.');
    } finally {
      if (asking === control) form.setBusy(false);
    }
  }

  function change() {
    const body = form.body();
    for (const { write, block } of snippets) block.show(write(url, body));
    whatIf?.follow();
  }

  change();
  const nodes = [
    element('div', { class: 'bench' },
      element('section', { class: 'try', 'aria-label': 'Try it' }, element('h3', {}, 'Try it'), form.node),
      answer.node),
    element('section', { class: 'request', 'aria-label': 'Request' }, element('h3', {}, 'The same request'),
      makeTabs('The request in', snippets.map(({ title, block }) => ({ title, content: block.node })))),
    whatIf?.node,
  ];
  return {
    nodes,
    stop() {
      asking?.abort();
      whatIf?.stop();
    },
  };
}
