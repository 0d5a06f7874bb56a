"""PyTorch computes what the playground computes, by the script that the site ships: python pytorch.py FOLDER."""

import subprocess
import sys
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import load_file

from checking import KINDS, compare, folder

SCRIPT = Path(__file__).parents[2] / "assets/pytorch/evaluate_network.py"

images = load_file(str(folder() / "test-images.safetensors"))
for kind in KINDS:
    file, written = folder() / f"{kind}.safetensors", folder() / f"{kind}.pytorch.safetensors"
    said = subprocess.run(
        [sys.executable, SCRIPT, file, folder() / "test-images.safetensors", "--logits", written],
        check=True, capture_output=True, text=True,
    ).stdout
    with safe_open(str(file), framework="pt") as opened:
        stored = opened.metadata()
    assert stored["network"] == kind, stored["network"]
    assert f"accuracy {float(stored['accuracy'])} (" in said, said
    logits = load_file(str(written))["logits"]
    expected = load_file(str(folder() / f"{kind}.logits.safetensors"))["logits"]
    compare(kind, f"PyTorch {torch.__version__}", logits.tolist(), expected.tolist(), images["labels"].tolist(), stored)
