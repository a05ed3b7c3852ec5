"""Fluctuation patterns: how fast the levels of the bands rise and fall."""

import numpy as np
import scipy.fft

FASTEST = 10.0  # Hz
_RESOLUTION = 0.01  # Hz


def fluctuation(levels, frame_rate):
    """Return the strength of the modulations of each band's level (Pampalk et al. 2002).

    Parameters
    ----------
    levels : ndarray of shape (n_bands, n_frames)
        In dB; silence is 0.
    frame_rate : float
        Frames a second.

    Returns
    -------
    hertz : ndarray of shape (n_rates,)
        From 0 to 10.
    strength : ndarray of shape (n_bands, n_rates)
        Amplitudes in dB, weighted by how strongly we feel them: most at 4 Hz, not at all at 0.
    """
    n_fft = scipy.fft.next_fast_len(
        max(levels.shape[1], round(frame_rate / _RESOLUTION)), real=True
    )
    hertz = np.fft.rfftfreq(n_fft, 1 / frame_rate)
    heard = hertz <= FASTEST
    hertz = hertz[heard]
    amplitude = np.abs(scipy.fft.rfft(levels, n_fft)[:, heard]) / levels.shape[1]
    # Fastl's (1982) model of fluctuation strength.
    weight = np.where(hertz > 0, 2 * hertz / (hertz**2 / 4 + 4), 0)
    return hertz, amplitude * weight


def summed(fluctuation):
    """Return the rates, and their strengths summed over bands."""
    hertz, strength = fluctuation
    return hertz, strength.sum(axis=0)


def shape(hertz, strength):
    """Return peak, centroid and spread of a fluctuation spectrum, in Hz.

    Parameters
    ----------
    hertz, strength : ndarray of shape (n_rates,)

    Returns
    -------
    ndarray of shape (3,)
        NaN without fluctuation.
    """
    share = strength / (strength.sum() or np.nan)
    centroid = share @ hertz
    spread = np.sqrt(share @ (hertz - centroid) ** 2)
    # An argmax of NaN is 0: the sum keeps it from being taken for a rate.
    return np.array([hertz[np.argmax(strength)] + 0 * centroid, centroid, spread])


def entropy(strength):
    """Return the entropy of the shares of each rate, 1 where all are alike; NaN without any."""
    share = strength / (strength.sum() or np.nan)
    return -(share * np.log(share + 1e-30)).sum() / np.log(len(share))


def rates_of(rows, fluctuation):
    """Return the mean strength of some bands at the rates from 0-1 Hz to 9-10 Hz.

    Parameters
    ----------
    rows : sequence of slice
        Of bands.
    fluctuation : tuple of ndarray
        Rates (n_rates,), and strengths (n_bands, n_rates).

    Returns
    -------
    ndarray of shape (n_rows, 10)
    """
    hertz, strength = fluctuation
    whole = np.minimum(hertz, FASTEST - 1).astype(int)
    counts = np.bincount(whole, minlength=int(FASTEST))
    return np.array([np.bincount(whole, strength[row].mean(axis=0)) / counts for row in rows])


def rates(hertz, strength):
    """Return the shares of the ten rates from 0-1 Hz to 9-10 Hz.

    Parameters
    ----------
    hertz, strength : ndarray of shape (n_rates,)

    Returns
    -------
    ndarray of shape (10,)
        NaN without fluctuation.
    """
    whole = np.minimum(hertz, FASTEST - 1).astype(int)
    return np.bincount(whole, strength, minlength=int(FASTEST)) / (strength.sum() or np.nan)
