"""Line spectral pairs of the linear prediction of short frames."""

import numpy as np
import scipy.fft

from ._compiled import compiled, part_of_loops
from ._spectral import N_SHORT, short_frames

ORDER = 18
_EMPHASIS = 0.97
_N_GRID = 1024
_N_HALVINGS = 20
# White noise 90 dB below the frame: the prediction error of pure tones would be zero.
_NOISE = 1e-9


def line_spectral_pairs(waveform):
    """Return the line spectral frequencies (18, n_frames), in radians per sample.

    NaN for frames without energy, and for rare frames with roots that are too close to separate.
    """
    waveform = waveform.astype(np.float64)
    emphasised = np.append(waveform[:1], waveform[1:] - _EMPHASIS * waveform[:-1])
    frames = short_frames(emphasised)
    spectra = scipy.fft.rfft(frames, 2 * N_SHORT, axis=1)
    power = spectra.real**2 + spectra.imag**2
    correlation = scipy.fft.irfft(power, axis=1)[:, : ORDER + 1].copy()
    correlation[:, 0] *= 1 + _NOISE
    filters = _predictors(correlation)
    result = np.full((len(filters), ORDER), np.nan)
    usable = np.isfinite(filters).all(axis=1)
    cosines = np.cos(np.pi * np.arange(_N_GRID + 1) / _N_GRID)
    both, found = np.empty((2, ORDER // 2 + 1)), np.empty(ORDER)
    _pairs(filters, usable, cosines, np.empty((2, len(cosines))), both, found, result)
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


@compiled
def _pairs(filters, usable, cosines, values, both, found, result):
    """Write the angles of the roots on the unit circle of both polynomials to `result`."""
    # numpy's functions for arrays would take seconds to compile here.
    n_frames, n = filters.shape
    order = n - 1
    for frame in range(n_frames):
        if not usable[frame]:
            continue
        _chebyshev_series(filters[frame], both)
        n_found = 0
        for which in range(2):
            series = both[which]
            on_grid = _chebyshev_of_all(series, cosines, values)
            for i in range(_N_GRID):
                if on_grid[i] * on_grid[i + 1] < 0 and n_found < order:
                    root = _bisect(series, cosines[i], cosines[i + 1], on_grid[i])
                    found[n_found] = np.arccos(root)
                    n_found += 1
        if n_found == order:
            for i in range(order):
                result[frame, i] = found[i]


@part_of_loops
def _chebyshev_series(a, both):
    """Write both polynomials, without their roots at 1 and -1, as Chebyshev series to `both`.

    The symmetric sum has a root at -1, the antisymmetric difference one at 1. The quotients are
    symmetric of degree 2 n, and cosine series of n + 1 terms on the unit circle.
    """
    order = len(a) - 1
    half = order // 2
    for which in range(2):
        sign = 1.0 if which == 0 else -1.0
        quotient = 1.0
        both[which, half] = quotient
        for i in range(1, half + 1):
            quotient = a[i] + sign * a[order + 1 - i] - sign * quotient
            both[which, half - i] = quotient
        for i in range(1, half + 1):
            both[which, i] *= 2.0


@part_of_loops
def _chebyshev_of_all(series, x, values):
    """Return `_chebyshev` of each x, which is faster side by side."""
    one, two = values[0], values[1]
    for j in range(len(x)):
        one[j] = two[j] = 0.0
    for i in range(len(series) - 1, 0, -1):
        term = series[i]
        for j in range(len(x)):
            two[j] = 2 * x[j] * one[j] - two[j] + term
        one, two = two, one
    for j in range(len(x)):
        two[j] = x[j] * one[j] - two[j] + series[0]
    return two


@part_of_loops
def _chebyshev(series, x):
    """Return the sum of series[i] T_i(x), by the Clenshaw recursion."""
    one, two = 0.0, 0.0
    for i in range(len(series) - 1, 0, -1):
        one, two = 2 * x * one - two + series[i], one
    return x * one - two + series[0]


@part_of_loops
def _bisect(series, high, low, value_at_high):
    for _ in range(_N_HALVINGS):
        middle = 0.5 * (high + low)
        if _chebyshev(series, middle) * value_at_high > 0:
            high = middle
        else:
            low = middle
    return 0.5 * (high + low)
