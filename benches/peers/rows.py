"""What the peers share: reading the rows that `ventanilla eval` reads, and its figures."""
import argparse
import json
import sys


def arguments(description):
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("file")
    parser.add_argument("--protocol", choices=["closed", "clinc"], default="closed")
    parser.add_argument("--train-split", default="train")
    parser.add_argument("--test-split", default="test")
    return parser.parse_args()


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


def split(rows, name, path):
    these = [(text, intent) for text, intent, its in rows if its == name]
    if not these:
        sys.exit(f"{path}: no rows of split {name!r}")
    return these


def figures(test, read_as, clinc, validation=None, validation_read_as=None):
    """Figures from (text, intent) pairs and what each was read as: (intent, score)."""

    def outcomes(pairs, answers):
        return [
            (intent != "oos" or not clinc, answer == intent, score)
            for (_, intent), (answer, score) in zip(pairs, answers)
        ]

    scored = outcomes(test, read_as)
    inside = [outcome for outcome in scored if outcome[0]]
    report = {"accuracy": sum(right for _, right, _ in inside) / len(inside)}
    if not clinc:
        return report
    checked = sorted(outcomes(validation, validation_read_as), key=lambda outcome: outcome[2])
    # From the lowest score up: each step rejects the rows below it.
    right = sum(known and correct for known, correct, _ in checked)
    best, threshold = right, float("-inf")
    for at, (known, correct, score) in enumerate(checked):
        right += 1 if not known else -1 if correct else 0
        if at + 1 < len(checked) and checked[at + 1][2] > score and right > best:
            best, threshold = right, checked[at + 1][2]
    outside = [score for known, _, score in scored if not known]
    report["in_scope_accuracy"] = sum(ok and score >= threshold for _, ok, score in inside) / len(inside)
    report["oos_recall"] = sum(score < threshold for score in outside) / len(outside)
    ranked = sorted([(score, 1) for _, _, score in inside] + [(score, 0) for score in outside])
    wins = below = at = 0
    while at < len(ranked):
        end = at
        while end < len(ranked) and ranked[end][0] == ranked[at][0]:
            end += 1
        tied = [kind for _, kind in ranked[at:end]]
        here = sum(tied)
        wins += here * (below + (len(tied) - here) / 2)
        below += len(tied) - here
        at = end
    report["auroc"] = wins / (len(inside) * len(outside))
    return report


def quantile(values, share):
    ordered = sorted(values)
    return ordered[round(share * (len(ordered) - 1))]
