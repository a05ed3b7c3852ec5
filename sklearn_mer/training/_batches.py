"""Batches of clips."""

import itertools

import numpy as np
import torch
from skorch.dataset import Dataset


class Batches:
    """Shuffled batches, taken from arrays directly.

    Parameters
    ----------
    dataset : skorch.dataset.Dataset
        Its X is a tuple of arrays.
    batch_size : int
        Number of samples per batch.
    seed : int
        Seed of the shuffling.
    sample_weight : ndarray of shape (n_samples,), default=None
        Weights of the samples in the loss. If given, each batch has a third element: the share of
        each of its samples in the loss of the batch. Shares of a batch add up to 1.
    """

    def __init__(self, dataset, batch_size, seed, sample_weight=None):
        self.arrays = dataset.X
        self.targets = dataset.y
        self.sample_weight = sample_weight
        self.batch_size = batch_size
        self.random = np.random.default_rng(seed)

    @property
    def generators(self):
        """The random generators that an epoch draws from, in a list."""
        drawn = [array.random for array in self.arrays if hasattr(array, "random")]
        return [self.random, *drawn]

    def __len__(self):
        n = len(self.targets)
        # A last batch of one clip would have no variance: it joins the previous one.
        return max(1, (n - 2) // self.batch_size + 1)

    def __iter__(self):
        order = self.random.permutation(len(self.targets))
        edges = [k * self.batch_size for k in range(len(self))] + [len(order)]
        for start, stop in itertools.pairwise(edges):
            rows = order[start:stop]
            inputs = tuple(torch.from_numpy(array[rows]) for array in self.arrays)
            batch = inputs, torch.from_numpy(self.targets[rows])
            yield batch if self.sample_weight is None else (*batch, self._shares(rows))

    def _shares(self, rows):
        weights = torch.from_numpy(self.sample_weight[rows]).double()
        # Of samples that all weigh nothing, none has a share.
        return (weights / weights.sum().clamp_min(torch.finfo(weights.dtype).tiny)).float()


class ArrayDataset(Dataset):
    """A skorch data set over a tuple of arrays of the same length."""

    def __init__(self, X, y):
        super().__init__(X, y, length=len(y))
