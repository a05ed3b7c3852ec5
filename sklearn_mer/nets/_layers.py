"""Pieces that several networks share."""

import math

import torch
from torch import nn


def he_normal(module):
    """Draw the weights of every convolution and dense layer anew by He's normal rule."""
    for layer in module.modules():
        if isinstance(layer, nn.Conv2d | nn.Conv1d | nn.Linear):
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
            nn.init.zeros_(layer.bias)


def pooled_size(size, *, kernel, pool):
    """Return the length after a valid convolution and a pooling that keeps the last piece."""
    return math.ceil((size - kernel + 1) / pool)


class Standardize(nn.Module):
    """Subtract a mean and divide by a deviation, both learned beforehand on training clips.

    Parameters
    ----------
    mean, std : float or ndarray
        One for all values, or arrays that broadcast with the input.
    """

    def __init__(self, mean=0.0, std=1.0):
        super().__init__()
        self.register_buffer("mean", torch.tensor(mean, dtype=torch.float32))
        self.register_buffer("std", torch.tensor(std, dtype=torch.float32))

    def forward(self, x):
        """Standardise `x`, of any shape."""
        return (x - self.mean) / self.std
