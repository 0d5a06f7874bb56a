#!/usr/bin/env python3
"""Loads a network that the pruning playground saved, rebuilds it in PyTorch under its masks, and evaluates it.

    python evaluate_network.py NETWORK.safetensors IMAGES

IMAGES is the file of test images that the playground saves (test-images.safetensors), or a folder with the official
files of a data set: CIFAR-10's test_batch.bin, or the t10k-images and t10k-labels of MNIST or Fashion-MNIST.

Needs torch (1.13 or newer) and safetensors, and no network. In a program of your own:

    from evaluate_network import load_network
    network, about = load_network("NETWORK.safetensors")
    logits = network(pixels)  # pixels: [n, channels, height, width], 0 to 255
"""

import argparse
import gzip
import json
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import nn
from torch.nn import functional
from torch.nn.utils import prune

LAYERS = ("conv1", "conv2", "fc")


class Network(nn.Module):
    """Conv 3x3, ReLU, max-pool 2, twice, then a linear layer. Pixels from 0 to 255 in, logits out."""

    def __init__(self, dataset, widths):
        super().__init__()
        first, second = widths
        features = second * (dataset["height"] // 4) * (dataset["width"] // 4)
        self.register_buffer("mean", torch.tensor(dataset["mean"]).view(1, -1, 1, 1))
        self.register_buffer("std", torch.tensor(dataset["std"]).view(1, -1, 1, 1))
        self.conv1 = nn.Conv2d(dataset["channels"], first, 3, padding=1)
        self.conv2 = nn.Conv2d(first, second, 3, padding=1)
        self.fc = nn.Linear(features, len(dataset["classes"]))

    def forward(self, pixels):
        x = (pixels.float() / 255 - self.mean) / self.std
        x = functional.max_pool2d(functional.relu(self.conv1(x)), 2)
        x = functional.max_pool2d(functional.relu(self.conv2(x)), 2)
        return self.fc(x.flatten(1))


def load_network(path):
    """The network under its masks, and what its file says of it."""
    with safe_open(str(path), framework="pt") as file:
        about = dict(file.metadata() or {})
        if "export" not in about:
            raise SystemExit(f"{path} is no network that the playground exported")
        # One by one: the file has tensors for training, too, of a type that older versions of PyTorch lack.
        state = {name: file.get_tensor(name) for layer in LAYERS for name in (f"{layer}.weight", f"{layer}.bias")}
        masks = {layer: file.get_tensor(f"mask.{layer}").float() for layer in LAYERS}
    for key in ("dataset", "config", "recipe", "filters"):
        if key in about:
            about[key] = json.loads(about[key])
    network = Network(about["dataset"], about["config"]["widths"])
    missing, unexpected = network.load_state_dict(state, strict=False)
    assert set(missing) == {"mean", "std"} and not unexpected, (missing, unexpected)
    for layer in LAYERS:
        prune.custom_from_mask(getattr(network, layer), "weight", masks[layer])
    return network.eval(), about


def load_images(path):
    """Pixels [n, channels, height, width] and labels [n], as bytes."""
    path = Path(path)
    if path.is_file():
        tensors = load_file(str(path))
        return tensors["images"], tensors["labels"]
    for file in sorted(path.rglob("test_batch.bin")):
        records = as_bytes(file.read_bytes()).view(-1, 1 + 3 * 32 * 32)
        return records[:, 1:].reshape(-1, 3, 32, 32), records[:, 0]
    images, labels = idx(path, "t10k-images"), idx(path, "t10k-labels")
    if images is None or labels is None:
        raise SystemExit(f"{path} has neither test_batch.bin nor the t10k files of MNIST")
    return images.unsqueeze(1), labels


def idx(folder, name):
    """The array in a file of MNIST's format, gzipped or not; None where there is no such file."""
    for file in sorted(folder.rglob(f"{name}*")):
        data = file.read_bytes()
        data = gzip.decompress(data) if file.suffix == ".gz" else data
        dims = [int.from_bytes(data[4 + 4 * i : 8 + 4 * i], "big") for i in range(data[3])]
        return as_bytes(data[4 + 4 * len(dims) :]).view(dims)
    return None


def as_bytes(data):
    return torch.frombuffer(bytearray(data), dtype=torch.uint8)


@torch.no_grad()
def logits_of(network, images, batch=256):
    return torch.cat([network(part) for part in images.split(batch)])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("network", help="a .safetensors file of the playground")
    parser.add_argument("images", help="test-images.safetensors, or a folder with a data set's official files")
    parser.add_argument("--logits", metavar="FILE", help="write the logits into a safetensors file")
    arguments = parser.parse_args()

    network, about = load_network(arguments.network)
    images, labels = load_images(arguments.images)
    logits = logits_of(network, images)
    right = int((logits.argmax(1) == labels.long()).sum())
    kept = sum(int(getattr(network, layer).weight_mask.sum()) for layer in LAYERS)
    total = sum(getattr(network, layer).weight_mask.numel() for layer in LAYERS)
    accuracy = right / len(labels)
    print(f"{about['network']} network, {about['dataset']['id']}, step {about['step']}: {kept} of {total} weights kept")
    print(f"accuracy {accuracy} ({right} of {len(labels)} images); the file says {about['accuracy']} of {about['samples']}")
    if arguments.logits:
        save_file({"logits": logits.contiguous()}, arguments.logits)


if __name__ == "__main__":
    main()
