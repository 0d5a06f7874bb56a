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

# What a file of the playground calls the kinds of its nodes, and what they are here; `x` is the first input.
MODULES = {
    "conv": lambda node, x: nn.Conv2d(x.shape[1], node["out"], node["kernel"], node["stride"], node["padding"],
                                      groups=node["groups"], bias=node["bias"]),
    "linear": lambda node, x: nn.Linear(x.shape[1], node["out"], bias=node["bias"]),
    "batch-norm": lambda node, x: nn.BatchNorm2d(x.shape[1]),
    "relu": lambda node, x: nn.ReLU(),
    "relu6": lambda node, x: nn.ReLU6(),
    "max-pool": lambda node, x: nn.MaxPool2d(node["kernel"], node["stride"]),
    "avg-pool": lambda node, x: nn.AvgPool2d(node["kernel"], node["stride"]),
    "global-avg-pool": lambda node, x: nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten()),
    "flatten": lambda node, x: nn.Flatten(),
    "add": lambda node, x: Add(),
    "slice-pad": lambda node, x: SlicePad(node["stride"], node["before"], node["after"]),
    "dropout": lambda node, x: nn.Dropout(node["percent"] / 100),
}
PRUNABLE = ("conv", "linear")


class Add(nn.Module):
    def forward(self, a, b):
        return a + b


class SlicePad(nn.Module):
    """Every `stride`-th row and column, with channels of zeros around: the shortcut "A" of ResNets (He et al., 2016)."""

    def __init__(self, stride, before, after):
        super().__init__()
        self.stride, self.around = stride, (0, 0, 0, 0, before, after)

    def forward(self, x):
        return functional.pad(x[:, :, :: self.stride, :: self.stride], self.around)


class Network(nn.Module):
    """The nodes of a network, each after those that it reads. Pixels from 0 to 255 in, logits out."""

    def __init__(self, dataset, net, modules=MODULES):
        super().__init__()
        self.register_buffer("mean", torch.tensor(dataset["mean"]).view(1, -1, 1, 1))
        self.register_buffer("std", torch.tensor(dataset["std"]).view(1, -1, 1, 1))
        self.nodes, self.steps = net["nodes"], nn.ModuleList()
        # Where each value is read last: after that it is let go of.
        self.last = {value: i for i, node in enumerate(self.nodes) for value in node["inputs"]}
        # A first pass, of zeros, shows each node how many channels it reads.
        with torch.no_grad():
            self.run(torch.zeros(1, *net["input"]), lambda node, x: modules[node["op"]](node, x).eval())
        self.train()

    def run(self, images, build=None):
        values = {"input": images}
        for i, node in enumerate(self.nodes):
            inputs = [values[name] for name in node["inputs"]]
            if build:
                self.steps.append(build(node, inputs[0]))
            values[node["name"]] = self.steps[i](*inputs)
            for name in set(node["inputs"]):
                if self.last[name] == i:
                    del values[name]
        return values[self.nodes[-1]["name"]]

    def forward(self, pixels):
        return self.run((pixels.float() / 255 - self.mean) / self.std)

    def parts(self, *kinds):
        """Modules by the names that the file has for them, all or those of some kinds of node."""
        named = zip(self.nodes, self.steps)
        return {node["name"]: step for node, step in named if not kinds or node["op"] in kinds}

    def layers(self):
        """Those that are pruned, in their order."""
        return self.parts(*PRUNABLE)

    def tensors(self):
        """Weights and running statistics, by the names that the file has for them."""
        parts = self.parts().items()
        return {f"{name}.{key}": value for name, part in parts for key, value in part.state_dict().items() if value.dim()}

    @torch.no_grad()
    def load(self, tensor_of):
        """Takes each tensor from `tensor_of`, which is given its name; they must have the shapes of this network."""
        for name, tensor in self.tensors().items():
            given = tensor_of(name)
            assert given.shape == tensor.shape, f"{name} is {list(given.shape)}, but this network needs {list(tensor.shape)}"
            tensor.copy_(given)


def plain(node):
    """A node whose `op` is its kind; the file has the settings of the kinds that have any below their name."""
    kind, settings = next(iter(node["op"].items())) if isinstance(node["op"], dict) else (node["op"], {})
    return {**node, "op": kind, **settings}


def net_of(about):
    """The nodes of a file's network; older files know one kind alone, and say how wide it is."""
    if "net" in about:
        net = json.loads(about["net"])
        return {**net, "nodes": [plain(node) for node in net["nodes"]]}
    dataset, widths = json.loads(about["dataset"]), json.loads(about["config"])["widths"]
    conv = {"op": "conv", "kernel": 3, "stride": 1, "padding": 1, "groups": 1, "bias": True}
    block = [conv, {"op": "relu"}, {"op": "max-pool", "kernel": 2, "stride": 2}]
    nodes = [{**node, "out": out, "name": f"{node['op']}{i}"} for i, out in enumerate(widths, 1) for node in block]
    nodes += [{"op": "flatten", "name": "flatten"}]
    nodes += [{"op": "linear", "name": "fc", "out": len(dataset["classes"]), "bias": True}]
    for node, before in zip(nodes, [{"name": "input"}, *nodes]):
        node["inputs"] = [before["name"]]
    return {"input": [dataset[side] for side in ("channels", "height", "width")], "nodes": nodes}


def load_network(path):
    """The network under its masks, and what its file says of it."""
    with safe_open(str(path), framework="pt") as file:
        about = dict(file.metadata() or {})
        if "export" not in about:
            raise SystemExit(f"{path} is no network that the playground exported")
        network = Network(json.loads(about["dataset"]), net_of(about))
        # One by one: the file has tensors for training, too, of a type that older versions of PyTorch lack.
        network.load(file.get_tensor)
        for name, layer in network.layers().items():
            prune.custom_from_mask(layer, "weight", file.get_tensor(f"mask.{name}").float())
    for key in ("dataset", "config", "recipe", "filters", "net"):
        if key in about:
            about[key] = json.loads(about[key])
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
    masks = [layer.weight_mask for layer in network.layers().values()]
    kept, total = sum(int(mask.sum()) for mask in masks), sum(mask.numel() for mask in masks)
    accuracy = right / len(labels)
    print(f"{about['network']} network, {about['dataset']['id']}, step {about['step']}: {kept} of {total} weights kept")
    print(f"accuracy {accuracy} ({right} of {len(labels)} images); the file says {about['accuracy']} of {about['samples']}")
    if arguments.logits:
        save_file({"logits": logits.contiguous()}, arguments.logits)


if __name__ == "__main__":
    main()
