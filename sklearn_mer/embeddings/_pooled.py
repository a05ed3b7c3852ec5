"""What the embeddings by networks of others share: windows, and statistics over them."""

import numbers
from abc import abstractmethod

import numpy as np
import torch

from .._compat import Interval, StrOptions
from ._base import PretrainedEmbedding, numbered
from ._windows import LEAST, POOLINGS, STATISTICS, USUAL, pooled, statistics_of, windows_of

# Windows that go through the network together.
_BATCH = 4


class PooledEmbedding(PretrainedEmbedding):
    """A frozen network over windows; the statistics of each of its outputs are kept a clip.

    The network is not held: it is opened again by what the estimator knows of it, so that a
    pickled estimator, or a file of a model, is small and names the network.
    """

    _parameter_constraints = {
        **{
            name: PretrainedEmbedding._parameter_constraints[name]
            for name in ("offset", "duration", "normalize", "n_jobs", "verbose", "cache")
        },
        "window": [Interval(numbers.Real, LEAST, None, closed="left"), None],
        "pooling": [StrOptions(set(POOLINGS))],
    }

    @property
    def _sample_rate(self):
        return self.sample_rate_

    def _note_window(self, own):
        """Set the samples of a window; `own` are those that the network needs, or None."""
        self._own_window_ = own
        given = None if self.window is None else round(self.window * self.sample_rate_)
        if own is not None and given not in (None, own):
            raise ValueError(
                f"window={self.window} s does not go with {self._weights()!s}, whose windows are "
                f"{own / self.sample_rate_:g} s long: leave window out."
            )
        self.window_ = own or given or round(USUAL * self.sample_rate_)

    def _settings(self):
        return [self.sample_rate_, self.window_, self._least()]

    def _least(self):
        """Return the samples to which a shorter clip is repeated."""
        return self._own_window_ or min(round(LEAST * self.sample_rate_), self.window_)

    def _compute(self):
        network, window, least = self.network_, self.window_, self._least()

        def compute(waveform):
            windows = windows_of(waveform, window, least)
            batches = [
                [statistics_of(states) for states in network(windows[i : i + _BATCH])]
                for i in range(0, len(windows), _BATCH)
            ]
            outputs = zip(*batches, strict=True)
            return torch.cat([pooled(torch.cat(output, dim=1)) for output in outputs])

        return compute

    @abstractmethod
    def _sizes(self):
        """Return the numbers of values of all outputs of the network."""

    @abstractmethod
    def _groups(self):
        """Return (stem of the names, outputs) of what is asked for; of several, their mean."""

    def _chosen(self, row):
        """Return what is asked for of the statistics of all outputs."""
        ends = np.cumsum([len(STATISTICS) * size for size in self._sizes()])
        outputs = [
            dict(zip(STATISTICS, part.reshape(len(STATISTICS), -1), strict=True))
            for part in np.split(row, ends[:-1])
        ]
        blocks = [
            np.mean([outputs[i][statistic] for i in chosen], axis=0)
            for _, chosen in self._groups()
            for statistic in POOLINGS[self.pooling]
        ]
        return np.concatenate(blocks)

    def _all_names(self):
        sizes = self._sizes()
        return [
            f"{name}__{statistic}"
            for stem, chosen in self._groups()
            for statistic in POOLINGS[self.pooling]
            for name in numbered(stem, sizes[chosen[0]])
        ]

    def _columns(self):
        return slice(None)
