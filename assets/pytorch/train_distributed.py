#!/usr/bin/env python3
"""Trains a recipe of the pruning playground in PyTorch, on several processes, GPUs or machines at once.

    torchrun --nproc_per_node 2 train_distributed.py NETWORK.safetensors TRAIN_IMAGES TEST_IMAGES

NETWORK.safetensors is a network that the playground saved. Only what it says of itself is used: the data set, the
filters, batch, learning rate, seed and, unless --recipe gives another, the recipe; training starts from fresh weights.

TRAIN_IMAGES is a folder with the official files of a data set (CIFAR-10's data_batch_*.bin, or train-images and
train-labels of MNIST or Fashion-MNIST), or a safetensors file with `images` (u8, [n, channels, height, width]) and
`labels` (u8, [n]). TEST_IMAGES is what evaluate_network.py takes. That script has to lie beside this one.

    python train_distributed.py NETWORK.safetensors TRAIN_IMAGES TEST_IMAGES               # one process
    torchrun --nnodes 2 --nproc_per_node 4 --rdzv_backend c10d --rdzv_endpoint HOST:29500 \\
        train_distributed.py NETWORK.safetensors TRAIN_IMAGES TEST_IMAGES                  # the same on each machine

Uses a GPU for each process (nccl) where there are GPUs, and CPUs (gloo) elsewhere. However many processes there are,
they train as one process with the whole batch would. Needs torch (1.13 or newer) and safetensors.
"""

import argparse
import copy
import json
import math
import os
import zlib
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import distributed
from torch.nn import functional
from torch.nn.parallel import DistributedDataParallel

from evaluate_network import LAYERS, Network, as_bytes, idx, load_images, logits_of

METHOD = {"criterion": "magnitude", "scope": "global", "granularity": "weight", "scoreBatch": 256,
          "spareClassifier": False, "neverEmpty": False}
DISTIL = {"alpha": 0.1, "temperature": 4.0}
# What a plan of each kind has to say, and what it may leave out.
PLANS = {
    "one-shot": {"train": None, "sparsity": None, "fineTune": None},
    "iterative": {"train": None, "rate": None, "rounds": None, "fineTune": None},
    "gradual": {"train": None, "to": None, "cuts": None, "every": None, "fineTune": None},
    "lottery-ticket": {"train": None, "rate": None, "rounds": None, "rewindTo": 0, "control": "none"},
    "before-training": {"sparsity": None, "train": None},
}
# Settings that are one of a few words, and what to do about a word that this script can't carry out.
WORDS = {
    "criterion": (("magnitude", "random", "gradient", "taylor"), "choose magnitude, random, gradient or taylor (SNIP)"),
    "scope": (("global", "layer"), "choose global or layer"),
    "granularity": (("weight",), "choose weight; filters and 2:4 are cut in the playground itself"),
    "control": (("none", "reinitialise", "random-mask"), "choose none, reinitialise or random-mask"),
}


def checked(given, defaults, what):
    """The settings in `given` with those left out filled in; anything that can't be carried out ends the script."""
    if unknown := set(given) - set(defaults):
        raise SystemExit(f"the recipe's {what} has no {sorted(unknown)[0]}: choose from {', '.join(defaults)}")
    settings = {**defaults, **given}
    for name, value in settings.items():
        if name in WORDS:
            words, advice = WORDS[name]
            if value not in words:
                raise SystemExit(f"train_distributed.py does not do the {name} {value!r}: {advice}")
            continue
        share, least, most = name in ("sparsity", "rate", "to", "alpha"), 0, math.inf
        if share or name == "temperature":
            least, most = (0, 1) if share else (1, 20)
        elif name in ("rounds", "cuts"):
            least, most = 1, 1000
        whole = not share and name != "temperature"
        if not isinstance(value, int if whole else (int, float)) or not least <= value <= most:
            raise SystemExit(f"the recipe's {what} needs {name}, from {least} to {most}, not {value!r}")
    return settings


def read_recipe(recipe):
    """Method, plan and distillation of a recipe, checked."""
    plan = dict(recipe.get("plan", {}))
    kind = plan.pop("kind", None)
    if kind not in PLANS:
        raise SystemExit(f"train_distributed.py does not know the plan {kind!r}: choose {', '.join(PLANS)}")
    plan = checked(plan, PLANS[kind], "plan")
    if plan.get("rewindTo", 0) > plan["train"]:
        raise SystemExit("the recipe's plan needs a rewindTo that is at most train")
    distil = recipe.get("distil")
    method = checked(recipe.get("method", {}), METHOD, "method")
    return method, {"kind": kind, **plan}, distil and checked({**distil}, DISTIL, "distil")


def actions(plan, distil):
    """What a plan comes to: the names of methods of `Training`, each with its arguments."""
    kind, steps = plan["kind"], plan["train"]
    yield ("reset",)
    if kind == "before-training":
        yield from (("prune", plan["sparsity"]), ("train", steps))
    elif kind == "one-shot":
        yield from (("train", steps), ("prune", plan["sparsity"]), ("train", plan["fineTune"], distil))
    elif kind == "iterative":
        yield ("train", steps)
        for n in range(1, plan["rounds"] + 1):
            yield from (("prune", 1 - (1 - plan["rate"]) ** n), ("train", plan["fineTune"], distil))
    elif kind == "gradual":
        yield ("train", steps)
        for n in range(1, plan["cuts"] + 1):
            left = 1 - n / plan["cuts"]
            yield from (("prune", plan["to"] - plan["to"] * left**3), ("train", plan["every"], distil))
        yield ("train", plan["fineTune"], distil)
    else:
        rest = steps - plan["rewindTo"]
        yield from (("train", plan["rewindTo"]), ("remember",), ("train", rest))
        for n in range(1, plan["rounds"] + 1):
            yield ("prune", 1 - (1 - plan["rate"]) ** n)
            control = plan["control"] if n == plan["rounds"] else "none"
            if control == "reinitialise":
                yield from (("reinitialise",), ("train", steps))
                continue
            if control == "random-mask":
                yield ("shuffle_masks",)
            yield from (("rewind",), ("train", rest))


def load_training_images(path):
    """As `load_images`, of the images to train on."""
    path = Path(path)
    if path.is_file():
        return load_images(path)
    if files := sorted(path.rglob("data_batch_*.bin")):
        records = torch.cat([as_bytes(file.read_bytes()) for file in files]).view(-1, 1 + 3 * 32 * 32)
        return records[:, 1:].reshape(-1, 3, 32, 32), records[:, 0]
    images, labels = idx(path, "train-images"), idx(path, "train-labels")
    if images is None or labels is None:
        raise SystemExit(f"{path} has neither data_batch_*.bin nor the train files of MNIST")
    return images.unsqueeze(1), labels


def generator(*key):
    """Random numbers that are the same on every process and device: of the CPU, seeded with a digest of `key`. (The
    CPU's generator looks at 32 bits of a seed only: two numbers shifted into one would lose the first.)"""
    return torch.Generator().manual_seed(zlib.crc32(json.dumps(key).encode()))


def loss_of(logits, labels, teacher, distil):
    """The sum over the rows of the cross-entropy with the labels or, where there is a teacher, of
    alpha * CE + (1 - alpha) * T^2 * KL(teacher || student), both softened by T (Hinton et al., 2015)."""
    loss = functional.cross_entropy(logits, labels, reduction="sum")
    if teacher is None:
        return loss
    alpha, t = distil["alpha"], distil["temperature"]
    student, teacher = (functional.log_softmax(x / t, 1) for x in (logits, teacher))
    divergence = functional.kl_div(student, teacher, reduction="sum", log_target=True)
    return alpha * loss + (1 - alpha) * t**2 * divergence


def select(scores, gone, ranges, method, fraction):
    """Which weights are gone once `fraction` of them are, the lowest scores first: of all that may go, those gone
    already among them, exactly round(fraction * n), halves to even. Ties go by position."""
    may_go = torch.ones_like(gone)
    for start, stop in ranges:
        if method["spareClassifier"] and (start, stop) == ranges[-1]:
            may_go[start:stop] = False
        elif method["neverEmpty"] and not gone[start:stop].all():
            left = scores[start:stop].masked_fill(gone[start:stop], -math.inf)
            may_go[start + int((left == left.max()).nonzero()[-1])] = False
    order = scores.masked_fill(gone, -math.inf).sort(stable=True).indices
    order = order[may_go[order]]
    groups = [order]
    if method["scope"] == "layer":
        groups = [order[(order >= start) & (order < stop)] for start, stop in ranges]
    gone = gone.clone()
    for group in groups:
        gone[group[: round(fraction * len(group))]] = True
    return gone


class World:
    """The processes that train together; without torchrun, this one alone."""

    def __init__(self):
        self.rank, self.size = int(os.environ.get("RANK", 0)), int(os.environ.get("WORLD_SIZE", 1))
        self.device = torch.device("cpu")
        if torch.cuda.is_available():
            local, gpus = int(os.environ.get("LOCAL_RANK", 0)), torch.cuda.device_count()
            if local >= gpus:
                raise SystemExit(f"there are {gpus} GPUs: start so many processes, or set CUDA_VISIBLE_DEVICES= for CPUs")
            self.device = torch.device("cuda", local)
            torch.cuda.set_device(self.device)
            # Gradients in full precision, and the same ones each time.
            torch.backends.cudnn.allow_tf32, torch.backends.cudnn.deterministic = False, True
        self.backend = "nccl" if self.device.type == "cuda" else "gloo"
        if self.size > 1:
            distributed.init_process_group(self.backend)

    def rows(self, n):
        """This process's share of n rows: shares lie one after another and differ by at most one row."""
        return slice(n * self.rank // self.size, n * (self.rank + 1) // self.size)

    def sums(self, *numbers):
        """Each number summed over all processes."""
        numbers = torch.tensor([float(n) for n in numbers], dtype=torch.float64, device=self.device)
        if self.size > 1:
            distributed.all_reduce(numbers)
        return numbers.tolist()

    def from_first(self, flags):
        """The first process's flags."""
        sent = flags.to(self.device, torch.uint8)
        if self.size > 1:
            distributed.broadcast(sent, 0)
        return sent.cpu().bool()


class Training:
    """A network in training, all of it on every process, and what a recipe can do with it."""

    def __init__(self, world, config, dataset, method, train, test, limit):
        self.world, self.config, self.method, self.limit = world, config, method, limit
        count = min(config["trainLimit"] or len(train[1]), len(train[1]))
        self.images, self.labels = train[0][:count].to(world.device), train[1][:count].to(world.device).long()
        self.test_images, self.test_labels = test[0].to(world.device), test[1].to(world.device).long()
        self.batch = min(config["batch"], count)
        self.network = Network(dataset, config["widths"]).to(world.device)
        # Averages the processes' gradients. Its one copy of the parameters is the network's own.
        self.parallel = DistributedDataParallel(self.network, broadcast_buffers=False) if world.size > 1 else self.network
        self.weights = [getattr(self.network, layer).weight for layer in LAYERS]
        ends = torch.tensor([0] + [w.numel() for w in self.weights]).cumsum(0).tolist()
        self.ranges = list(zip(ends, ends[1:]))
        self.gone = torch.zeros(ends[-1], dtype=torch.bool)
        self.teacher = self.order = None

    @torch.no_grad()
    def fresh(self, *key):
        """Weights by He et al. (2015), as the playground's are; Adam and the count of steps start anew."""
        source = generator("weights", *key)
        for layer in LAYERS:
            weight, bias = getattr(self.network, layer).weight, getattr(self.network, layer).bias
            weight.copy_(torch.randn(weight.shape, generator=source) * math.sqrt(2 / weight[0].numel()))
            bias.zero_()
        self.step, self.adam = 0, torch.optim.Adam(self.network.parameters(), self.config["learningRate"], eps=1e-8)
        self.hold()

    def reset(self):
        self.gone.fill_(False)
        self.fresh(self.config["seed"])

    def reinitialise(self):
        self.fresh(self.config["seed"], "again")

    @torch.no_grad()
    def hold(self):
        """Sets the weights that are cut to 0; their moments in Adam would move them otherwise."""
        for weight, (start, stop) in zip(self.weights, self.ranges):
            weight.masked_fill_(self.gone[start:stop].view_as(weight).to(weight.device), 0)

    def remember(self):
        self.remembered = copy.deepcopy((self.step, self.network.state_dict(), self.adam.state_dict()))

    def rewind(self):
        # A copy: Adam goes on with the very tensors that it is given, and a later round rewinds to them again.
        self.step, network, adam = copy.deepcopy(self.remembered)
        self.network.load_state_dict(network)
        self.adam.load_state_dict(adam)
        self.hold()

    def shuffle_masks(self):
        source = generator("masks", self.config["seed"])
        for start, stop in self.ranges:
            self.gone[start:stop] = self.gone[start:stop][torch.randperm(stop - start, generator=source)]
        self.hold()

    def batch_of(self, step):
        """Which images a step looks at: whole batches only; those left over come in another epoch's order."""
        epoch, at = divmod(step, len(self.labels) // self.batch)
        if self.order is None or self.order[0] != epoch:
            source = generator("order", self.config["seed"], epoch)
            self.order = epoch, torch.randperm(len(self.labels), generator=source)
        return self.order[1][at * self.batch : (at + 1) * self.batch]

    def train(self, steps, distil=None):
        steps = min(steps, self.limit or steps)
        total = torch.zeros((), dtype=torch.float64, device=self.world.device)
        for _ in range(steps):
            rows = self.batch_of(self.step)[self.world.rows(self.batch)].to(self.world.device)
            pixels, teacher = self.images[rows], None
            if distil:
                with torch.no_grad():
                    teacher = self.teacher(pixels)
            loss = loss_of(self.parallel(pixels), self.labels[rows], teacher, distil) / self.batch
            self.adam.zero_grad()
            # The average over processes gives each the same weight; the factor makes it the mean over the whole batch,
            # also where shares differ in size.
            (loss * self.world.size).backward()
            self.adam.step()
            self.hold()
            self.step += 1
            total += loss.detach()
        mean = self.world.sums(total)[0] / max(steps, 1)
        if not math.isfinite(mean):
            raise SystemExit(f"the loss is {mean} by step {self.step}: choose a lower learning rate")
        return f"training loss {mean:.6f}, "

    def scores(self):
        """A score for each weight, conv1's first: the lower, the sooner it goes."""
        criterion, weights = self.method["criterion"], torch.cat([w.detach().flatten() for w in self.weights])
        if criterion == "random":
            return torch.rand(len(weights), generator=generator("scores", self.config["seed"]))
        scores = weights
        if criterion != "magnitude":
            # Of the same first images on every process, by the bare network: nothing is averaged here.
            count = min(self.method["scoreBatch"] or len(self.labels), len(self.labels))
            gradient = torch.zeros_like(weights)
            for pixels, labels in zip(self.images[:count].split(256), self.labels[:count].split(256)):
                loss = loss_of(self.network(pixels), labels, None, None) / count
                gradient += torch.cat([g.flatten() for g in torch.autograd.grad(loss, self.weights)])
            scores = weights * gradient if criterion == "taylor" else gradient
        for layer, (start, stop) in zip(LAYERS, self.ranges):
            if not scores[start:stop].isfinite().all():
                raise SystemExit(f"a score of layer {layer} is not finite: choose a lower learning rate")
        return scores.abs().cpu()

    def prune(self, fraction):
        if not self.gone.any():
            # The dense network is what pruned ones are distilled from.
            self.teacher = copy.deepcopy(self.network)
        gone = select(self.scores(), self.gone, self.ranges, self.method, fraction)
        # All have computed the same; should the last digits differ between machines, the first process decides.
        self.gone = self.world.from_first(gone)
        self.hold()

    @torch.no_grad()
    def test(self):
        """Mean loss, and how many are right, over all test images, of which each process sees its share."""
        rows = self.world.rows(len(self.test_labels))
        logits, labels = logits_of(self.network, self.test_images[rows]), self.test_labels[rows]
        loss, right = self.world.sums(loss_of(logits, labels, None, None), (logits.argmax(1) == labels).sum())
        return loss / len(self.test_labels), int(right)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("network", help="a .safetensors file of the playground")
    parser.add_argument("train", help="images to train on: a folder with a data set's official files, or a safetensors file")
    parser.add_argument("test", help="test-images.safetensors, or a folder with a data set's official files")
    parser.add_argument("--recipe", metavar="FILE", help="a recipe (JSON) in place of the network's")
    parser.add_argument("--batch", type=int, metavar="N", help="images in a step, over all processes")
    parser.add_argument("--steps-limit", type=int, metavar="N", help="train at most N steps at a time, to try a recipe out")
    parser.add_argument("--save", metavar="FILE", help="write weights and masks into a safetensors file")
    arguments = parser.parse_args()
    about, recipe = read_about(arguments)
    method, plan, distil = read_recipe(recipe)
    config, dataset = about["config"], about["dataset"]
    train, test = load_training_images(arguments.train), load_images(arguments.test)
    for path, (images, labels) in ((arguments.train, train), (arguments.test, test)):
        shape = [dataset["channels"], dataset["height"], dataset["width"]]
        if list(images.shape[1:]) != shape or not len(images) == len(labels) > 0 or labels.max() >= len(dataset["classes"]):
            raise SystemExit(f"{path} does not hold images of {dataset['id']}, {shape} each: choose that data set's files")

    world = World()
