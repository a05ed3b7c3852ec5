"""Training of autoencoders."""

import numpy as np
import torch
from torch.nn import functional as F

from .._saved import saved_as
from .._threads import one_torch_thread
from ._batches import Batches
from ._net import EmotionNet
from ._predict import predict_hidden
from ._train import train_network

# Samples encoded or decoded at a time.
_CHUNK = 32


def train_autoencoder(module, module_params, samples, classes, settings):
    """Train an autoencoder from scratch.

    Parameters
    ----------
    module : class
        One of `sklearn_mer.nets` with the methods ``hidden`` and ``decode``.
    module_params : dict
        Parameters of `module`.
    samples : ndarray of shape (n_samples, ...), float32
        Samples scaled to [-1, 1].
    classes : ndarray of shape (n_samples,), int64, or None
        If given, the net also learns to reconstruct a sample from the code of *another* sample of
        its class (the permuted penalty of DeepSMOTE).
    settings : Settings
        How to train.

    Returns
    -------
    EmotionNet
        The trained net, its module in evaluation mode.
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
        A trained autoencoder.
    samples : ndarray of shape (n_samples, ...), float32
        Samples scaled as those of training.

    Returns
    -------
    ndarray of shape (n_samples, n_values), float32
        The codes.
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
        A trained autoencoder.
    codes : ndarray of shape (n_samples, n_values), float32
        The codes.

    Returns
    -------
    ndarray of shape (n_samples, ...), float32
        Samples scaled as those of training.
    """
    net.module_.eval()
    device = next(net.module_.parameters()).device
    # One thread, so that the last bits do not depend on their number.
    with torch.inference_mode(), one_torch_thread():
        pieces = [
            net.module_.decode(torch.from_numpy(piece).to(device)).cpu().numpy()
            for piece in np.array_split(codes, -(-len(codes) // _CHUNK))
        ]
    return np.concatenate(pieces)


@saved_as("Scale")
class Scale:
    """Scales samples so that those of training lie in [-1, 1], and back.

    Parameters
    ----------
    samples : ndarray of shape (n_samples, n_mels, n_frames) or (n_samples, n_columns)
        Training samples. All values of spectrograms have one scale, each column of rows has its
        own.
    """

    def __init__(self, samples):
        axis = None if samples.ndim == 3 else 0
        low, high = samples.min(axis=axis), samples.max(axis=axis)
        # Of the type of the samples, to save memory.
        self.middle = (low + high) / 2
        self.half = np.where(high > low, (high - low) / 2, 1).astype(self.middle.dtype)

    def to_unit(self, samples):
        """Return scaled samples.

        Parameters
        ----------
        samples : ndarray
            Samples; those that were not in training may be scaled beyond 1.

        Returns
        -------
        ndarray, float32
            The scaled samples.
        """
        return ((samples - self.middle) / self.half).astype(np.float32, copy=False)

    def from_unit(self, scaled):
        """Return the samples of scaled ones.

        Parameters
        ----------
        scaled : ndarray
            Scaled samples.

        Returns
        -------
        ndarray, float32
            The samples.
        """
        return (scaled * self.half + self.middle).astype(np.float32, copy=False)


class ReconstructionLoss(torch.nn.Module):
    """Mean squared error, summed over the reconstructions of each sample."""

    def forward(self, made, wanted):
        """Return the error of ``made`` (n, n_inputs, ...) against ``wanted`` (n, ...)."""
        return F.mse_loss(made, wanted.unsqueeze(1).expand_as(made)) * made.shape[1]


class OwnBatches(Batches):
    """Batches of samples as inputs and as targets."""

    def __iter__(self):
        for (samples,), _ in super().__iter__():
            yield (samples,), samples


class PairBatches(Batches):
    """Batches of samples and of others of the same classes, with the samples as targets."""

    def __init__(self, dataset, batch_size, seed, sample_weight=None):
        super().__init__(dataset, batch_size, seed, sample_weight)
        self.rows_of = [np.flatnonzero(self.targets == c) for c in range(self.targets.max() + 1)]

    def __iter__(self):
        for (samples,), classes in super().__iter__():
            partners = [self.random.choice(self.rows_of[c]) for c in classes.tolist()]
            yield (samples, torch.from_numpy(self.arrays[0][partners])), samples


class ReconstructionNet(EmotionNet):
    """Learns to reconstruct a sample."""

    batch_class = OwnBatches


class PairNet(EmotionNet):
    """Learns to reconstruct a sample from itself and from another sample of its class."""

    batch_class = PairBatches
