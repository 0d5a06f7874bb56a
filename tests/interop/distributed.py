"""Several processes train as one does, by the script that the site ships: python distributed.py FOLDER."""

import copy
import gzip
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch.nn import functional

from checking import folder

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "assets/pytorch/train_distributed.py"
sys.path.insert(0, str(SCRIPT.parent))
import train_distributed as script  # noqa: E402
from evaluate_network import Network, as_bytes, load_images, load_network, logits_of, net_of  # noqa: E402

OUT = folder() / "distributed"
NETWORK, TRAIN, TEST = OUT / "network.safetensors", OUT / "train.safetensors", folder() / "test-images-digits.safetensors"
# Nothing leaves this machine, and no thread waits for another's core.
ENVIRONMENT = {**os.environ, "OMP_NUM_THREADS": "1", "CUDA_VISIBLE_DEVICES": "", "GLOO_SOCKET_IFNAME": "lo"}
SECONDS = 120
# Of the article's network, which most is tried with.
LAYERS = ("conv1", "conv2", "fc")
# Of the rows of a batch the first process has 16 and the second 17.
BATCH = 33
LINE = re.compile(r"(\w+): step (\d+), sparsity \S+,(?: training loss (\S+),)? test loss (\S+), accuracy (\S+)")


def launch(processes, *arguments, network=NETWORK):
    """What the script says: exit code, standard output, standard error."""
    command = [sys.executable]
    if processes > 1:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        command += ["-m", "torch.distributed.run", "--nnodes", "1", "--nproc_per_node", str(processes)]
        command += ["--master_addr", "127.0.0.1", "--master_port", str(port), "--monitor_interval", "0.2"]
        # PyTorch 1.13 fails under Python 3.11 unless it is told of a process's output; there is no tenth process.
        command += ["--redirects", "9:1", "--tee", "9:1"]
    command += [str(argument) for argument in (SCRIPT, network, TRAIN, TEST, *arguments)]
    running = subprocess.Popen(
        command, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    try:
        output, errors = running.communicate(timeout=SECONDS)
    except subprocess.TimeoutExpired:
        # torchrun ends its processes when it is asked to end; what is left then goes with its session.
        running.terminate()
        try:
            running.communicate(timeout=10)
        except subprocess.TimeoutExpired:
            os.killpg(running.pid, signal.SIGKILL)
        raise SystemExit(f"{' '.join(command)} took more than {SECONDS} seconds") from None
    return running.returncode, output, errors


def write_recipe(name, plan, **more):
    path = OUT / f"{name}.json"
    path.write_text(json.dumps({"name": name, "plan": plan, **more}))
    return path


def train(processes, name, plan, *options, network=NETWORK, layers=LAYERS, **more):
    """Tensors and metadata that the script saves, and the lines that it prints, taken apart."""
    file = OUT / f"{name}-{processes}.safetensors"
    file.unlink(missing_ok=True)
    recipe = write_recipe(name, plan, **more)
    code, output, errors = launch(processes, "--recipe", recipe, "--batch", BATCH, "--save", file, *options, network=network)
    assert code == 0, f"{name}: {errors}"
    first, *lines = output.splitlines()
    assert first == f"{name}: {processes} x cpu, {BATCH} images a step", first
    lines = [LINE.fullmatch(line).groups() for line in lines]
    tensors = load_file(str(file))
    assert all(tensor.isfinite().all() for tensor in tensors.values()), f"{name}: not all is finite"
    with safe_open(str(file), framework="pt") as opened:
        about = opened.metadata()
    cut = [int((tensors[f"mask.{layer}"] == 0).sum()) for layer in layers]
    for layer in layers:
        assert (tensors[f"{layer}.weight"][tensors[f"mask.{layer}"] == 0] == 0).all(), f"{name}: a cut weight is not 0"
    print(f"{name}, {processes} x cpu: {about['step']} steps, {sum(cut)} weights cut, accuracy {about['accuracy']}")
    return tensors, int(about["step"]), cut, lines


def difference(a, b):
    return max(float((a[name].double() - b[name].double()).abs().max()) for name in a)


def flat(tensors, prefix="", suffix=".weight"):
    return torch.cat([tensors[f"{prefix}{layer}{suffix}"].flatten() for layer in LAYERS])


def network_of(tensors):
    network = Network(json.loads(stored["dataset"]), net_of(stored))
    network.load(tensors.__getitem__)
    return network


OUT.mkdir(exist_ok=True)
# The digits as the playground has them (src/data/digits.rs): labels, then each pixel of all images, 0 to 16.
raw = as_bytes((ROOT / "assets/digits/digits.bin").read_bytes())
labels, pixels = raw[:1797], ((raw[1797:].view(64, 1797).T.int() * 255 + 8) // 16).to(torch.uint8).view(1797, 1, 8, 8)
test_images, test_labels = load_images(TEST)
assert torch.equal(pixels[1437:], test_images) and torch.equal(labels[1437:], test_labels)
save_file({"images": pixels[:1437].contiguous(), "labels": labels[:1437].contiguous()}, str(TRAIN))
# An exported network, with settings that are not the defaults: each has to be read.
with safe_open(str(folder() / "two-conv-dense.safetensors"), framework="pt") as opened:
    stored = opened.metadata()
config = {**json.loads(stored["config"]), "learningRate": 0.002, "trainLimit": 1000, "seed": 3}
save_file(load_file(str(TEST)), str(NETWORK), {**stored, "config": json.dumps(config)})
start, *_ = train(1, "untrained", {"kind": "before-training", "sparsity": 0, "train": 0})

# As many processes as there are, they train as one, and as a loop without any of it does, into a second epoch.
DENSE = {"kind": "one-shot", "train": 20, "sparsity": 0, "fineTune": 0}
DISTILLED = {"distil": {"alpha": 0.3, "temperature": 2.0}}
network, teacher, expected = network_of(start), None, {}
adam = torch.optim.Adam(network.parameters(), lr=0.002, betas=(0.9, 0.999), eps=1e-8)
for step in range(40):
    if step == 20:
        teacher = copy.deepcopy(network)
        expected["dense"] = teacher.tensors()
    epoch, at = divmod(step, 1000 // BATCH)
    rows = torch.randperm(1000, generator=script.generator("order", 3, epoch))[at * BATCH : (at + 1) * BATCH]
    logits = network(pixels[rows])
    loss = functional.cross_entropy(logits, labels[rows].long())
    if teacher:
        p, q = (functional.softmax(x / 2, 1) for x in (teacher(pixels[rows]).detach(), logits))
        loss = 0.3 * loss + 0.7 * 2**2 * (p * (p / q).log()).sum(1).mean()
    adam.zero_grad()
    loss.backward()
    adam.step()
expected["distilled"] = network.tensors()
trained = {}
for name, plan, more in (("dense", DENSE, {}), ("distilled", {**DENSE, "fineTune": 20}, DISTILLED)):
    for processes in (1, 2):
        tensors, *_ = train(processes, name, plan, **more)
        apart = max(difference(other, tensors) for other in (expected[name], trained.get(name, tensors)))
        print(f"PyTorch {torch.__version__}, {name}, {processes} x cpu: largest difference of weights {apart:.1e}")
        assert apart <= 1e-5, apart
        trained[name] = tensors
after_20 = trained["dense"]

# Weights, moments and data are those of the step that is rewound to, however often.
again, *_ = train(2, "rewound", {"kind": "lottery-ticket", "train": 20, "rate": 0, "rounds": 2, "rewindTo": 10})
assert difference(again, after_20) == 0, "rewinding and training again leads elsewhere"

# One cut, of exactly the weights that are smallest after 20 steps.
total = len(flat(after_20))
tensors, step, cut, lines = train(2, "one-shot", {"kind": "one-shot", "train": 20, "sparsity": 0.8, "fineTune": 20})
assert (step, sum(cut)) == (40, round(0.8 * total)), (step, cut)
order = sorted(range(total), key=flat(after_20).abs().tolist().__getitem__)
expected = torch.ones(total, dtype=torch.uint8)
expected[order[: round(0.8 * total)]] = 0
assert torch.equal(flat(tensors, "mask.", ""), expected), "others were cut than the smallest"
assert [name for name, *_ in lines] == ["initialise", "train", "prune", "train"], lines
losses = [float(loss) for *_, loss, _ in lines]
assert losses[0] > losses[1] < losses[2] > losses[3], f"training does not lower the loss: {losses}"
network, about = load_network(OUT / "one-shot-2.safetensors")
right = int((logits_of(network, test_images).argmax(1) == test_labels).sum())
assert float(about["accuracy"]) == right / len(test_labels) == float(lines[-1][-1]), (about["accuracy"], right, lines)

# As long as it takes to learn the digits.
*_, lines = train(1, "longer", {"kind": "one-shot", "train": 300, "sparsity": 0.5, "fineTune": 100})
assert float(lines[-1][-1]) > 0.85, f"a trained network does better than {lines[-1]}"

# Other plans, scores and scopes: how many are cut, and after how many steps.
sizes = [after_20[f"{layer}.weight"].numel() for layer in LAYERS]
plan = {"kind": "iterative", "train": 4, "rate": 0.3, "rounds": 2, "fineTune": 3}
_, step, cut, _ = train(2, "iterative", plan, method={"criterion": "gradient", "scope": "layer"})
assert (step, cut) == (10, [round((1 - 0.7**2) * size) for size in sizes]), (step, cut)
plan = {"kind": "lottery-ticket", "train": 6, "rate": 0.2, "rounds": 2, "rewindTo": 2}
tickets, zeros = {}, {}
for control in ("none", "random-mask", "reinitialise"):
    tickets[control], step, cut, _ = train(1, f"ticket-{control}", {**plan, "control": control})
    assert (step, sum(cut)) == (6, round((1 - 0.8**2) * total)), (control, step, cut)
    zeros[control] = cut
masks = {control: flat(tensors, "mask.", "") for control, tensors in tickets.items()}
assert zeros["random-mask"] == zeros["none"] and not torch.equal(masks["random-mask"], masks["none"]), zeros
assert torch.equal(masks["reinitialise"], masks["none"]), zeros
assert difference(tickets["reinitialise"], tickets["none"]) > 0.3, "six steps have made other weights the same"
plan = {"kind": "gradual", "train": 9, "to": 1 / 16, "cuts": 2, "every": 3, "fineTune": 1}
_, step, cut, _ = train(1, "gradual", plan, "--steps-limit", 2, method={"criterion": "random", "scope": "layer"})
# 4.5 weights of conv1: a half goes to the even number.
assert (step, cut) == (2 + 2 * 2 + 1, [4, 72, 40]), (step, cut)

# Taylor's scores, computed here in one batch and in double precision.
plan = {"kind": "before-training", "sparsity": 0.5, "train": 1}
tensors, step, cut, _ = train(2, "snip", plan, method={"criterion": "taylor", "scoreBatch": 300})
assert (step, sum(cut)) == (1, round(0.5 * total)), (step, cut)
network = network_of(start)
functional.cross_entropy(network(pixels[:300]), labels[:300].long()).backward()
scores = torch.cat([(w * w.grad).abs().flatten() for w in (layer.weight for layer in network.layers().values())])
kept = flat(tensors, "mask.", "") == 1
# Two ways to add up may swap neighbours in the order.
assert scores[~kept].max() <= scores[kept].min() * 1.001, (scores[~kept].max(), scores[kept].min())

# Other networks, as a loop without any of it trains them: batch normalisation by the statistics of the whole batch, which two
# processes have halves of, SGD, other weights to begin with.
for name, settings in (
    ("lenet-300-100", {"initialisation": "glorot-normal"}),
    ("resnet-20", {"optimiser": "sgd", "learningRate": 0.02, "momentum": 0.9, "weightDecay": 1e-3, "nesterov": True}),
    ("vgg-small", {"initialisation": "pytorch", "optimiser": "sgd", "learningRate": 0.02, "momentum": 0.5}),
):
    with safe_open(str(folder() / f"{name}-dense.safetensors"), framework="pt") as opened:
        stored = opened.metadata()
    config = {**json.loads(stored["config"]), "trainLimit": 1000, "seed": 3, "batch": BATCH, **settings}
    file = OUT / f"{name}.safetensors"
    save_file(load_file(str(TEST)), str(file), {**stored, "config": json.dumps(config)})
    network = Network(json.loads(stored["dataset"]), net_of(stored))
    layers = list(network.layers())
    start, *_ = train(1, f"{name}-0", {"kind": "before-training", "sparsity": 0, "train": 0}, network=file, layers=layers)
    network.load(start.__getitem__)
    for layer, module in network.layers().items():
        row, out = module.weight[0].numel(), len(module.weight) * module.weight[0, 0].numel()
        spread = {"glorot-normal": (2 / (row + out)) ** 0.5, "pytorch": (1 / 3 / row) ** 0.5}
        expected = spread.get(settings.get("initialisation"), (2 / row) ** 0.5)
        n, found = module.weight.numel(), float(module.weight.std())
        # Of n numbers the deviation is known to one in the root of 2n; to six times that.
        assert abs(found / expected - 1) < 6 / (2 * n) ** 0.5, (name, layer, found, expected)
    if settings.get("optimiser") == "sgd":
        keys = {"momentum": config["momentum"], "weight_decay": config["weightDecay"], "nesterov": config["nesterov"]}
        optimiser = torch.optim.SGD(network.parameters(), config["learningRate"], **keys)
    else:
        optimiser = torch.optim.Adam(network.parameters(), config["learningRate"])
    for step in range(12):
        rows = torch.randperm(1000, generator=script.generator("order", 3, 0))[step * BATCH : (step + 1) * BATCH]
        loss = functional.cross_entropy(network(pixels[rows]), labels[rows].long())
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    tensors, *_ = train(2, name, {**DENSE, "train": 12}, network=file, layers=layers)
    apart = difference(network.tensors(), tensors)
    print(f"PyTorch {torch.__version__}, {name}, 2 x cpu: largest difference of weights and statistics {apart:.1e}")
    assert apart <= 1e-4, (name, apart)
    plan = {"kind": "one-shot", "train": 6, "sparsity": 0.6, "fineTune": 6}
    method = {"criterion": "taylor", "scoreBatch": 300}
    tensors, step, cut, lines = train(2, f"{name}-cut", plan, network=file, layers=layers, method=method)
    assert (step, sum(cut)) == (12, round(0.6 * sum(start[f"{layer}.weight"].numel() for layer in layers))), (step, cut)
    network, about = load_network(OUT / f"{name}-cut-2.safetensors")
    right = int((logits_of(network, test_images).argmax(1) == test_labels).sum())
    assert float(about["accuracy"]) == right / len(test_labels) == float(lines[-1][-1]), (about["accuracy"], right, lines)

# Official files of training images.
with tempfile.TemporaryDirectory() as place:
    cifar = torch.randint(256, (3, 3073), dtype=torch.uint8)
    for name, part in (("data_batch_1.bin", cifar[:2]), ("data_batch_2.bin", cifar[2:])):
        Path(place, name).write_bytes(bytes(part.flatten().tolist()))
    images, found = script.load_training_images(Path(place))
    assert torch.equal(images, cifar[:, 1:].reshape(3, 3, 32, 32)) and torch.equal(found, cifar[:, 0])
with tempfile.TemporaryDirectory() as place:
    header = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 8, 0, 0, 0, 8]
    with gzip.open(Path(place, "train-images-idx3-ubyte.gz"), "wb") as file:
        file.write(bytes(header + pixels[:2].flatten().tolist()))
    Path(place, "train-labels-idx1-ubyte").write_bytes(bytes([0, 0, 8, 1, 0, 0, 0, 2, *labels[:2].tolist()]))
    images, found = script.load_training_images(Path(place))
    assert torch.equal(images, pixels[:2]) and torch.equal(found, labels[:2])

# What can't be done ends with a sentence that says what can, on all processes.
recipe = write_recipe("synflow", DENSE, method={"criterion": "synflow"})
code, output, errors = launch(2, "--recipe", recipe)
sentence = "can't do criterion synflow: choose magnitude or random or gradient or taylor"
assert code != 0 and sentence in errors and not output, (code, output, errors)
code, output, errors = launch(1, "--recipe", recipe)
assert code == 1 and errors == f"train_distributed.py {sentence}\n", (code, errors)
for more, word in (
    ({"method": {"granularity": "filter"}}, "granularity filter: choose weight"),
    ({"method": {"scorebatch": 1}}, "look at scorebatch"),
    ({"distil": {"alpha": 1.5}}, "alpha must be between 0 and 1, not 1.5"),
    ({"plan": {"kind": "one-shot", "train": 1, "sparsity": 0.5}}, "look at fineTune"),
    ({"plan": {"kind": "sensitivity"}}, "can't do kind sensitivity"),
):
    try:
        script.read_recipe({"plan": DENSE, **more})
    except SystemExit as refusal:
        assert word in str(refusal), (word, refusal)
    else:
        raise AssertionError(f"{more} is not refused")
print(f"PyTorch {torch.__version__}: training on several processes is as on one")
