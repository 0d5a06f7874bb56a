"""ONNX Runtime computes what the playground computes, batch normalisation kept or folded: python onnx_runtime.py FOLDER
(see examples/export.rs)."""

import json

import numpy
import onnxruntime
from safetensors.numpy import load_file

from checking import compare, folder, networks

PROGRAM = f"ONNX Runtime {onnxruntime.__version__}"
NORM = b"BatchNormalization"
# Of the twelve networks that examples/export.rs writes, those with batch normalisation.
NORMALISED = ("vgg-small", "resnet-20", "resnet-20-b", "mobile", "mixed")

all_names = set()
for name, kind in networks():
    of, kinds = name.rpartition("-")[0], {}
    all_names.add(of)
    for ending in ("onnx", "folded.onnx"):
        path = folder() / f"{name}.{ending}"
        session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
        stored = session.get_modelmeta().custom_metadata_map
        assert stored["network"] == kind, stored["network"]
        images = load_file(folder() / f"test-images-{json.loads(stored['dataset'])['id']}.safetensors")
        (logits,) = session.run(["logits"], {"pixels": images["images"].astype(numpy.float32)})
        expected = load_file(folder() / f"{name}.logits.safetensors")["logits"]
        compare(f"{name}.{ending}", PROGRAM, logits.tolist(), expected.tolist(), images["labels"].tolist(), stored)
        kinds[ending] = NORM in path.read_bytes()
    # What no convolution comes before stays.
    assert kinds == {"onnx": of in NORMALISED, "folded.onnx": of == "mixed"}, (name, kinds)
assert len(all_names) == 12 and all_names >= {"two-conv", *NORMALISED}, all_names
