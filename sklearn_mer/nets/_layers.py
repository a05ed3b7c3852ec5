"""Parts that several networks share."""

import math

import torch
from torch import nn


def he_normal(module):
    """Initialise the weights of all convolutions and dense layers by He's normal rule."""
    for layer in module.modules():
        if isinstance(layer, nn.Conv2d | nn.Conv1d | nn.Linear):
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
            nn.init.zeros_(layer.bias)


def max_pool_relu(pool, *, ceil_mode=True):
    """Return layers that do max-pooling and then ReLU.

    The two commute; in this order ReLU has a quarter of the values or fewer.

    Parameters
    ----------
    pool : tuple of int
        Height and width of a window.
    ceil_mode : bool, default=True
        Whether incomplete windows at the end are kept.

    Returns
    -------
    torch.nn.Sequential
        The layers.
    """
    return nn.Sequential(nn.MaxPool2d(pool, ceil_mode=ceil_mode), nn.ReLU())


def pooled_size(size, *, kernel, pool):
    """Return the length after a convolution without padding and a pooling with ceil_mode."""
    return math.ceil((size - kernel + 1) / pool)


class Standardize(nn.Module):
    """Subtract a mean and divide by a standard deviation, which training does not change.

    Parameters
    ----------
    mean, std : float or ndarray, default=0.0 and 1.0
        One value for all inputs, or arrays that broadcast with the input.
    """

    def __init__(self, mean=0.0, std=1.0):
        super().__init__()
        self.register_buffer("mean", torch.tensor(mean, dtype=torch.float32))
        self.register_buffer("std", torch.tensor(std, dtype=torch.float32))

    def forward(self, x):
        """Standardise `x`."""
        return (x - self.mean) / self.std


def note_arguments(net, arguments):
    """Note on a network what it was made with, so that it can be made again.

    Parameters
    ----------
    net : torch.nn.Module
        One of `sklearn_mer.nets`; gets the attribute ``made_with``.
    arguments : dict of str to object
        Arguments of its class by name. Of networks among them, class and arguments are noted.
    """
    net.made_with = {
        name: (type(value), value.made_with) if isinstance(value, nn.Module) else value
        for name, value in arguments.items()
    }
