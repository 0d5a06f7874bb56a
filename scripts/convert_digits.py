#!/usr/bin/env python3
"""Converts the UCI 8x8 digits that scikit-learn carries into assets/digits/digits.bin.

    pip install scikit-learn
    python3 scripts/convert_digits.py            # write the asset
    python3 scripts/convert_digits.py --check    # compare with the asset, write nothing

A wheel (`pip download --no-deps scikit-learn`) or digits.csv.gz itself can be given instead of
the installed package. Format, split and licence: assets/digits/README.md.
"""

import argparse
import gzip
import hashlib
import importlib.util
import pathlib
import sys
import zipfile

ASSET = pathlib.Path(__file__).resolve().parent.parent / "assets" / "digits" / "digits.bin"
INSIDE = "sklearn/datasets/data/digits.csv.gz"
SOURCE_SHA256 = "09f66e6debdee2cd2b5ae59e0d6abbb73fc2b0e0185d2e1957e9ebb51e23aa22"
IMAGES, PIXELS, TEST = 1797, 64, 360
SPLIT_SEED = b"digits split 1"


def read_source(given):
    """The bytes of digits.csv.gz, checked against their SHA-256."""
    if given is None:
        package = importlib.util.find_spec("sklearn")
        if package is None:
            sys.exit("scikit-learn is not installed: pip install scikit-learn, or give its wheel")
        data = (pathlib.Path(package.origin).parent.parent / INSIDE).read_bytes()
    elif given.suffix == ".whl":
        data = zipfile.ZipFile(given).read(INSIDE)
    else:
        data = given.read_bytes()
    found = hashlib.sha256(data).hexdigest()
    if found != SOURCE_SHA256:
        sys.exit(f"digits.csv.gz has SHA-256 {found}; {SOURCE_SHA256} is expected")
    return data


def parse(data):
    """Rows of 64 values (0..16, row-major) and a label (0..9), in the order of the source."""
    lines = gzip.decompress(data).decode("ascii").split()
    rows = [[int(float(field)) for field in line.split(",")] for line in lines]
    assert len(rows) == IMAGES and all(len(row) == PIXELS + 1 for row in rows)
    assert all(0 <= value <= 16 for row in rows for value in row[:PIXELS])
    return rows


def order(rows):
    """Indices of the training images, then of the test images, stratified.

    Images are shuffled by the SHA-256 of seed and index, which no library version changes. Each
    class gives its share of the 360 test images, rounded by largest remainder, its first ones.
    """
    key = lambda index: hashlib.sha256(SPLIT_SEED + index.to_bytes(4, "little")).digest()
    shuffled = sorted(range(IMAGES), key=key)
    members = [[i for i in shuffled if rows[i][PIXELS] == label] for label in range(10)]
    share = [len(m) * TEST // IMAGES for m in members]
    remainder = [len(m) * TEST % IMAGES for m in members]
    for label in sorted(range(10), key=lambda c: (-remainder[c], c))[: TEST - sum(share)]:
        share[label] += 1
    test = {i for m, n in zip(members, share) for i in m[:n]}
    return [i for i in shuffled if i not in test] + [i for i in shuffled if i in test]


def payload(rows):
    """All labels, then for each of the 64 pixels its value in all images."""
    rows = [rows[i] for i in order(rows)]
    labels = bytes(row[PIXELS] for row in rows)
    return labels + bytes(row[pixel] for pixel in range(PIXELS) for row in rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("source", nargs="?", type=pathlib.Path, help="a scikit-learn wheel, or digits.csv.gz")
    parser.add_argument("--check", action="store_true", help="compare with the asset, write nothing")
    arguments = parser.parse_args()
    data = payload(parse(read_source(arguments.source)))
    if arguments.check:
        if ASSET.read_bytes() != data:
            sys.exit("the asset holds other data than the source gives")
        print(f"{ASSET.name}: same bytes")
        return
    ASSET.write_bytes(data)
    print(f"{ASSET.name}: {len(data)} bytes, SHA-256 {hashlib.sha256(data).hexdigest()}")


if __name__ == "__main__":
    main()
