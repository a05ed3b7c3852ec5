"""Line spectral pairs of the linear prediction of short frames."""

from functools import lru_cache

import numpy as np
import scipy.fft

from ._spectral import N_SHORT, short_frames

ORDER = 18
_EMPHASIS = 0.97
_N_FFT = scipy.fft.next_fast_len(N_SHORT + ORDER, real=True)
_N_GRID = 1024
_N_STEPS = 5
_BLOCK = 128  # frames
# White noise 90 dB below the frame: the prediction error of pure tones would be zero.
_NOISE = 1e-9


def line_spectral_pairs(waveform):
    """Return the line spectral frequencies (18, n_frames), in radians per sample.

    NaN for frames without energy, and for rare frames with roots that are too close to separate.
    """
    waveform = waveform.astype(np.float64)
    emphasised = np.append(waveform[:1], waveform[1:] - _EMPHASIS * waveform[:-1])
    frames = short_frames(emphasised)
    spectra = scipy.fft.rfft(frames, _N_FFT, axis=1)
    power = spectra.real**2 + spectra.imag**2
    correlation = scipy.fft.irfft(power, _N_FFT, axis=1)[:, : ORDER + 1].copy()
    correlation[:, 0] *= 1 + _NOISE
    filters = _predictors(correlation)
    result = np.full((len(filters), ORDER), np.nan)
    usable = np.flatnonzero(np.isfinite(filters).all(axis=1))
    # Blocks that fit into the cache of the processor.
    for start in range(0, len(usable), _BLOCK):
        block = usable[start : start + _BLOCK]
        result[block] = _angles(filters[block])
    return np.sort(result, axis=1).T


def _predictors(correlation):
    """Return the prediction filters (n_frames, 19), by the Levinson-Durbin recursion."""
    filters = np.zeros_like(correlation)
    filters[:, 0] = 1.0
    error = correlation[:, 0].copy()
    for m in range(1, ORDER + 1):
        inner = np.einsum("ij,ij->i", filters[:, :m], correlation[:, m:0:-1])
        reflection = -inner / error
        filters[:, 1 : m + 1] += reflection[:, None] * filters[:, m - 1 :: -1][:, :m]
        error *= 1 - reflection**2
    return filters


def _angles(filters):
    """Return the angles of the roots on the unit circle of both polynomials (n_frames, 18)."""
    series = _chebyshev_series(filters)
    cosines, polynomials = _grid()
    values = series @ polynomials
    negative = values < 0
    at = np.flatnonzero(negative[:, 1:] != negative[:, :-1])
    row, place = np.divmod(at, _N_GRID)
    at += row  # in `values`
    ends = cosines[place], cosines[place + 1], values.ravel()[at], values.ravel()[at + 1]
    angles = np.arccos(_roots(series.T[:, row], *ends))
    # Each polynomial has at most nine roots.
    found = np.bincount(row, minlength=len(series)) == ORDER // 2
    result = np.full((len(series), ORDER // 2), np.nan)
    result[found] = angles[found[row]].reshape(-1, ORDER // 2)
    both = np.hstack(np.split(result, 2))
    both[np.isnan(both).any(axis=1)] = np.nan
    return both


def _chebyshev_series(filters):
    """Return both polynomials, without their roots at 1 and -1, as Chebyshev series.

    The symmetric sum has a root at -1, the antisymmetric difference one at 1. The quotients are
    symmetric of degree 2 n, and cosine series of n + 1 terms on the unit circle.

    Parameters
    ----------
    filters : ndarray of shape (n_frames, 19)

    Returns
    -------
    ndarray of shape (2 * n_frames, 10)
        The sums of all frames, then the differences.
    """
    half = ORDER // 2
    series = np.empty((2, len(filters), half + 1))
    for both, sign in zip(series, (1.0, -1.0), strict=True):
        both[:, half] = 1.0
        for i in range(1, half + 1):
            pair = filters[:, i] + sign * filters[:, ORDER + 1 - i]
            both[:, half - i] = pair - sign * both[:, half - i + 1]
    series[:, :, 1:] *= 2.0
    return series.reshape(-1, half + 1)


def _roots(series, high, low, at_high, at_low):
    """Return the root of each series (10, n_roots) between two cosines, by regula falsi.

    Of the Illinois kind: an end that stays twice has half its value the next time.
    """
    was_high = None
    for _ in range(_N_STEPS):
        middle = high - at_high * (high - low) / (at_high - at_low)
        value = _chebyshev(series, middle)
        is_high = (value < 0) == (at_high < 0)
        if was_high is not None:
            at_low = np.where(is_high & was_high, at_low / 2, at_low)
            at_high = np.where(is_high | was_high, at_high, at_high / 2)
        at_high, at_low = np.where(is_high, value, at_high), np.where(is_high, at_low, value)
        high, low = np.where(is_high, middle, high), np.where(is_high, low, middle)
        was_high = is_high
    return middle


def _chebyshev(series, x):
    """Return the sum of series[i] T_i(x), by the Clenshaw recursion."""
    one, two = np.zeros((2, len(x)))
    double = 2 * x
    for term in series[:0:-1]:
        two *= -1
        two += term
        two += double * one
        one, two = two, one
    return x * one - two + series[0]


@lru_cache(maxsize=1)
def _grid():
    """Return cosines (n_grid + 1,), and their Chebyshev polynomials (10, n_grid + 1)."""
    angles = np.pi * np.arange(_N_GRID + 1) / _N_GRID
    return np.cos(angles), np.cos(np.outer(np.arange(ORDER // 2 + 1), angles))
