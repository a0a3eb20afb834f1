// The service's public API: the page knows nothing that is not here.

import { parse } from './json.js';

/** Where the service is: the page works behind a proxy that gives it a path of its own, too. */
export const SERVICE = new URL('../../', import.meta.url);

/** Of `name`, or of `name/versions/1.0.0` where there are several versions. */
const path = (model, what) => `api/models/${model.split('/').map(encodeURIComponent).join('/')}/${what}`;

/** The address that predicts. */
export function predictionURL(model) {
  return new URL(path(model, 'prediction'), SERVICE).href;
}

/**
 * A JSON document of the service.
 *
 * @param {string} where relative to the service
 * @returns {Promise<{status: number, document: *}>} the document is `undefined` when it is no JSON
 */
async function get(where) {
  const response = await fetch(new URL(where, SERVICE), { headers: { accept: 'application/json' } });
  const text = await response.text();
  return { status: response.status, document: parsed(text), text };
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What the three probes say: `{startup, readiness, liveness}`, each a word, or `undefined` when it cannot be had. */
export async function health() {
  const probe = async (where, key) => {
    try {
      const { document } = await get(where);
      return document?.[key];
    } catch {
      return undefined;
    }
  };
  const [startup, readiness, liveness] = await Promise.all([
    probe('api/health/startup', 'startup_status'),
    probe('api/health/ready', 'readiness_status'),
    probe('api/health', 'health_status'),
  ]);
  return { startup, readiness, liveness };
}

/** The models that have loaded, and those that have not: `{models: [...], failed: [...]}`. */
export async function models() {
  const { document } = await get('api/models');
  return { models: document?.models ?? [], failed: document?.failed ?? [] };
}

/** Names, schemas, package and decorators of a model; throws what the service says when it has none. */
export async function metadata(model) {
  const { status, document } = await get(path(model, 'metadata'));
  if (status !== 200 || !document) throw new Error((document?.messages ?? [`The service answered ${status}.`]).join(' '));
  return document;
}

/**
 * What the contract says beside the metadata.
 *
 * @returns {Promise<{info: {title?: string, description?: string, version?: string},
 *   hasEndpoint: (model: string) => boolean, sample: (model: string) => (Object | undefined)}>}
 *   samples hold `NumberLiteral`s
 */
export async function contract() {
  let paths;
  let info = {};
  try {
    const document = parse((await get('openapi.json')).text);
    paths = document.paths;
    info = document.info ?? {};
  } catch {
    // The page lives without the contract: every model may have an endpoint, and none has a sample.
  }
  const operation = (model) => paths?.[`/${path(model, 'prediction')}`]?.post;
  return {
    info,
    hasEndpoint: (model) => !paths || operation(model) !== undefined,
    sample: (model) => operation(model)?.requestBody?.content?.['application/json']?.example,
  };
}

/**
 * Asks for a prediction.
 *
 * @param {string} model
 * @param {string} body JSON
 * @param {AbortSignal} [signal]
 * @returns {Promise<{status: number, reason: string, milliseconds: number, text: string, document: *}>}
 *   numbers in the document are `NumberLiteral`s
 */
export async function predict(model, body, signal) {
  const start = performance.now();
  const response = await fetch(predictionURL(model), {
    method: 'POST', headers: { 'content-type': 'application/json' }, body, signal,
  });
  const text = await response.text();
  const milliseconds = performance.now() - start;
  let document;
  try {
    document = parse(text);
  } catch {
    // A proxy may answer with something else; the text is shown as it is.
  }
  return { status: response.status, reason: response.statusText, milliseconds, text, document };
}
