"""Training of autoencoders, on the engine of the classifiers."""

import numpy as np
import torch
from torch.nn import functional as F

from .._threads import one_torch_thread
from ._batches import Batches
from ._net import EmotionNet
from ._predict import predict_hidden
from ._train import train_network

# Samples encoded or decoded at a time: codes of spectrograms are long.
_CHUNK = 32


def train_autoencoder(module, module_params, samples, classes, settings):
    """Train an autoencoder from scratch.

    Parameters
    ----------
    module : class
        Of `sklearn_mer.nets`, with ``hidden`` and ``decode``.
    module_params : dict
    samples : ndarray of shape (n_samples, ...), float32
        Scaled to [-1, 1].
    classes : ndarray of shape (n_samples,), int64, or None
        Where given, the net also learns to make a sample of the code of *another* of its class
        (the permuted penalty of DeepSMOTE).
    settings : Settings

    Returns
    -------
    EmotionNet
        Trained, in evaluation mode.
    """
    if classes is None:
        net_class, classes = ReconstructionNet, np.zeros(len(samples), dtype=np.int64)
    else:
        net_class = PairNet
    return train_network(
        module,
        module_params,
        (samples,),
        classes,
        settings,
        net_class=net_class,
        criterion=ReconstructionLoss,
        with_accuracy=False,
    )


def encode(net, samples):
    """Return the codes of samples.

    Parameters
    ----------
    net : EmotionNet
    samples : ndarray of shape (n_samples, ...), float32

    Returns
    -------
    ndarray of shape (n_samples, n_values), float32
    """
    codes = np.empty((len(samples), net.module_.n_values), dtype=np.float32)
    for start in range(0, len(samples), _CHUNK):
        chunk = slice(start, start + _CHUNK)
        codes[chunk] = predict_hidden(net, (samples[chunk],))
    return codes


def decode(net, codes):
    """Return the samples of codes.

    Parameters
    ----------
    net : EmotionNet
    codes : ndarray of shape (n_samples, n_values), float32

    Returns
    -------
    ndarray of shape (n_samples, ...), float32
    """
    net.module_.eval()
    device = next(net.module_.parameters()).device
    # One thread: the last bits shall not depend on how many there are.
    with torch.inference_mode(), one_torch_thread():
        pieces = [
            net.module_.decode(torch.from_numpy(piece).to(device)).cpu().numpy()
            for piece in np.array_split(codes, -(-len(codes) // _CHUNK))
        ]
    return np.concatenate(pieces)


class Scale:
    """The way from the values of training samples to [-1, 1], and back.

    Parameters
    ----------
    samples : ndarray of shape (n_samples, n_mels, n_frames) or (n_samples, n_columns)
        Spectrograms are scaled all alike, rows column by column.
    """

    def __init__(self, samples):
        axis = None if samples.ndim == 3 else 0
        low, high = samples.min(axis=axis), samples.max(axis=axis)
        # Of the samples' own type: spectrograms of float32 are many.
        self.middle = (low + high) / 2
        self.half = np.where(high > low, (high - low) / 2, 1).astype(self.middle.dtype)

    def to_unit(self, samples):
        """Return the samples scaled, as float32; others than in training may lie beyond 1."""
        return ((samples - self.middle) / self.half).astype(np.float32, copy=False)

    def from_unit(self, scaled):
        """Return scaled samples as they were."""
        return (scaled * self.half + self.middle).astype(np.float32, copy=False)


class ReconstructionLoss(torch.nn.Module):
    """Mean square of the error, added up over what is made side by side."""

    def forward(self, made, wanted):
        """Compare ``made`` (n, n_inputs, ...) with ``wanted`` (n, ...)."""
        return F.mse_loss(made, wanted.unsqueeze(1).expand_as(made)) * made.shape[1]


class OwnBatches(Batches):
    """Batches of samples as inputs and as targets."""

    def __iter__(self):
        for (samples,), _ in super().__iter__():
            yield (samples,), samples


class PairBatches(Batches):
    """Batches of samples and of others of the same classes; the samples are the targets."""

    def __init__(self, dataset, batch_size, seed, sample_weight=None):
        super().__init__(dataset, batch_size, seed, sample_weight)
        self.rows_of = [np.flatnonzero(self.targets == c) for c in range(self.targets.max() + 1)]

    def __iter__(self):
        for (samples,), classes in super().__iter__():
            partners = [self.random.choice(self.rows_of[c]) for c in classes.tolist()]
            yield (samples, torch.from_numpy(self.arrays[0][partners])), samples


class ReconstructionNet(EmotionNet):
    """Learns to make of a sample what it is."""

    batch_class = OwnBatches


class PairNet(EmotionNet):
    """Learns to make of a sample, and of another of its class, what the first is."""

    batch_class = PairBatches
