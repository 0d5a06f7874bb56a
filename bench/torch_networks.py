"""Training steps and forward passes of the presets in PyTorch, beside examples/network_steps.rs.

    python3 torch_networks.py DEVICE NETWORK [CxHxW] [BATCH] [STEPS]

DEVICE is cpu (one thread) or cuda. Networks are short texts as in src/net/text.rs, or names of presets.
"""

import re
import sys
import time

import torch
from torch import nn

PRESETS = {
    "two-conv": "c3-8 r p2 c3-16 r p2 f",
    "lenet-300-100": "f-300 r f-100 r f",
    "lenet-5": "c5-20p0 p2 c5-50p0 p2 f-500 r f",
    "conv-2": "c3-64 r c3-64 r p2 f-256 r f-256 r f",
    "conv-4": "c3-64 r c3-64 r p2 c3-128 r c3-128 r p2 f-256 r f-256 r f",
    "conv-6": "c3-64 r c3-64 r p2 c3-128 r c3-128 r p2 c3-256 r c3-256 r p2 f-256 r f-256 r f",
    "vgg-small": "c3-32 b r c3-32 b r p2 c3-64 b r c3-64 b r p2 c3-128 b r c3-128 b r g f",
    "mobile": "c3-16 b r " + "".join(f"d3s{s} b r c1-{o} b r " for s, o in [(1, 32), (2, 64), (1, 64), (2, 128), (1, 128)]) + "g f",
}


def resnet_20():
    text = "c3-16 b r "
    for stage, out in enumerate([16, 32, 64]):
        for block in range(3):
            stride = 2 if stage > 0 and block == 0 else 1
            shortcut = f"z2-{out}" if stride == 2 else ""
            text += f"[ c3-{out}s{stride} b r c3-{out} b | {shortcut} ] r "
    return text + "g f"


PRESETS["resnet-20"] = resnet_20()


class SlicePad(nn.Module):
    def __init__(self, stride, zeros):
        super().__init__()
        self.stride, self.zeros = stride, zeros

    def forward(self, x):
        before = self.zeros // 2
        return nn.functional.pad(x[:, :, :: self.stride, :: self.stride], (0, 0, 0, 0, before, self.zeros - before))


class Sum(nn.Module):
    def __init__(self, first, second):
        super().__init__()
        self.first, self.second = first, second

    def forward(self, x):
        return self.first(x) + self.second(x)


def layer(word, following, channels):
    """The modules of a word, and how many channels they give."""
    numbers = re.fullmatch(r"([a-z])(\d*)(?:-(\d+))?(?:s(\d+))?(?:p(\d+))?", word)
    letter, main, out, stride, padding = numbers.groups()
    main, out = int(main or 0), int(out or 0)
    bias = following != "b"
    if letter in "cd":
        groups = channels if letter == "d" else 1
        out = channels if letter == "d" else out
        pad = main // 2 if padding is None else int(padding)
        return [nn.Conv2d(channels, out, main, int(stride or 1), pad, groups=groups, bias=bias)], out
    if letter == "b":
        return [nn.BatchNorm2d(channels)], channels
    if letter == "r":
        return [nn.ReLU6() if main == 6 else nn.ReLU()], channels
    if letter == "p":
        return [nn.MaxPool2d(main, int(stride or main))], channels
    if letter == "g":
        return [nn.AdaptiveAvgPool2d(1), nn.Flatten()], channels
    if letter == "z":
        return [SlicePad(main, out - channels)], out
    return [nn.Flatten(), nn.LazyLinear(out or 10)], out or 10


def build(words, channels):
    """The modules up to a | or ], and what follows it."""
    modules = []
    while words and words[0] not in "|]":
        word = words.pop(0)
        if word == "[":
            first, out = build(words, channels)
            words.pop(0)
            second, _ = build(words, channels)
            words.pop(0)
            modules.append(Sum(first, second))
            channels = out
        else:
            made, channels = layer(word, words[0] if words else "", channels)
            modules += made
    return nn.Sequential(*modules), channels


def main():
    device, name = sys.argv[1:3]
    c, h, w = (int(n) for n in (sys.argv[3] if len(sys.argv) > 3 else "3x32x32").split("x"))
    batch = int(sys.argv[4]) if len(sys.argv) > 4 else 32
    steps = int(sys.argv[5]) if len(sys.argv) > 5 else 20
    torch.set_num_threads(1)
    torch.manual_seed(1)
    # As exact as the playground's numbers.
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = False
    model, _ = build(PRESETS.get(name, name).split(), c)
    model = model.to(device)
    images, labels = torch.randn(batch, c, h, w, device=device), torch.randint(0, 10, (batch,), device=device)
    many = torch.randn(256, c, h, w, device=device)
    model(images)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, eps=1e-8)
    each = 5 if device == "cuda" else 1

    def step():
        for _ in range(each):
            optimizer.zero_grad(set_to_none=True)
            loss = nn.functional.cross_entropy(model(images), labels)
            loss.backward()
            optimizer.step()
        loss.item()

    def forward():
        with torch.no_grad():
            model(many).cpu()

    def timed(work, times):
        for _ in range(3):
            work()
        samples = []
        for _ in range(times):
            start = time.perf_counter()
            work()
            samples.append((time.perf_counter() - start) * 1e3)
        return sorted(samples)[len(samples) // 2]

    model.train()
    took = timed(step, max(4, steps // each)) / each
    model.eval()
    print(f"PyTorch {torch.__version__} {device}: {name}: {took:.2f} ms a step of {batch}, {timed(forward, max(4, steps // 5)):.2f} ms a forward pass of 256")


if __name__ == "__main__":
    main()
