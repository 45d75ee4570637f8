"""Perplexity and mean entropy of a file of logits, as a user of PyTorch would have them: 64 rows at a time."""

import sys

import torch
from safetensors import safe_open

ROWS = 64

file = safe_open(sys.argv[1], framework="pt")
logits = file.get_slice("logits")
targets = file.get_tensor("targets")
losses, entropies = [], []
with torch.no_grad():
    for first in range(0, len(targets), ROWS):
        log_p = logits[first : first + ROWS].float().log_softmax(-1)
        losses.append(-log_p.gather(1, targets[first : first + ROWS, None]).squeeze(1))
        entropies.append(-(log_p.exp() * log_p).sum(-1))
print(torch.cat(losses).mean().exp().item(), torch.cat(entropies).mean().item())
