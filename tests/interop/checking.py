"""What both checks of exported networks share: the three networks, and what their logits are compared with."""

import sys
from pathlib import Path

KINDS = ("dense", "masked", "compacted")
TOLERANCE = 1e-4


def folder():
    return Path(sys.argv[1])


def compare(kind, program, logits, expected, labels, stored):
    """`logits` and `expected` are lists of rows; `stored` is what the file says of its accuracy and images."""
    assert len(logits) == len(expected) == len(labels) == int(stored["samples"]), (kind, len(logits), len(expected))
    pairs = [(a, b) for row, other in zip(logits, expected) for a, b in zip(row, other, strict=True)]
    difference = max(abs(a - b) for a, b in pairs)
    right = sum(row.index(max(row)) == label for row, label in zip(logits, labels))
    accuracy = right / len(labels)
    print(f"{program}, {kind}: largest difference of logits {difference:.2e}, accuracy {accuracy}")
    assert difference <= TOLERANCE, f"{kind}: logits differ by {difference}"
    assert accuracy == float(stored["accuracy"]), f"{kind}: accuracy {accuracy}, the file says {stored['accuracy']}"
    assert accuracy > 0.5, f"{kind}: a trained network does better than {accuracy}"
