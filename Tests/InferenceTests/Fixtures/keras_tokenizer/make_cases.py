#!/usr/bin/env python3
"""Tokenizes texts with Keras itself, by random vocabularies and options.

    python3 -m venv .venv && .venv/bin/pip install -r requirements.txt && .venv/bin/python make_cases.py

Every line of cases.jsonl is a specification as text, with the texts and the numbers that Keras makes of each. Made with
Python 3.11, whose `str.lower` has Unicode 14.
"""
import json
import pathlib
import random

from keras_preprocessing.sequence import pad_sequences
from keras_preprocessing.text import Tokenizer

DEFAULT_FILTERS = '!"#$%&()*+,-./:;<=>?@[\\]^_`{|}~\t\n'
# Small and capital letters of several alphabets, sigmas and what case ignores around them, capitals whose small letter is
# longer (U+0130, U+023A) or ASCII (U+212A), spaces that are none, composed and decomposed letters, and emoji.
CHARACTERS = [
    *"abcABC", *"  \t\n\u00a0\u2003", *".,;'-_!", *"αβςσΑΒΣΣΣ", "\u00ad", "\u0301", "\u2019", "\u0345", "é", "É",
    "e\u0301", "İ", "I", "ı", "Ⱥ", "\u212a", "ß", "ẞ", "Ǆ", "ǅ", "Ω", "\u2126", "Ა", "𐐀", "𝐀", "Ⓐ", "😀", "👩\u200d🔬",
    "你", "好", "\u0000", "\u007f", "Ж", "Ӂ", "Ꭰ", "ꭰ",
]


def text(generator, length):
    return "".join(generator.choice(CHARACTERS) for _ in range(generator.randrange(length)))


def specification(generator):
    options = {
        "filters": generator.choice([DEFAULT_FILTERS, "", "abσ", ".,\u00a0é😀k", "-_ "]),
        "lower": generator.random() < 0.7,
        "split": generator.choice([" ", " ", " ", "a", "--", "aba", "\u00a0", "σ'"]),
        "char_level": generator.random() < 0.25,
        "oov_token": generator.choice([None, None, "<OOV>", "oov"]),
        "num_words": generator.choice([None, None, 0, 4, 20]),
    }
    tokenizer = Tokenizer(**options)
    tokenizer.fit_on_texts([text(generator, 60) for _ in range(8)])
    # Words come back from texts only where they are short.
    words = dict(list(tokenizer.word_index.items())[:40])
    if not words or options["char_level"] and not any(len(word) == 1 for word in words):
        return None
    tokenizer.word_index = words
    padding = {
        "maxlen": generator.choice([1, 2, 5, 16, 40]),
        "padding": generator.choice(["pre", "post"]),
        "truncating": generator.choice(["pre", "post"]),
    }
    value = generator.choice([0, -1, 0.0, 7])
    return tokenizer, options, padding, value


def main():
    generator = random.Random(12)
    lines = []
    while len(lines) < 100:
        made = specification(generator)
        if made is None:
            continue
        tokenizer, options, padding, value = made
        # Words of the vocabulary too, or a random text would have few.
        texts = ["", *(text(generator, 40) for _ in range(3))]
        texts += [
            options["split"].join(generator.choices(list(tokenizer.word_index) + ["x", ""], k=generator.randrange(1, 24)))
            for _ in range(3)
        ]
        numbers = pad_sequences(tokenizer.texts_to_sequences(texts), value=value, dtype="int64", **padding)
        everything = {"word_index": tokenizer.word_index, **options, **padding, "pad_value": value}
        # What Keras has by default may be left out.
        for key, default in [("filters", DEFAULT_FILTERS), ("lower", True), ("split", " "), ("char_level", False),
                             ("oov_token", None), ("num_words", None), ("padding", "pre"), ("truncating", "pre"),
                             ("pad_value", 0)]:
            if everything[key] == default and generator.random() < 0.5:
                del everything[key]
        keys = list(everything)
        generator.shuffle(keys)
        specified = json.dumps({key: everything[key] for key in keys}, ensure_ascii=generator.random() < 0.5)
        lines.append({"specification": specified, "texts": texts, "numbers": numbers.tolist()})
    path = pathlib.Path(__file__).resolve().parent / "cases.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))


main()
