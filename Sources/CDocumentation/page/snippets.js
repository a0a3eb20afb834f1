// The form's request in other languages. Each text runs as it is.

import { tokens } from './json.js';

/** The languages, in the order of their tabs. */
export const LANGUAGES = [
  { title: 'curl', write: curl }, { title: 'Python', write: python }, { title: 'Swift', write: swift },
];

/** For a POSIX shell: nothing is special between single quotes. */
function curl(url, body) {
  const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;
  return `curl -sS ${quoted(url)} \\\n  -H 'content-type: application/json' \\\n  --data-raw ${quoted(body)}`;
}

/** The body as a literal: JSON's strings and numbers are Python's too, its three words are not. */
function python(url, body) {
  const words = { true: 'True', false: 'False', null: 'None' };
  const literal = tokens(body)
    .map(({ kind, text }) => (kind === 'word' ? words[text] : text) + (text === ':' || text === ',' ? ' ' : ''))
    .join('');
  return `import json
import urllib.request

body = ${literal}
request = urllib.request.Request(
    ${JSON.stringify(url)},
    data=json.dumps(body).encode(),
    headers={"content-type": "application/json"},
)
with urllib.request.urlopen(request) as response:
    print(json.load(response))
`;
}

/** The body as a raw string, with as many number signs as keep it one. */
function swift(url, body) {
  let signs = '#';
  while (body.includes(`"${signs}`) || body.includes(`\\${signs}`)) signs += '#';
  return `import Foundation
#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

var request = URLRequest(url: URL(string: ${JSON.stringify(url)})!)
request.httpMethod = "POST"
request.setValue("application/json", forHTTPHeaderField: "Content-Type")
request.httpBody = Data(${signs}"${body}"${signs}.utf8)
let (body, _) = try await URLSession.shared.data(for: request)
print(String(decoding: body, as: UTF8.self))
`;
}
