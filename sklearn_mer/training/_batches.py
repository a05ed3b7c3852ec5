"""Batches of the clips of an epoch."""

import itertools

import numpy as np
import torch
from skorch.dataset import Dataset


class Batches:
    """Shuffled batches, gathered from arrays without the detour of single items.

    Parameters
    ----------
    dataset : Dataset
        Of skorch; its X is a tuple of arrays.
    batch_size : int
    seed : int
    """

    def __init__(self, dataset, batch_size, seed):
        self.arrays = dataset.X
        self.targets = dataset.y
        self.batch_size = batch_size
        self.random = np.random.default_rng(seed)

    @property
    def generators(self):
        """The sources of random numbers that an epoch draws from, in a list."""
        drawn = [array.random for array in self.arrays if hasattr(array, "random")]
        return [self.random, *drawn]

    def __len__(self):
        n = len(self.targets)
        # A last batch of one clip would have no variance to normalise by: it joins the one before.
        return max(1, (n - 2) // self.batch_size + 1)

    def __iter__(self):
        order = self.random.permutation(len(self.targets))
        edges = [k * self.batch_size for k in range(len(self))] + [len(order)]
        for start, stop in itertools.pairwise(edges):
            rows = order[start:stop]
            inputs = tuple(torch.from_numpy(array[rows]) for array in self.arrays)
            yield inputs, torch.from_numpy(self.targets[rows])


class ArrayDataset(Dataset):
    """A skorch data set over a tuple of arrays of the same length."""

    def __init__(self, X, y):
        super().__init__(X, y, length=len(y))
