"""Mean and largest KL divergence of the rows of two files of logits, as a user of PyTorch would have them."""

import sys

import torch
from safetensors import safe_open

ROWS = 64

base, other = (safe_open(path, framework="pt").get_slice("logits") for path in sys.argv[1:])
divergences = []
with torch.no_grad():
    for first in range(0, base.get_shape()[0], ROWS):
        log_p = base[first : first + ROWS].float().log_softmax(-1)
        log_q = other[first : first + ROWS].float().log_softmax(-1)
        divergences.append((log_p.exp() * (log_p - log_q)).sum(-1))
divergences = torch.cat(divergences)
print(divergences.mean().item(), divergences.max().item())
