"""How alike the parts of a clip are: blocks, self-similarity, novelty, repetition."""

import numpy as np

from ._spectral import N_MFCC_BANDS

BLOCK_SECONDS = 0.25
_TIMBRE_SCALE = 5.0  # dB between spectra at which their similarity is 1/e
_LEVEL_SCALE = 5.0  # dB between levels, likewise


def blocks(series, frame_rate):
    """Return the means over blocks of a quarter of a second.

    Parameters
    ----------
    series : ndarray of shape (..., n_frames)
    frame_rate : float
        Frames a second.

    Returns
    -------
    ndarray of shape (..., n_blocks)
        The frames after the last whole block are left out, unless there is no other.
    """
    n_block = block_length(frame_rate)
    n_blocks = max(1, series.shape[-1] // n_block)
    series = series[..., : n_blocks * n_block]
    return series.reshape(*series.shape[:-1], n_blocks, -1).mean(axis=-1)


def block_length(frame_rate):
    """Return the number of frames in a block."""
    return max(1, round(BLOCK_SECONDS * frame_rate))


def timbre_similarity(mfcc):
    """Return the similarity of smoothed spectra, whatever their levels.

    Parameters
    ----------
    mfcc : ndarray of shape (n_coefficients, n_blocks)
        Orthonormal, of 40 bands in dB.

    Returns
    -------
    ndarray of shape (n_blocks, n_blocks)
        From 0 to 1: exp(-d / 5 dB) for a root-mean-square difference d.
    """
    return np.exp(-_distances(mfcc[1:]) / np.sqrt(N_MFCC_BANDS) / _TIMBRE_SCALE)


def level_similarity(levels):
    """Return the similarity of levels in dB (n_blocks,): exp(-d / 5 dB)."""
    return np.exp(-np.abs(levels[:, None] - levels) / _LEVEL_SCALE)


def harmony_similarity(chroma):
    """Return the correlation of pitch classes.

    Parameters
    ----------
    chroma : ndarray of shape (12, n_blocks)

    Returns
    -------
    ndarray of shape (n_blocks, n_blocks)
        From -1 to 1; 0 with blocks that have no pitch.
    """
    centred = chroma - chroma.mean(axis=0)
    norm = np.linalg.norm(centred, axis=0)
    unit = centred / np.where(norm > 1e-9, norm, np.inf)
    return unit.T @ unit


def _distances(columns):
    columns = columns.astype(np.float64)
    squares = (columns**2).sum(axis=0)
    products = columns.T @ columns
    return np.sqrt(np.maximum(squares[:, None] + squares - 2 * products, 0))


def novelty(similarity, n_half):
    """Return how much past and future differ at each block (Foote 2000).

    Parameters
    ----------
    similarity : ndarray of shape (n_blocks, n_blocks)
    n_half : int
        Blocks of past, and of future, that are looked at.

    Returns
    -------
    ndarray of shape (n_blocks,)
        Mean similarity within past and within future, less that between them, half of it: 0
        where nothing changes, at most 1 for similarities from 0 to 1. NaN where less than half
        of the past or of the future is there.
    """
    n_blocks = len(similarity)
    result = np.full(n_blocks, np.nan)
    sums = np.pad(similarity.cumsum(axis=0).cumsum(axis=1), ((1, 0), (1, 0)))

    def mean(rows, columns):
        (a, b), (c, d) = rows, columns
        return (sums[b, d] - sums[a, d] - sums[b, c] + sums[a, c]) / ((b - a) * (d - c))

    least = max(2, n_half // 2)
    for now in range(least, n_blocks - least + 1):
        past, future = (max(0, now - n_half), now), (now, min(n_blocks, now + n_half))
        inside = mean(past, past) + mean(future, future)
        result[now] = inside / 2 - mean(past, future)
    return result


def repetition(similarity, n_apart, n_stripe):
    """Return how well each stretch of the clip comes back elsewhere.

    Parameters
    ----------
    similarity : ndarray of shape (n_blocks, n_blocks)
    n_apart : int
        Blocks that the two must be apart, at least.
    n_stripe : int
        Blocks of a stretch.

    Returns
    -------
    ndarray of shape (n_stretches,)
        For each stretch, its mean similarity, block by block, to the stretch most like it.
        Empty where the clip is too short.
    """
    n_stretches = len(similarity) - n_stripe + 1
    if n_stretches <= n_apart:
        return np.zeros(0)
    stretches = sum(similarity[k : k + n_stretches, k : k + n_stretches] for k in range(n_stripe))
    here = np.arange(n_stretches)
    far = np.abs(here[:, None] - here) >= n_apart
    best = np.where(far, stretches / n_stripe, -np.inf).max(axis=1)
    return best[np.isfinite(best)]


def pairs_of(similarity):
    """Return the similarities of all pairs of different blocks, shape (n_pairs,)."""
    return similarity[np.triu_indices(len(similarity), 1)]


def similarities(mfcc, chroma, envelope, frame_rate):
    """Return the three matrices by name: timbre, harmony, level.

    Parameters
    ----------
    mfcc : ndarray of shape (n_coefficients, n_frames)
    chroma : ndarray of shape (12, n_frames)
    envelope : ndarray of shape (n_frames,)
        Relative to its largest value; 60 dB below it is silence.
    frame_rate : float
        Frames a second.

    Returns
    -------
    dict of str to ndarray of shape (n_blocks, n_blocks)
    """
    level = 20 * np.log10(np.maximum(envelope, 1e-3))
    return {
        "timbre": timbre_similarity(blocks(mfcc, frame_rate)),
        "harmony": harmony_similarity(blocks(chroma, frame_rate)),
        "level": level_similarity(blocks(level, frame_rate)),
    }
