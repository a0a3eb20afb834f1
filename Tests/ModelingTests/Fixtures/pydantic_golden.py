"""Writes pydantic_golden.jsonl: what pydantic makes of some thousand inputs.

    pip install -r requirements.txt
    python pydantic_golden.py > pydantic_golden.jsonl

One group a line: a name, a mode, the schema as pydantic writes it, the distinct error messages, and the cases. A case is
[body, record] or [body, null, [positions in messages]]. Bodies go through json.loads first, as FastAPI does it; in strict
mode enumerations and nested models go through validate_json, because no JSON could be a Python enumeration's member.
What JSON or UTF-8 cannot carry stands as "nan", "inf", "-inf" or "half a surrogate pair".
"""

import json
import math
import random
import sys
from enum import Enum
from typing import Annotated, List, Optional

from pydantic import BaseModel, Field, ValidationError, create_model

SCALE = int(sys.argv[1]) if len(sys.argv) > 1 else 1
rng = random.Random(20261120)


class Sex(str, Enum):
    male = "male"
    female = "female"


class Odd(str, Enum):
    quote = "it's"
    double = 'say "x"'
    both = "both'\""
    slash = "back\\slash"
    accent = "é"
    empty = ""
    long = "a value of more than sixteen bytes"
    longer = "a value of more than sixteen Bytes"


class Inner(BaseModel):
    x: int = Field(ge=1)
    y: Optional[str] = None


def quoted(text):
    return json.dumps(text)


def mutated(seed, alphabet):
    text = list(seed)
    for _ in range(rng.randint(0, 2)):
        place = rng.randint(0, len(text))
        action = rng.random()
        if action < 0.5:
            text.insert(place, rng.choice(alphabet))
        elif text:
            place = min(place, len(text) - 1)
            if action < 0.75:
                text[place] = rng.choice(alphabet)
            else:
                del text[place]
    return "".join(text)


COMMON = ["null", "true", "false", "[]", "{}", "[1]", '{"a": 1}', '""', '" "', '"x"', "0", "-0", "1", "2", "-1", "1.0", "-0.0",
          "0.5", "1e400", "-1e400", "1e-400", "9223372036854775807", "9223372036854775808", "-9223372036854775808",
          "-9223372036854775809", "1e18", "9.3e18", "1" + "0" * 30, "-1" + "0" * 30, "9223372036854774784.0",
          "9223372036854775808.0", "-9223372036854775808.0", '"\\ud800"', '"\\u0000"', "1E2", "1e+2", "100e-2",
          "123456789012345678901234567890.5", "0.1e1"]
INTEGERS = ["42", "-42", "+42", "4_2", " 42 ", "42.0", "42.", "42.00", "42.5", "- 42", "++42", "_42", "42_", "4__2", "0042",
            "000", "-0", "4_2.0", "42.0_0", "1e2", "0x1", "9223372036854775807", "9223372036854775808", "-9223372036854775808",
            "-9223372036854775809", "99999999999999999999999", "-99999999999999999999999.000", "99999999999999999999999.5",
            "\u0664\u0662", "\u00a042\u2003", "\n42\t", "42\0", ".0", "-.0", "0.0", "0_0", "00_1", "-0042", "+-1", "+_1", "0_",
            "-_1", "\u180e1", "\ufeff1", "\u200b1", "\x1c1", "\x1f1", "\x851", "\u30001", "\u16801", "1 2", "9" * 40, "0" * 40 + "7"]
FLOATS = ["nan", "NaN", "inf", "-inf", "Infinity", "+inf", "iNf", "infinit", "infinity_", "-nan", "+nan", "in_f", "n_an", "1e400",
          "-1e400", "1e-400", "1_0", "1__0", "_10", "10_", "1_0.0_1", "1_e5", "1e_5", "1e1_0", "1._0", "1_.0", "+_1", "1.", ".5",
          "+1.5", ".", "e5", "1e", "1e+", "1e+5", "5.e1", "1e0001", "1e5.0", "--1", "+ 1", "1d5", "1f", "0x10", "1,5",
          "\u0664", "\u00a01", "\x0b1\x0c", "\x1f1", "1\0", "4.9e-324", "2e-324", "9" * 400, "0." + "0" * 400 + "1",
          "179769313486231580793728971405301e276", "2.2250738585072011e-308", "9007199254740993", "0.1", "1 2", "nan nan"]
BOOLEANS = [w for word in "true false yes no on off y n t f 1 0".split() for w in (word, word.upper(), word.title(), " " + word,
            word + " ", word[:-1], word + "x")] + ["tRuE", "1.0", "2", "ｔrue"]
STRINGS = ["a", "ab", "abc", "abcd", "é", "éé", "😀😀", "😀😀😀", "😀😀😀😀", "\n\t\"\\/", "\u2028", "e\u0301x", "0123456789abcdef"]


def number_token():
    form = rng.randint(0, 5)
    if form == 0:
        return repr(rng.uniform(-100, 100))
    if form == 1:
        return str(rng.randint(-100, 100))
    if form == 2:
        return f"{rng.randint(-10**18, 10**19)}e{rng.randint(-40, 5)}"
    if form == 3:
        return "%.*f" % (rng.randint(0, 25), rng.uniform(0, 70))
    if form == 4:
        return repr(rng.uniform(10, 70) * 10.0 ** rng.randint(-320, 300))
    return "%d.%d" % (rng.randint(0, 80), rng.randint(0, 10 ** rng.randint(1, 22)))


def texts(seeds, alphabet, count):
    return [quoted(t) for t in seeds] + [quoted(mutated(rng.choice(seeds), alphabet)) for _ in range(count * SCALE)]


def numbers(count):
    return [number_token() for _ in range(count * SCALE)]


ints = COMMON + texts(INTEGERS, "0123456789_+-. .e\u00a0", 80) + numbers(40)
floats = COMMON + texts(FLOATS, "0123456789_+-. .eEinfa\u2003", 100) + numbers(140)
bools = COMMON + texts(BOOLEANS, "truefalsyno01 TY", 20) + numbers(10)
strings = COMMON + texts(STRINGS, "aé😀\\\"", 20)
enums = COMMON + texts([m.value for m in Odd] + ["male", "female", "MALE", "male "], "ale'\"\\", 20)
lists = COMMON + ["[%s]" % ", ".join(rng.choice(COMMON + ["3", "4.5", '"5"']) for _ in range(rng.randint(0, 5))) for _ in range(60 * SCALE)]
# Integers beyond 64 bits, which Martlet refuses by themselves, would hide how many elements there are.
lengths = [text for text in lists if not any(huge in text for huge in ("9223372036854775808", "9223372036854775809", "0" * 30))]
objects = COMMON + ['{"x": 1}', '{"x": 0}', '{"y": "a"}', '{"x": 1, "y": null}', '{"x": "q", "y": 1}', '{"y": 1, "x": null}',
                    '{"x": 1, "x": 0}', '{"x": 0, "x": 1}', '{"x": 5, "z": [1, {"a": "b"}]}', '{"\\u0078": 7}']


def value_of(value):
    if isinstance(value, BaseModel):
        return {name: value_of(getattr(value, name)) for name in type(value).model_fields}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, list):
        return [value_of(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, str) and any("\ud800" <= character <= "\udfff" for character in value):
        return "half a surrogate pair"
    return value


def judged(model, body, strict, as_json):
    try:
        if as_json:
            json.loads(body)
            return value_of(model.model_validate_json(body, strict=True)), None
        return value_of(model.model_validate(json.loads(body), strict=strict or None, from_attributes=True)), None
    except ValidationError as error:
        return None, [
            "Field '%s' has error '%s', %s." % (", ".join(str(step) for step in ("body", *e["loc"])), e["type"], e["msg"])
            for e in error.errors()
        ]


def group(name, model, bodies, strict=False, as_json=False):
    messages, cases, seen = {}, [], set()
    for body in bodies:
        if body in seen:
            continue
        seen.add(body)
        record, issues = judged(model, body, strict, as_json)
        if issues is None:
            cases.append([body, record])
        else:
            cases.append([body, None, [messages.setdefault(m, len(messages)) for m in issues]])
    line = {"name": name, "mode": "strict" if strict else "lax", "schema": model.model_json_schema(), "messages": list(messages), "cases": cases}
    print(json.dumps(line, ensure_ascii=False, separators=(",", ":")))


def field(name, annotation, tokens, default=..., strict=False, as_json=False, **constraints):
    model = create_model("Golden", x=(Annotated[annotation, Field(**constraints)], default))
    group(name, model, ['{"x":%s}' % token for token in tokens], strict, as_json)


def part(tokens, share):
    return tokens if SCALE > 1 else rng.sample(tokens, int(len(tokens) * share))


field("integer", int, ints)
field("integer within", int, ints, ge=18, le=65)
field("integer between", int, part(ints, 0.5), gt=-5, lt=42)
field("integer from", int, part(ints, 0.4), ge=0)
field("nullable integer", Optional[int], part(ints, 0.4), default=None, ge=2, le=100)
field("strict integer", int, part(ints, 0.5), strict=True, ge=0, le=100)
field("number", float, floats)
field("number within", float, floats, ge=15, le=50)
field("number between", float, part(floats, 0.5), gt=0.1, lt=42.64)
field("number from", float, part(floats, 0.3), ge=1e-7)
field("number to", float, part(floats, 0.3), lt=1.5e22)
field("nullable number", Optional[float], part(floats, 0.3), default=7.5, gt=0)
field("strict number", float, part(floats, 0.3), strict=True)
field("boolean", bool, bools)
field("nullable boolean", Optional[bool], part(bools, 0.4), default=None)
field("strict boolean", bool, part(bools, 0.4), strict=True)
field("string", str, strings)
field("string of a length", str, strings, min_length=2, max_length=3)
field("string of one", str, strings, default="x", min_length=1, max_length=1)
field("strict string", str, part(strings, 0.4), strict=True, min_length=1)
field("enumeration", Sex, enums)
field("odd enumeration", Odd, enums)
field("enumeration by default", Sex, enums, default=Sex.female)
field("strict enumeration", Odd, [text for text in enums if "ud800" not in text], strict=True, as_json=True)
field("integers", List[int], lists)
field("few integers", List[int], lengths, min_length=2, max_length=3)
field("one integer", List[int], part(lengths, 0.5), min_length=1, max_length=1)
field("nullable numbers", List[Optional[float]], lists)
field("strings", List[str], part(lists, 0.5))
field("lists of integers", List[List[int]], ["[%s]" % ",".join(rng.choice(lists) for _ in range(rng.randint(0, 3))) for _ in range(50 * SCALE)])
field("object", Inner, objects)
field("objects", List[Inner], ["[%s]" % ",".join(rng.choice(objects) for _ in range(rng.randint(0, 3))) for _ in range(60 * SCALE)])


class Insurance(BaseModel):
    age: int = Field(default=None, ge=18, le=65)
    sex: Sex = None
    bmi: float = Field(default=None, ge=15, le=50)
    inner: Inner
    smoker: bool
    region: Optional[Odd] = None
    values: List[float] = Field(default=[1.5], max_length=2)


def body():
    pools = {"age": ints, "sex": enums, "bmi": floats, "inner": objects, "smoker": bools, "region": enums, "values": lists, "other": lists}
    good = {"age": "42", "sex": '"male"', "bmi": "24.0", "inner": '{"x": 3}', "smoker": "false", "region": '"é"', "values": "[1,2]", "other": "1"}
    keys = [rng.choice(list(pools)) for _ in range(rng.randint(0, 10))]
    members = ["%s: %s" % (quoted(key), good[key] if rng.random() < 0.6 else rng.choice(pools[key])) for key in keys]
    return "{%s}" % ", ".join(members)


group("insurance", Insurance, ["1", "[]", "null", '"x"', "true", "{}"] + [body() for _ in range(400 * SCALE)])
