#!/usr/bin/env python3
"""fastText on the rows that `ventanilla eval` reads, for comparison in the same run.

    python fast_text.py FILE.jsonl [--protocol closed|clinc] [--train-split train] [--test-split test]

Supervised, 100 epochs, learning rate 0.5, word 1-2-grams, character 2-5-grams, one thread: clearly better on such data than its defaults.
Prints one JSON object with the keys of `ventanilla eval --json`; with --protocol clinc the score is the probability of the best label.
Needs fasttext (or fasttext-wheel) and numpy below 2.
"""
import json
import os
import re
import tempfile
import time

import rows as shared


def words(text):
    # fastText splits at white space and leaves marks to whoever prepares the text.
    return " ".join(re.findall(r"[\w']+|[^\w\s]", text.lower()))


def main():
    arguments = shared.arguments("fastText as a peer of `ventanilla eval`")
    import fasttext

    rows = shared.read(arguments.file)
    clinc = arguments.protocol == "clinc"
    train = shared.split(rows, arguments.train_split, arguments.file)
    train = [row for row in train if not (clinc and row[1] == "oos")]
    test = shared.split(rows, arguments.test_split, arguments.file)
    labels = {intent: f"__label__{at}" for at, intent in enumerate(sorted({intent for _, intent in train}))}
    intents = {label: intent for intent, label in labels.items()}
    with tempfile.NamedTemporaryFile("w", suffix=".txt", delete=False, encoding="utf-8") as file:
        file.writelines(f"{labels[intent]} {words(text)}\n" for text, intent in train)
    try:
        began, cpu = time.perf_counter(), time.process_time()
        model = fasttext.train_supervised(
            file.name, epoch=100, lr=0.5, wordNgrams=2, minn=2, maxn=5, thread=1, verbose=0
        )
        train_seconds, train_cpu = time.perf_counter() - began, time.process_time() - cpu
    finally:
        os.unlink(file.name)

    micros = []

    def answers(pairs, timed=False):
        found = []
        for text, _ in pairs:
            began = time.perf_counter()
            label, score = model.predict(words(text))
            if timed:
                micros.append((time.perf_counter() - began) * 1e6)
            found.append((intents[label[0]], float(score[0])) if label else ("none", 0.0))
        return found

    validation = shared.split(rows, "val", arguments.file) if clinc else None
    report = {"peer": "fastText, 100 epochs, word 1-2, char 2-5"}
    report |= shared.figures(test, answers(test, True), clinc, validation, answers(validation) if clinc else None)
    report["train_seconds"] = train_seconds
    report["train_cpu_seconds"] = train_cpu
    report["micros_p50"] = shared.quantile(micros, 0.5)
    report["micros_p99"] = shared.quantile(micros, 0.99)
    print(json.dumps(report))


if __name__ == "__main__":
    main()
