#!/usr/bin/env python3
"""scikit-learn's linear SVM on the rows that `ventanilla eval` reads, for comparison in the same run.

    python linear_svm.py FILE.jsonl [--protocol closed|clinc] [--train-split train] [--test-split test]

TF-IDF of word 1-2-grams and of character 2-5-grams inside words, LinearSVC with its defaults. Prints one JSON object with
the keys of `ventanilla eval --json`: accuracy, train_seconds, train_cpu_seconds, micros_p50, micros_p99; with --protocol clinc also
in_scope_accuracy, oos_recall and auroc of the largest decision value, its threshold picked on split `val`.
Needs scikit-learn (and numpy, which it brings).
"""
import json
import time

import rows as shared


def main():
    arguments = shared.arguments("scikit-learn's linear SVM as a peer of `ventanilla eval`")
    import numpy
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import make_pipeline, make_union
    from sklearn.svm import LinearSVC

    rows = shared.read(arguments.file)
    clinc = arguments.protocol == "clinc"
    train = shared.split(rows, arguments.train_split, arguments.file)
    train = [row for row in train if not (clinc and row[1] == "oos")]
    test = shared.split(rows, arguments.test_split, arguments.file)
    model = make_pipeline(
        make_union(
            TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True),
            TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True),
        ),
        LinearSVC(),
    )
    began, cpu = time.perf_counter(), time.process_time()
    model.fit([text for text, _ in train], [intent for _, intent in train])
    train_seconds, train_cpu = time.perf_counter() - began, time.process_time() - cpu

    # Time one at a time, as messages come; a thousand rows are enough for the median of it.
    micros = []
    for text, _ in test[:1000]:
        began = time.perf_counter()
        model.predict([text])
        micros.append((time.perf_counter() - began) * 1e6)

    def answers(pairs):
        values = model.decision_function([text for text, _ in pairs])
        if values.ndim == 1:
            values = numpy.stack([-values, values], axis=1)
        best = values.argmax(axis=1)
        return [(model.classes_[at], float(values[row, at])) for row, at in enumerate(best)]

    validation = shared.split(rows, "val", arguments.file) if clinc else None
    report = {"peer": "scikit-learn LinearSVC, TF-IDF word 1-2 + char_wb 2-5"}
    report |= shared.figures(test, answers(test), clinc, validation, answers(validation) if clinc else None)
    report["train_seconds"] = train_seconds
    report["train_cpu_seconds"] = train_cpu
    report["micros_p50"] = shared.quantile(micros, 0.5)
    report["micros_p99"] = shared.quantile(micros, 0.99)
    print(json.dumps(report))


if __name__ == "__main__":
    main()
