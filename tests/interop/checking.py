"""What both checks of exported networks share: which networks there are, and what their logits are compared with."""

import sys
from pathlib import Path

TOLERANCE = 1e-4


def folder():
    return Path(sys.argv[1])


def networks():
    """Names of the files of examples/export.rs, without their endings, and the kind of each: dense, masked, compacted."""
    for name in (folder() / "networks").read_text().split():
        yield name, name.rpartition("-")[2]


def compare(name, program, logits, expected, labels, stored):
    """`logits` and `expected` are lists of rows; `stored` is what the file says of its accuracy and images."""
    assert len(logits) == len(expected) == len(labels) == int(stored["samples"]), (name, len(logits), len(expected))
    pairs = [(a, b) for row, other in zip(logits, expected) for a, b in zip(row, other, strict=True)]
    difference = max(abs(a - b) for a, b in pairs)
    right = sum(row.index(max(row)) == label for row, label in zip(logits, labels))
    accuracy = right / len(labels)
    print(f"{program}, {name}: largest difference of logits {difference:.2e}, accuracy {accuracy}")
    assert difference <= TOLERANCE, f"{name}: logits differ by {difference}"
    assert accuracy == float(stored["accuracy"]), f"{name}: accuracy {accuracy}, the file says {stored['accuracy']}"
    if name.startswith("two-conv"):
        assert accuracy > 0.5, f"{name}: a trained network does better than {accuracy}"
