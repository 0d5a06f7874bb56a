"""ONNX Runtime computes what the playground computes: python onnx_runtime.py FOLDER (see examples/export.rs)."""

import numpy
import onnxruntime
from safetensors.numpy import load_file

from checking import KINDS, compare, folder

images = load_file(folder() / "test-images.safetensors")
pixels = images["images"].astype(numpy.float32)
for kind in KINDS:
    session = onnxruntime.InferenceSession(folder() / f"{kind}.onnx", providers=["CPUExecutionProvider"])
    (logits,) = session.run(["logits"], {"pixels": pixels})
    stored = session.get_modelmeta().custom_metadata_map
    assert stored["network"] == kind, stored["network"]
    expected = load_file(folder() / f"{kind}.logits.safetensors")["logits"]
    compare(kind, f"ONNX Runtime {onnxruntime.__version__}", logits.tolist(), expected.tolist(), images["labels"].tolist(), stored)
