#!/usr/bin/env python3
"""Trains a recipe of the pruning playground in PyTorch, on several processes, GPUs or machines at once.

    torchrun --nproc_per_node 2 train_distributed.py NETWORK.safetensors TRAIN_IMAGES TEST_IMAGES
    torchrun --nnodes 2 --nproc_per_node 4 --rdzv_backend c10d --rdzv_endpoint HOST:29500 \\
        train_distributed.py NETWORK.safetensors TRAIN_IMAGES TEST_IMAGES     # the same command on two machines

NETWORK.safetensors is a network that the playground saved. Only what it says of itself is used: data set, layers,
initialisation, optimiser, batch, seed and, unless --recipe gives another, the recipe. Training starts from fresh weights.
TRAIN_IMAGES is a folder with the official files of a data set (CIFAR-10's data_batch_*.bin, or train-images and
train-labels of MNIST or Fashion-MNIST), or a safetensors file with `images` (u8, [n, channels, height, width]) and
`labels` (u8, [n]). TEST_IMAGES is what evaluate_network.py takes; that script has to lie beside this one.

Each process has a GPU (nccl) where there are GPUs, CPUs (gloo) elsewhere; run by python alone, it is one process.
However many there are, they train as one with the whole batch would, batch normalisation included; only what dropout
drops is each one's own. Needs torch (1.13 or newer) and safetensors.
"""

import argparse
import copy
import json
import math
import os
import zlib
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch import distributed, nn

from evaluate_network import MODULES, Network, as_bytes, idx, load_images, logits_of, net_of

METHOD = {"criterion": "magnitude", "scope": "global", "granularity": "weight", "scoreBatch": 256,
          "spareClassifier": False, "neverEmpty": False}
PLANS = {"one-shot": "train sparsity fineTune", "iterative": "train rate rounds fineTune",
         "gradual": "train to cuts every fineTune", "lottery-ticket": "train rate rounds rewindTo control",
         "before-training": "sparsity train"}
# What can be done here; other scores, and cutting filters or 2:4, are left to the playground itself.
WORDS = {"criterion": ("magnitude", "random", "gradient", "taylor"), "scope": ("global", "layer"),
         "granularity": ("weight",), "spareClassifier": (False,), "neverEmpty": (False,), "kind": tuple(PLANS),
         "control": ("none", "reinitialise", "random-mask")}
RANGES = {"sparsity": (0, 1), "rate": (0, 1), "to": (0, 1), "rounds": (1, 1000), "cuts": (1, 1000), "alpha": (0, 1),
          "temperature": (1, 20)}


def complete(what, given, defaults):
    """What a part of a recipe says, with the defaults of what it does not; None is no default."""
    settings = {**defaults, **given}
    for name, value in settings.items():
        words, (least, most) = WORDS.get(name), RANGES.get(name, (0, math.inf))
        if name not in defaults or value is None:
            raise SystemExit(f"the recipe's {what} has to say {', '.join(defaults)}, and nothing else: look at {name}")
        if words and value not in words:
            raise SystemExit(f"train_distributed.py can't do {name} {value}: choose {' or '.join(map(str, words))}")
        if not words and not (isinstance(value, (int, float)) and least <= value <= most):
            raise SystemExit(f"the recipe's {name} must be between {least} and {most}, not {value}")
    return settings


def read_recipe(recipe):
    """How a recipe scores and cuts, and what it comes to: names of methods of `Training` with their arguments."""
    method, kind = complete("method", recipe.get("method", {}), METHOD), recipe.get("plan", {}).get("kind")
    defaults = {name: {"rewindTo": 0, "control": "none"}.get(name) for name in f"kind {PLANS.get(kind, '')}".split()}
    plan = complete("plan", recipe.get("plan", {}), defaults)
    distil = complete("distil", recipe["distil"], {"alpha": 0.1, "temperature": 4.0}) if recipe.get("distil") else None
    start, train, tune = ("initialise",), ("train", plan["train"]), ("train", plan.get("fineTune"), distil)
    if "sparsity" in plan:
        cut = ("prune", plan["sparsity"])
        return method, [start, cut, train] if kind == "before-training" else [start, train, cut, tune]
    if kind == "gradual":
        left = [1 - n / plan["cuts"] for n in range(1, plan["cuts"] + 1)]
        cuts = [[("prune", plan["to"] - plan["to"] * part**3), ("train", plan["every"], distil)] for part in left]
        return method, [start, train, *sum(cuts, []), tune]
    cuts = [("prune", 1 - (1 - plan["rate"]) ** n) for n in range(1, plan["rounds"] + 1)]
    if kind == "iterative":
        return method, [start, train, *sum(([cut, tune] for cut in cuts), [])]
    # A lottery ticket and its controls, which differ in the last round.
    if plan["rewindTo"] > plan["train"]:
        raise SystemExit(f"the recipe's rewindTo must be at most train, {plan['train']}, not {plan['rewindTo']}")
    first, rest = ("train", plan["rewindTo"]), ("train", plan["train"] - plan["rewindTo"])
    last = {"none": [("rewind",), rest], "reinitialise": [("initialise", "again"), train],
            "random-mask": [("shuffle_masks",), ("rewind",), rest]}[plan["control"]]
    rounds = sum(([cut, ("rewind",), rest] for cut in cuts[:-1]), [])
    return method, [start, first, ("remember",), rest, *rounds, cuts[-1], *last]


def load_training_images(path):
    """As `load_images`, of the images to train on."""
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
    """Random numbers that are the same on every process and device: the CPU's, seeded with a digest of `key`. (It takes
    32 bits of a seed and no more: of two numbers side by side in 64 it would see one.)"""
    return torch.Generator().manual_seed(zlib.crc32(json.dumps(key).encode()))


def loss_of(logits, labels, teacher=None, distil=None):
    """Summed over the rows: cross-entropy with the labels, or where there is a teacher (its logits)
    alpha * CE + (1 - alpha) * T^2 * KL(teacher || student), both softened by T (Hinton et al., 2015)."""
    loss = nn.functional.cross_entropy(logits, labels, reduction="sum")
    if teacher is None:
        return loss
    alpha, t = distil["alpha"], distil["temperature"]
    soft, target = (nn.functional.log_softmax(x / t, 1) for x in (logits, teacher))
    return alpha * loss + (1 - alpha) * t**2 * nn.functional.kl_div(soft, target, reduction="sum", log_target=True)


def optimiser_of(config, parameters):
    if config.get("optimiser", "adam") == "adam":
        return torch.optim.Adam(parameters, config["learningRate"], eps=1e-8)
    return torch.optim.SGD(parameters, config["learningRate"], momentum=config["momentum"],
                           weight_decay=config["weightDecay"], nesterov=config["nesterov"])


class Sum(torch.autograd.Function):
    """Of the tensors of all processes; gradients go back to each of them."""

    @staticmethod
    def forward(_, x):
        total = x.clone()
        distributed.all_reduce(total)
        return total

    @staticmethod
    def backward(_, gradient):
        return Sum.forward(_, gradient.contiguous())


class BatchNorm(nn.BatchNorm2d):
    """By the statistics of the whole batch, of which each process has a share. (PyTorch's own is for GPUs alone.)"""

    def forward(self, x):
        if not (self.training and distributed.is_initialized()):
            return super().forward(x)
        rows = (1, -1, 1, 1)
        count = Sum.apply(x.new_tensor(x.numel() / x.shape[1]))
        mean = Sum.apply(x.sum((0, 2, 3))) / count
        apart = x - mean.view(rows)
        variance = Sum.apply((apart**2).sum((0, 2, 3))) / count
        with torch.no_grad():
            self.running_mean.lerp_(mean, self.momentum)
            self.running_var.lerp_(variance * count / (count - 1), self.momentum)
        scale = self.weight * (variance + self.eps).rsqrt()
        return apart * scale.view(rows) + self.bias.view(rows)


class Training:
    """A network in training, all of it on every process, and what a recipe can do with it."""

    def __init__(self, config, dataset, net, train, test):
        # Without torchrun this process is alone.
        self.rank, self.world = int(os.environ.get("RANK", 0)), int(os.environ.get("WORLD_SIZE", 1))
        self.device = torch.device("cpu")
        if torch.cuda.is_available():
            self.device = torch.device("cuda", int(os.environ.get("LOCAL_RANK", 0)))
            torch.cuda.set_device(self.device)
            # In full precision, and the same each time.
            torch.backends.cudnn.allow_tf32, torch.backends.cudnn.deterministic = False, True
        if self.world > 1:
            distributed.init_process_group("nccl" if self.device.type == "cuda" else "gloo")
        self.config, self.method, limit = config, config["method"], config["trainLimit"] or len(train[1])
        self.images, self.labels = train[0][:limit].to(self.device), train[1][:limit].to(self.device).long()
        self.test_images, self.test_labels = test[0].to(self.device), test[1].to(self.device).long()
        self.batch = min(config["batch"], len(self.labels))
        # The rows of a batch that are this process's: shares lie one after another, and differ by at most one row.
        self.share = slice(self.batch * self.rank // self.world, self.batch * (self.rank + 1) // self.world)
        modules = {**MODULES, "batch-norm": lambda node, x: BatchNorm(x.shape[1])}
        self.network = self.shared = Network(dataset, net, modules).to(self.device)
        if self.world > 1:
            self.shared = nn.parallel.DistributedDataParallel(self.network)
        self.weights = [layer.weight for layer in self.network.layers().values()]
        self.sizes = [weight.numel() for weight in self.weights]
        self.gone, self.order = torch.zeros(sum(self.sizes), dtype=torch.bool), {}
        # Other files on another machine would go unnoticed.
        given = zlib.crc32(bytes(self.labels.tolist() + self.test_labels.tolist())) + int(self.images.sum())
        if self.sum(given) != given * self.world:
            raise SystemExit("the processes were not given the same images: choose the same files on all machines")

    def sum(self, number):
        """The numbers of all processes, summed."""
        total = torch.as_tensor(number, dtype=torch.float64, device=self.device)
        if self.world > 1:
            distributed.all_reduce(total)
        return float(total)

    @torch.no_grad()
    def initialise(self, *again):
        """Weights as the playground's settings say; the optimiser and the steps start anew, masks stay."""
        source, how = generator("weights", self.config["seed"], *again), self.config.get("initialisation", "he-normal")
        for layer in self.network.layers().values():
            weight, (out, row) = layer.weight, (layer.weight.shape[0], layer.weight[0].numel())
            if how == "pytorch":
                for tensor in layer.parameters():
                    tensor.copy_((torch.rand(tensor.shape, generator=source) * 2 - 1) / math.sqrt(row))
                continue
            fans = row if how == "he-normal" else row + out * weight[0, 0].numel()
            weight.copy_(torch.randn(weight.shape, generator=source) * math.sqrt(2 / fans))
            if layer.bias is not None:
                layer.bias.zero_()
        for norm in self.network.parts("batch-norm").values():
            norm.reset_parameters()
        self.step, self.optimiser = 0, optimiser_of(self.config, self.network.parameters())
        self.hold()

    @torch.no_grad()
    def hold(self):
        """Weights that are cut become exactly 0: moments move them, too."""
        for weight, gone in zip(self.weights, self.gone.to(self.device).split(self.sizes)):
            weight.masked_fill_(gone.view_as(weight), 0)

    def remember(self):
        self.remembered = copy.deepcopy((self.step, self.network.state_dict(), self.optimiser.state_dict()))

    def rewind(self):
        # A copy: the optimiser goes on in the very tensors that it is given, and a later round rewinds to them again.
        self.step, network, optimiser = copy.deepcopy(self.remembered)
        self.network.load_state_dict(network)
        self.optimiser.load_state_dict(optimiser)
        self.hold()

    def shuffle_masks(self):
        source = generator("masks", self.config["seed"])
        parts = [part[torch.randperm(len(part), generator=source)] for part in self.gone.split(self.sizes)]
        self.gone = torch.cat(parts)
        self.hold()

    def train(self, steps, distil=None):
        total, n = torch.zeros((), dtype=torch.float64, device=self.device), len(self.labels)
        self.shared.train()
        for _ in range(steps):
            # Whole batches only; the few images left over come in another epoch's order.
            epoch, at = divmod(self.step, n // self.batch)
            if epoch not in self.order:
                self.order = {epoch: torch.randperm(n, generator=generator("order", self.config["seed"], epoch))}
            rows = self.order[epoch][at * self.batch :][: self.batch][self.share].to(self.device)
            teacher = self.teacher(self.images[rows]).detach() if distil else None
            loss = loss_of(self.shared(self.images[rows]), self.labels[rows], teacher, distil) / self.batch
            self.optimiser.zero_grad()
            # Processes' gradients are averaged, each counting the same. Times their number the average is the sum: the
            # whole batch's mean, also where shares differ in size.
            (loss * self.world).backward()
            self.optimiser.step()
            self.hold()
            self.step += 1
            total += loss.detach()
        mean = self.sum(total) / max(steps, 1)
        if not math.isfinite(mean):
            raise SystemExit(f"the loss is {mean} by step {self.step}: choose a lower learning rate")
        return mean

    def scores(self):
        """A score for each weight: the lower, the sooner it goes."""
        criterion, scores = self.method["criterion"], torch.cat([weight.detach().flatten() for weight in self.weights])
        if criterion == "random":
            return torch.rand(len(scores), generator=generator("scores", self.config["seed"]))
        if criterion != "magnitude":
            # Of the same first images on every process, by the bare network as in training, but that nothing is dropped
            # and no running statistic moves. Their sum, which ranks as their mean does.
            count, gradient = self.method["scoreBatch"] or len(self.labels), torch.zeros_like(scores)
            before = copy.deepcopy(self.network.state_dict())
            self.network.train()
            for dropout in self.network.parts("dropout").values():
                dropout.eval()
            for images, labels in zip(self.images[:count].split(256), self.labels[:count].split(256)):
                loss = loss_of(self.network(images), labels)
                gradient += torch.cat([layer.flatten() for layer in torch.autograd.grad(loss, self.weights)])
            self.network.load_state_dict(before)
            scores = scores * gradient if criterion == "taylor" else gradient
        return scores.abs().cpu()

    def prune(self, fraction):
        if not self.gone.any():
            self.teacher = copy.deepcopy(self.network).eval()
        scores = self.scores()
        if not scores.isfinite().all():
            raise SystemExit("a score is not finite, training has diverged: choose a lower learning rate")
        groups, gone = self.sizes if self.method["scope"] == "layer" else len(scores), self.gone.clone()
        # Exactly round(fraction * n) of n, halves to even: those gone, then the lowest scores; ties go by position.
        for part, held in zip(scores.split(groups), gone.split(groups)):
            order = part.masked_fill(held, -math.inf).sort(stable=True).indices
            held[order[: round(fraction * len(part))]] = True
        gone = gone.to(self.device, torch.uint8)
        # All have come to the same; should machines differ in the last digits, the first process decides.
        if self.world > 1:
            distributed.broadcast(gone, 0)
        self.gone = gone.cpu().bool()
        self.hold()

    @torch.no_grad()
    def test(self):
        """Mean loss and accuracy over all test images."""
        self.shared.eval()
        logits, labels = logits_of(self.network, self.test_images), self.test_labels
        return float(loss_of(logits, labels)) / len(labels), int((logits.argmax(1) == labels).sum()) / len(labels)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("network", help="a .safetensors file of the playground")
    parser.add_argument("train", help="images to train on: a folder with official files, or a safetensors file")
    parser.add_argument("test", help="test-images.safetensors, or a folder with official files")
    parser.add_argument("--recipe", metavar="FILE", help="a recipe (JSON) in place of the network's")
    parser.add_argument("--batch", type=int, metavar="N", help="images in a step, over all processes")
    parser.add_argument("--steps-limit", type=int, metavar="N", help="at most N steps at a time, to try a recipe out")
    parser.add_argument("--save", metavar="FILE", help="write weights and masks into a safetensors file")
    arguments = parser.parse_args()
    about = dict(safe_open(arguments.network, framework="pt").metadata() or {})
    if arguments.recipe:
        about["recipe"] = Path(arguments.recipe).read_text(encoding="utf-8")
    if "export" not in about or "recipe" not in about:
        raise SystemExit(f"{arguments.network} is no network that the playground exported with a recipe: give --recipe")
    config, dataset, recipe = (json.loads(about[key]) for key in ("config", "dataset", "recipe"))
    (config["method"], plan), net = read_recipe(recipe), net_of(about)
    config["batch"] = arguments.batch or config["batch"]
    train, test = load_training_images(Path(arguments.train)), load_images(arguments.test)
    shape = [dataset[side] for side in ("channels", "height", "width")]
    for path, (images, labels) in ((arguments.train, train), (arguments.test, test)):
        if list(images.shape) != [len(labels), *shape] or labels.max() >= len(dataset["classes"]):
            raise SystemExit(f"{path} has no images of {dataset['id']}, {shape} each: choose that data set's files")
    training = Training(config, dataset, net, train, test)
    if training.rank == 0:
        print(f"{recipe.get('name')}: {training.world} x {training.device.type}, {training.batch} images a step")
    for name, *what in (action for action in plan if action[:2] != ("train", 0)):
        if name == "train":
            what[0] = min(what[0], arguments.steps_limit or what[0])
        mean = getattr(training, name)(*what)
        if training.rank == 0:
            (loss, accuracy), sparsity = training.test(), training.gone.double().mean()
            trained = "" if mean is None else f"training loss {mean:.6f}, "
            print(f"{name}: step {training.step}, sparsity {sparsity:.4f},",
                  f"{trained}test loss {loss:.6f}, accuracy {accuracy}", flush=True)
    if arguments.save and training.rank == 0:
        tensors = {name: tensor.cpu().contiguous() for name, tensor in training.network.tensors().items()}
        for layer, gone in zip(training.network.layers(), training.gone.split(training.sizes)):
            tensors[f"mask.{layer}"] = (~gone).to(torch.uint8).view_as(tensors[f"{layer}.weight"])
        # In the words of the playground's files (docs/take-home.md), so that evaluate_network.py reads it.
        about = {key: about[key] for key in ("export", "seed", "dataset", "recipe", "net") if key in about}
        about["config"] = json.dumps(config)
        about.update(network="masked" if sparsity else "dense", step=str(training.step), samples=str(len(test[1])))
        save_file(tensors, arguments.save, {**about, "loss": str(loss), "accuracy": str(accuracy)})
    if training.world > 1:
        # In this order: PyTorch 1.13 may hang where DistributedDataParallel is the last to let go of the group.
        del training.shared
        distributed.destroy_process_group()


if __name__ == "__main__":
    main()
