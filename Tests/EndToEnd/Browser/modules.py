#!/usr/bin/env python3
"""Calls the functions of the page's modules with what is hard to reach by hand.

usage: modules.py BASE_URL
"""

import sys

from browser import check, chromium, Visit

# Module, expression over it as `it`, and the value as JSON.
CASES = [
    ("json.js", "it.write(it.parse('{\"a\":1.0,\"b\":[9007199254740993,-0,1e400],\"c\":\"\\\\u00e9\"}'))",
     '{"a": 1.0, "b": [9007199254740993, -0, 1e400], "c": "é"}'),
    ("json.js", "it.indented('{\"a\":[],\"b\":{\"c\":[1,2]}}').map((token) => token.text).join('')",
     '{\n  "a": [],\n  "b": {\n    "c": [\n      1,\n      2\n    ]\n  }\n}'),
    ("json.js", "it.tokens('{\"a:\\\\\"\":\"b,{\"}').map(({kind}) => kind)", ["mark", "key", "mark", "string", "mark"]),
    ("json.js", "['1', '-0.5e-7', '01', '+1', '.5', '1.', '', 'NaN'].map(it.isNumber)",
     [True, True, False, False, False, False, False, False]),
    ("messages.js", "(({byField, others}) => [[...byField], others])(it.assign(["
     "\"Field 'body, age' has error 'missing', Field required.\", \"Field 'body, a' has error 'enum', Input should be 'x', or 'y'.\","
     "\"Field 'body, a, 0, b' has error 'missing', Field required.\", \"Field 'body' has error 'json_invalid', JSON decode error.\","
     "'anything else', \"Field 'body, ageing' has error 'missing', Field required.\""
     "], [['age'], ['a'], ['a', 'x']]))",
     [[[["age"], ["Field required."]], [["a"], ["Input should be 'x', or 'y'.", "0, b: Field required."]]],
      ["Field 'body' has error 'json_invalid', JSON decode error.", "anything else",
       "Field 'body, ageing' has error 'missing', Field required."]]),
    ("sweep.js", "it.positions({kind: 'integer', schema: {minimum: 18, maximum: 21}}, 18, 21)", [18, 19, 20, 21]),
    ("sweep.js", "it.positions({kind: 'integer', schema: {exclusiveMinimum: 0, exclusiveMaximum: 3}}, 0, 3)", [1, 2]),
    ("sweep.js", "it.positions({kind: 'integer', schema: {}}, 0, 1e6).length", 33),
    ("sweep.js", "(([first, ...rest]) => [first > 4, first < 4.01, rest.length, rest.at(-1)])("
     "it.positions({kind: 'number', schema: {exclusiveMinimum: 4, maximum: 8}}, 4, 8))", [True, True, 32, 8]),
    ("sweep.js", "it.defaultRange({schema: {minimum: 10}}, 40)", {"from": 10, "to": 80}),
    ("sweep.js", "it.defaultRange({schema: {}}, undefined)", {"from": -1, "to": 1}),
    ("sweep.js", "it.valueAt({a: {b: 1}}, ['a', 'b'])", 1),
    ("sweep.js", "it.valueAt({}, ['constructor']) === undefined", True),
    ("plot.js", "it.niceTicks(18, 65, 5)", [20, 30, 40, 50, 60]),
    ("plot.js", "it.niceTicks(0, 0.3, 3)", [0, 0.1, 0.2, 0.3]),
    ("plot.js", "[0, 1234.5, 1e-7, -2e12].map(it.format)", ["0", "1,234.5", "1E-7", "-2E12"]),
    ("schema.js", "it.leaves(it.readSchema({$defs: {E: {enum: ['x'], title: 'E', type: 'string'}}, type: 'object', required: ['a'],"
     " properties: {a: {$ref: '#/$defs/E', title: 'A'}, b: {anyOf: [{type: 'integer', minimum: 1}, {type: 'null'}]},"
     " c: {type: 'object', properties: {d_e: {type: 'array', items: {type: 'number'}, minItems: 2}}}}}))"
     ".map((f) => [f.path.join('.'), f.title, it.typeText(f), it.limitsText(f) ?? null, f.isRequired])",
     [["a", "A", "one of", None, True], ["b", "B", "integer, or null", "at least 1", False],
      ["c.d_e", "D e", "list of number", "at least 2 items", False]]),
    ("schema.js", "[{minimum: 1}, {exclusiveMinimum: 1, maximum: 2}, {}].map((schema) => it.limitsText({kind: 'number', schema}) ?? null)",
     ["at least 1", "more than 1, at most 2", None]),
]

if __name__ == "__main__":
    with chromium() as browser:
        visit = Visit(browser, sys.argv[1])
        page = visit.open("/docs")
        for module, expression, expected in CASES:
            value = page.evaluate(f"async () => {{ const it = await import('/docs/assets/{module}'); return {expression}; }}")
            check(f"{module}: {expression}", value == expected, value)
        visit.finish("modules")
