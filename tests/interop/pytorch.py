"""PyTorch computes what the playground computes, by the script that the site ships: python pytorch.py FOLDER."""

import contextlib
import io
import json
import sys
from pathlib import Path
from unittest import mock

import torch
from safetensors import safe_open
from safetensors.torch import load_file

from checking import compare, folder, networks

sys.path.insert(0, str(Path(__file__).parents[2] / "assets/pytorch"))
import evaluate_network as script  # noqa: E402


def says(*arguments):
    """What the script prints."""
    said = io.StringIO()
    with mock.patch.object(sys, "argv", ["evaluate_network.py", *map(str, arguments)]), contextlib.redirect_stdout(said):
        script.main()
    return said.getvalue()


def check(name, file, expected):
    with safe_open(str(file), framework="pt") as opened:
        stored, names = opened.metadata(), set(opened.keys())
    images = folder() / f"test-images-{json.loads(stored['dataset'])['id']}.safetensors"
    written = file.with_suffix(".pytorch")
    said = says(file, images, "--logits", written)
    assert f"accuracy {float(stored['accuracy'])} (" in said, said
    logits, labels = load_file(str(written))["logits"], load_file(str(images))["labels"]
    compare(name, f"PyTorch {torch.__version__}", logits.tolist(), expected.tolist(), labels.tolist(), stored)
    # Every tensor of the file but those for training is the network's.
    network, _ = script.load_network(file)
    own = {name.replace("weight_orig", "weight") for name in network.tensors() if not name.endswith("weight_mask")}
    ours = {name for name in names if not name.startswith(("adam.", "sgd.", "mask.", "cut_at."))}
    assert own == ours, (name, own ^ ours)
    return stored


for name, kind in networks():
    expected = load_file(str(folder() / f"{name}.logits.safetensors"))["logits"]
    stored = check(name, folder() / f"{name}.safetensors", expected)
    assert stored["network"] == kind, stored["network"]

# Files of older versions, which say no nodes.
OLDER = Path(__file__).parents[1] / "export/older"
for kind in ("masked", "compacted"):
    file = folder() / f"older-{kind}.safetensors"
    file.write_bytes((OLDER / f"{kind}.safetensors").read_bytes())
    expected = load_file(str(OLDER / f"{kind}.logits.safetensors"))["logits"]
    check(f"two-conv-older-{kind}", file, expected)
