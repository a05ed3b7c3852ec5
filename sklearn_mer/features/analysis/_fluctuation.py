"""Fluctuation patterns: modulations of the levels in bands."""

import numpy as np
import scipy.fft

FASTEST = 10.0  # Hz
_RESOLUTION = 0.01  # Hz
_USUAL = 30.0  # seconds


def fluctuation(levels, frame_rate, seconds=_USUAL):
    """Return the strength of the modulations of each band's level (Pampalk et al. 2002).

    Parameters
    ----------
    levels : ndarray of shape (n_bands, n_frames)
        Levels in dB; silence is 0.
    frame_rate : float
        Frames per second.
    seconds : float, default=30.0
        Duration of the clip.

    Returns
    -------
    hertz : ndarray of shape (n_rates,)
        Modulation rates from 0 to 10 Hz.
    strength : ndarray of shape (n_bands, n_rates)
        Amplitudes in dB, weighted by the perceived strength: largest at 4 Hz, zero at 0 Hz.

    Notes
    -----
    The amplitudes of irregular modulations fall with the square root of the duration. Those of
    clips shorter than 30 s are reduced to what they are in 30 s, so that clips can be compared.
    """
    n_fft = scipy.fft.next_fast_len(
        max(levels.shape[1], round(frame_rate / _RESOLUTION)), real=True
    )
    hertz = np.fft.rfftfreq(n_fft, 1 / frame_rate)
    perceived = hertz <= FASTEST
    hertz = hertz[perceived]
    amplitude = np.abs(scipy.fft.rfft(levels, n_fft)[:, perceived]) / levels.shape[1]
    # Model of fluctuation strength by Fastl (1982).
    weight = np.where(hertz > 0, 2 * hertz / (hertz**2 / 4 + 4), 0)
    return hertz, amplitude * (weight * np.sqrt(min(1.0, seconds / _USUAL)))


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
    # argmax of NaN is 0: adding the centroid makes the peak NaN too.
    return np.array([hertz[np.argmax(strength)] + 0 * centroid, centroid, spread])


def entropy(strength):
    """Return the entropy of the shares of rates; 1 if all are equal, NaN without fluctuation."""
    share = strength / (strength.sum() or np.nan)
    return -(share * np.log(share + 1e-30)).sum() / np.log(len(share))


def rates_of(rows, fluctuation):
    """Return the mean strength of some bands at the rates from 0-1 Hz to 9-10 Hz.

    Parameters
    ----------
    rows : sequence of slice
        Slices of bands.
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
