"""The same work in PyTorch, natively on one thread: a training step (forward, backward, Adam) and a forward pass of 256 images.

    python3 torch_native.py W1 W2 BATCH STEPS

Prints milliseconds as JSON: {"step": [...], "forward": [...]}.
"""

import json
import sys
import time

import torch
from torch import nn

w1, w2, batch, steps = (int(text) for text in sys.argv[1:5])
torch.set_num_threads(1)
torch.manual_seed(1)
model = nn.Sequential(
    nn.Conv2d(3, w1, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
    nn.Conv2d(w1, w2, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
    nn.Flatten(), nn.Linear(w2 * 8 * 8, 10),
)
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, eps=1e-8)
images, labels = torch.randn(batch, 3, 32, 32), torch.randint(0, 10, (batch,))
many = torch.randn(256, 3, 32, 32)


def step():
    optimizer.zero_grad(set_to_none=True)
    nn.functional.cross_entropy(model(images), labels).backward()
    optimizer.step()


def forward():
    with torch.no_grad():
        model(many)


def timed(work, times):
    for _ in range(2):
        work()
    samples = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        samples.append((time.perf_counter() - start) * 1e3)
    return samples


print(json.dumps({"step": timed(step, steps), "forward": timed(forward, max(3, steps // 5))}))
