"""Dropout for training on a CPU: repeatable from a seed, and as fast as a copy.

Torch's dropout on a CPU takes long to draw random numbers, and draws them from the global
generator. Here the mask is a function of a seed and of the position of a value. It is computed
where it is applied and never stored; the backward pass computes it again.
"""

import numba
import numpy as np
import torch

_WORDS = 64  # random numbers at once, of eight bytes each


class FastDropout:
    """Drops values by masks that follow from a seed. Each thread needs its own.

    One byte of a 64-bit random number decides about a value, so the probability is rounded to a
    multiple of 1/256 (0.1 becomes 26/256 = 0.1016). The kept values are scaled by the rounded
    probability, so the expectation is exact.

    Parameters
    ----------
    seed : int, default=0
        At least 0 and less than 2 ** 64.
    """

    def __init__(self, seed=0):
        self.seed(seed)

    def seed(self, seed):
        """Restart with a seed."""
        self._seed = np.uint64(seed)
        self._n_masks = 0

    def __call__(self, x, p):
        """Drop values of `x`, of any shape on the CPU, by the next mask.

        Parameters
        ----------
        x : Tensor
            Values in float16, bfloat16, float32 or float64.
        p : float
            Probability of dropping a value; at least one in 256 is kept.

        Returns
        -------
        Tensor
            Like `x`.
        """
        if x.dtype == torch.float16:  # unknown to numba
            return self(x.float(), p).half()
        self._n_masks += 1
        mask = np.uint64(_random(self._seed, np.uint64(self._n_masks)))
        return _Dropped.apply(x, mask, min(round(p * 256), 255))


class _Dropped(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, mask, threshold):
        ctx.mask, ctx.threshold = mask, threshold
        return _drop(x, mask, threshold)

    @staticmethod
    def backward(ctx, gradient):
        return _drop(gradient, ctx.mask, ctx.threshold), None, None


def _drop(x, mask, threshold):
    values, way_back = _flat(x.detach())
    scale = 256 / (256 - threshold)
    if x.dtype == torch.bfloat16:
        kept = torch.empty_like(values)
        _keep_bfloat16(
            values.view(torch.int16).numpy(),
            mask,
            np.uint8(threshold),
            np.float32(scale),
            kept.view(torch.int16).numpy(),
        )
    else:
        values = values.numpy()
        kept = np.empty_like(values)
        _keep(values, mask, np.uint8(threshold), values.dtype.type(scale), kept)
        kept = torch.from_numpy(kept)
    return way_back(kept)


def _flat(x):
    """Return `x` as one row, without a copy if it is contiguous, and the function that reverts it.

    Maps are always read with channels last, so that a mask applies to the same values in the
    forward and the backward pass, whatever their layouts.
    """
    if x.dim() == 4:
        last = x.permute(0, 2, 3, 1).contiguous()
        return last.view(-1), lambda flat: flat.view(last.shape).permute(0, 3, 1, 2)
    return x.contiguous().view(-1), lambda flat: flat.view(x.shape)


# Numbers in bfloat16 by their bits, as compiled loops have no such type.
@numba.njit(nogil=True, cache=True, inline="always")
def single(bits):
    """Return the float32 of a bfloat16 given by its bits."""
    return np.int32(np.int32(bits) << np.int32(16)).view(np.float32)


@numba.njit(nogil=True, cache=True, inline="always")
def half(number):
    """Return the bits of the bfloat16 nearest to a float32, ties to even."""
    bits = np.float32(number).view(np.int32)
    odd = (bits >> np.int32(16)) & np.int32(1)
    return np.int16((bits + np.int32(0x7FFF) + odd) >> np.int32(16))


@numba.njit(nogil=True, cache=True)
def _random(seed, place):
    """Return the random number at a position of SplitMix64 (Steele et al. 2014)."""
    z = seed + place * numba.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> numba.uint64(30))) * numba.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> numba.uint64(27))) * numba.uint64(0x94D049BB133111EB)
    return z ^ (z >> numba.uint64(31))


@numba.njit(nogil=True, cache=True)
def _fill(words, mask, first):
    for i in range(numba.uint64(words.shape[0])):
        words[i] = _random(mask, numba.uint64(first) + i)


@numba.njit(nogil=True, cache=True)
def _keep(values, mask, threshold, scale, kept):
    words = np.empty(_WORDS, np.uint64)
    chances = words.view(np.uint8)
    for start in range(0, values.shape[0], 8 * _WORDS):
        _fill(words, mask, start // 8)
        source, target = values[start : start + 8 * _WORDS], kept[start : start + 8 * _WORDS]
        for i in range(numba.uint64(source.shape[0])):
            target[i] = source[i] * scale if chances[i] >= threshold else 0


@numba.njit(nogil=True, cache=True)
def _keep_bfloat16(values, mask, threshold, scale, kept):
    words = np.empty(_WORDS, np.uint64)
    chances = words.view(np.uint8)
    for start in range(0, values.shape[0], 8 * _WORDS):
        _fill(words, mask, start // 8)
        source, target = values[start : start + 8 * _WORDS], kept[start : start + 8 * _WORDS]
        for i in range(numba.uint64(source.shape[0])):
            rounded = half(single(source[i]) * scale)
            target[i] = rounded if chances[i] >= threshold else np.int16(0)
