#!/usr/bin/env python3
"""scikit-learn's linear SVM on the rows that `ventanilla eval` reads, for comparison in the same run.

    python linear_svm.py FILE.jsonl [--protocol closed|clinc] [--train-split train] [--test-split test]

TF-IDF of word 1-2-grams and of character 2-5-grams inside words, LinearSVC with its defaults. Prints one JSON object with
the keys of `ventanilla eval --json`: accuracy, train_seconds, micros_p50, micros_p99; with --protocol clinc also
in_scope_accuracy, oos_recall and auroc of the largest decision value, its threshold picked on split `val`.
Needs scikit-learn (and numpy, which it brings).
"""
import argparse
import json
import sys
import time


def read(path):
    rows = []
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
                rows.append((row["text"], row["intent"], row["split"]))
            except (ValueError, KeyError, TypeError) as error:
                sys.exit(f"{path}:{number}: not an object with text, intent and split: {error}")
    return rows


def main():
    arguments = argparse.ArgumentParser(description="scikit-learn's linear SVM as a peer of `ventanilla eval`")
    arguments.add_argument("file")
    arguments.add_argument("--protocol", choices=["closed", "clinc"], default="closed")
    arguments.add_argument("--train-split", default="train")
    arguments.add_argument("--test-split", default="test")
    arguments = arguments.parse_args()

    import numpy
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import make_pipeline, make_union
    from sklearn.svm import LinearSVC

    rows = read(arguments.file)
    clinc = arguments.protocol == "clinc"

    def of(split):
        these = [(text, intent) for text, intent, its in rows if its == split]
        if not these:
            sys.exit(f"{arguments.file}: no rows of split {split!r}")
        return these

    train = [row for row in of(arguments.train_split) if not (clinc and row[1] == "oos")]
    test = of(arguments.test_split)
    model = make_pipeline(
        make_union(
            TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True),
            TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True),
        ),
        LinearSVC(),
    )
    began = time.perf_counter()
    model.fit([text for text, _ in train], [intent for _, intent in train])
    train_seconds = time.perf_counter() - began

    # Time one at a time, as messages come; a thousand rows are enough for the median of it.
    micros = []
    for text, _ in test[:1000]:
        began = time.perf_counter()
        model.predict([text])
        micros.append((time.perf_counter() - began) * 1e6)

    def scored(pairs):
        values = model.decision_function([text for text, _ in pairs])
        if values.ndim == 1:
            values = numpy.stack([-values, values], axis=1)
        best = values.argmax(axis=1)
        return [
            (intent != "oos" or not clinc, model.classes_[at] == intent, float(values[row, at]))
            for row, ((_, intent), at) in enumerate(zip(pairs, best))
        ]

    outcomes = scored(test)
    inside = [outcome for outcome in outcomes if outcome[0]]
    report = {
        "peer": "scikit-learn LinearSVC, TF-IDF word 1-2 + char_wb 2-5",
        "accuracy": sum(right for _, right, _ in inside) / len(inside),
    }
    if clinc:
        validation = scored(of("val"))

        def right_at(threshold):
            return sum((right and score >= threshold) if known else score < threshold for known, right, score in validation)

        threshold = max(sorted({score for _, _, score in validation}), key=right_at)
        outside = [score for known, _, score in outcomes if not known]
        report["in_scope_accuracy"] = sum(right and score >= threshold for _, right, score in inside) / len(inside)
        report["oos_recall"] = sum(score < threshold for score in outside) / len(outside)
        in_scores = numpy.sort([score for _, _, score in inside])
        below = numpy.searchsorted(in_scores, outside, side="right")
        tied = below - numpy.searchsorted(in_scores, outside, side="left")
        report["auroc"] = float(((len(in_scores) - below) + tied / 2).sum() / (len(in_scores) * len(outside)))
    report["train_seconds"] = train_seconds
    report["micros_p50"] = float(numpy.quantile(micros, 0.5))
    report["micros_p99"] = float(numpy.quantile(micros, 0.99))
    print(json.dumps(report))


if __name__ == "__main__":
    main()
