"""Self-similarity of a clip in blocks, novelty and repetition."""

import numpy as np

from ._spectral import N_MFCC_BANDS

BLOCK_SECONDS = 0.25
_TIMBRE_SCALE = 5.0  # dB, difference of spectra with a similarity of 1/e
_LEVEL_SCALE = 5.0  # dB, the same for levels


def blocks(series, frame_rate):
    """Return the means in blocks of a quarter of a second.

    Parameters
    ----------
    series : ndarray of shape (..., n_frames)
    frame_rate : float
        Frames per second.

    Returns
    -------
    ndarray of shape (..., n_blocks)
        Means of the blocks. Frames after the last whole block are dropped, unless there is none.
    """
    n_block = block_length(frame_rate)
    n_blocks = max(1, series.shape[-1] // n_block)
    series = series[..., : n_blocks * n_block]
    return series.reshape(*series.shape[:-1], n_blocks, -1).mean(axis=-1)


def block_length(frame_rate):
    """Return the number of frames in a block."""
    return max(1, round(BLOCK_SECONDS * frame_rate))


def timbre_similarity(mfcc):
    """Return the similarity of smoothed spectra, regardless of their levels.

    Parameters
    ----------
    mfcc : ndarray of shape (n_coefficients, n_blocks)
        Orthonormal coefficients of 40 bands in dB.

    Returns
    -------
    ndarray of shape (n_blocks, n_blocks)
        Similarity from 0 to 1: exp(-d / 5 dB) for a root-mean-square difference d.
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
        Correlation from -1 to 1; 0 for blocks without pitch.
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
    """Return the novelty of each block, the difference of past and future (Foote 2000).

    Parameters
    ----------
    similarity : ndarray of shape (n_blocks, n_blocks)
    n_half : int
        Number of blocks of the past, and of the future.

    Returns
    -------
    ndarray of shape (n_blocks,)
        Mean of the similarity within past and within future, minus that between them: 0 without
        change, at most 1 for similarities from 0 to 1. NaN if more than half of the past or future
        is outside the clip.
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
    """Return the similarity of each segment of the clip to the most similar other segment.

    Parameters
    ----------
    similarity : ndarray of shape (n_blocks, n_blocks)
    n_apart : int
        Smallest number of blocks between the starts of both.
    n_stripe : int
        Number of blocks of a segment.

    Returns
    -------
    ndarray of shape (n_segments,)
        Mean similarity of the blocks of each segment to those of the most similar one. Empty if the
        clip is too short.
    """
    n_segments = len(similarity) - n_stripe + 1
    if n_segments <= n_apart:
        return np.zeros(0)
    segments = sum(similarity[k : k + n_segments, k : k + n_segments] for k in range(n_stripe))
    here = np.arange(n_segments)
    far = np.abs(here[:, None] - here) >= n_apart
    best = np.where(far, segments / n_stripe, -np.inf).max(axis=1)
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
        Envelope relative to its maximum; silence is 60 dB below it.
    frame_rate : float
        Frames per second.

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
