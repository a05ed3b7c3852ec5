"""Onsets: levels in Bark bands, onset curve, events and their attacks."""

import itertools
from typing import NamedTuple

import numpy as np
import scipy.ndimage
import scipy.signal

from ._spectral import hann, stft

# Frames of 23 ms with a hop of 11.6 ms at 22,050 Hz: attacks are shorter than the other frames.
N_FFT = 512
HOP = 256

# Zwicker's critical bands, in Hz.
_EDGES = (0, 100, 200, 300, 400, 510, 630, 770, 920, 1080, 1270, 1480, 1720, 2000, 2320, 2700)
_EDGES += (3150, 3700, 4400, 5300, 6400, 7700, 9500)
N_BANDS = len(_EDGES) - 1

_RANGE = 60.0  # dB below the loudest band of the clip; the rest is silence
_FLOOR = 10 ** (-_RANGE / 20)
_SMOOTH = 5  # frames, length of the Hann window that smooths curves
_EVENT_CONTRAST = 0.1  # smallest rise of an event, relative to the maximum
_MINIMUM_GAP = 0.05  # s between events

#: Factors of magnitudes before the logarithm. Soft notes have onsets like loud ones with the first;
#: accents of the beat remain with the second.
OF_NOTES, OF_BEATS = 300.0, 30.0
_FLUX_SECONDS = 0.032  # between the spectra that are compared
_WIDER = (0, 48, 80, 112)  # bins from which one more neighbour on each side counts: 50 cents
_BLOCK = 128  # frames
_PEAK_SECONDS = 0.045  # onsets are maxima within this time before and after
_MEAN_SECONDS, _MASK_SECONDS = 0.1, 1.0  # before and after an onset
_LEAST_RISE = 0.1  # dB above the mean
_LEAST_SHARE = 0.1  # of the largest within a second, so that vibrato of loud notes does not count


def brief_power(waveform):
    """Return the power spectra of frames of 512 samples with a hop of 256 (257, n_frames)."""
    return np.abs(stft(waveform, N_FFT, HOP)) ** 2


def bark_power(power, sample_rate):
    """Return the power in 22 Bark bands, weighted by the transmission of the outer ear.

    Parameters
    ----------
    power : ndarray of shape (257, n_frames)
    sample_rate : int
        In Hz.

    Returns
    -------
    ndarray of shape (22, n_frames), float64
        Bands above half the sample rate are 0.
    """
    frequencies = np.fft.rfftfreq(N_FFT, 1 / sample_rate)
    band = np.searchsorted(_EDGES, frequencies, side="right") - 1
    # Bin 0 is a constant offset, which is inaudible.
    bands = (band == np.arange(N_BANDS)[:, None]) & (frequencies > 0)
    return (bands * _outer_ear(frequencies)) @ power.astype(np.float64)


def _outer_ear(frequencies):
    """Return the transmission of power to the inner ear (Terhardt 1979)."""
    kilohertz = np.maximum(frequencies, 20.0) / 1000
    decibels = -3.64 * kilohertz**-0.8 + 6.5 * np.exp(-0.6 * (kilohertz - 3.3) ** 2)
    return 10 ** ((decibels - 1e-3 * kilohertz**4) / 10)


def bark_levels(power):
    """Return levels in dB above the floor of the clip, 60 dB below its loudest band.

    Parameters
    ----------
    power : ndarray of shape (n_bands, n_frames)

    Returns
    -------
    ndarray of the same shape
        Levels from 0 to 60; all 0 for silence.
    """
    loudest = power.max(initial=0)
    if not loudest > 0:
        return np.zeros_like(power)
    return np.maximum(10 * np.log10(np.maximum(power / loudest, 1e-30)) + _RANGE, 0)


def onset_curve(levels):
    """Return the mean increase of the levels of bands in dB per frame.

    Parameters
    ----------
    levels : ndarray of shape (n_bands, n_frames)

    Returns
    -------
    ndarray of shape (n_frames,)
        Onset curve, smoothed over 5 frames and not negative.
    """
    return smooth(np.maximum(np.diff(levels, axis=1, prepend=levels[:, :1]), 0).mean(axis=0))


def loudest_around(power):
    """Return the largest power within 50 cents of each bin.

    Parameters
    ----------
    power : ndarray of shape (n_bins, n_frames)

    Returns
    -------
    ndarray of the same shape
    """
    result = np.empty_like(power)
    # Blocks that fit into the cache of the processor.
    for start in range(0, power.shape[1], _BLOCK):
        block = power[:, start : start + _BLOCK].copy(order="K")
        for wider in _WIDER:
            part = block[wider:].copy(order="K")
            np.maximum(block[wider + 1 :], part[:-1], out=block[wider + 1 :])
            np.maximum(block[wider:-1], part[1:], out=block[wider:-1])
        result[:, start : start + _BLOCK] = block
    return result


def flux(power, around, factor, frame_rate):
    """Return the mean increase of levels in dB within 32 ms.

    The levels are those of logarithmically compressed magnitudes: from 0 for silence to
    20 log10(1 + factor) for the largest. Each bin is compared with the largest of itself and its
    neighbours within 50 cents, so that vibrato is no increase.

    Parameters
    ----------
    power : ndarray of shape (n_bins, n_frames)
    around : ndarray of shape (n_bins, n_frames)
        That of `loudest_around`.
    factor : float
        Factor of magnitudes relative to the largest.
    frame_rate : float
        Frames per second.

    Returns
    -------
    ndarray of shape (n_frames,)

    References
    ----------
    Boeck and Widmer, "Maximum filter vibrato suppression for onset detection", DAFx 2013.
    """
    n_frames = power.shape[1]
    lag = max(1, round(_FLUX_SECONDS * frame_rate))
    rise = np.zeros(n_frames)
    loudest = power.max(initial=0)
    if not loudest > 0:
        return rise
    for start in range(lag, n_frames, _BLOCK):
        stop = min(start + _BLOCK, n_frames)
        now = np.log1p(factor * np.sqrt(power[:, start:stop] / loudest))
        before = np.log1p(factor * np.sqrt(around[:, start - lag : stop - lag] / loudest))
        rise[start:stop] = np.maximum(now - before, 0).mean(axis=0, dtype=np.float64)
    return 20 / np.log(10) * rise


def find_onsets(flux, frame_rate):
    """Return the frames of onsets (n_onsets,): prominent maxima of the flux.

    Parameters
    ----------
    flux : ndarray of shape (n_frames,)
    frame_rate : float
        Frames per second.
    """

    def around(seconds):
        return 2 * max(1, round(seconds * frame_rate)) + 1

    least = scipy.ndimage.uniform_filter1d(flux, around(_MEAN_SECONDS)) + _LEAST_RISE
    least += _LEAST_SHARE * scipy.ndimage.maximum_filter1d(flux, around(_MASK_SECONDS))
    highest = scipy.ndimage.maximum_filter1d(flux, around(_PEAK_SECONDS))
    return np.flatnonzero((flux == highest) & (flux >= least))


def smooth(curve, n_window=_SMOOTH):
    """Return the moving average of a curve with a Hann window."""
    window = hann(n_window + 1)[1:]
    return np.convolve(curve, window / window.sum(), mode="same")[: len(curve)]


def envelope(power):
    """Return the amplitude relative to its maximum.

    Parameters
    ----------
    power : ndarray of shape (n_bands, n_frames)

    Returns
    -------
    ndarray of shape (n_frames,)
        Envelope from 0 to 1; all 0 for silence.
    """
    curve = smooth(np.sqrt(power.sum(axis=0)))
    return curve / (curve.max(initial=0) or 1)


class Events(NamedTuple):
    """Rises of the envelope to a peak, sorted by time, with times in frames."""

    start: np.ndarray  # time of a tenth of the rise
    end: np.ndarray  # time of nine tenths of the rise, since peaks may be flat
    leap: np.ndarray  # height of the rise in dB


def find_events(envelope, frame_rate):
    """Return the prominent rises of the envelope.

    Parameters
    ----------
    envelope : ndarray of shape (n_frames,)
        Between 0 and 1.
    frame_rate : float
        Frames per second.

    Returns
    -------
    Events
    """
    gap = max(1, round(_MINIMUM_GAP * frame_rate))
    # Padded, since clips can start and end with an event. Values below the floor are ignored.
    curve = np.pad(np.maximum(envelope, _FLOOR), 1, constant_values=_FLOOR)
    peaks, _ = scipy.signal.find_peaks(curve, prominence=_EVENT_CONTRAST, distance=gap)
    rises = [_rise(curve, *pair) for pair in itertools.pairwise([0, *peaks])]
    start, end, leap = np.array(rises).reshape(-1, 3).T
    return Events(start - 1, end - 1, leap)


def _rise(curve, previous, peak):
    """Return start, end and leap of the rise to a peak from the minimum after the previous one."""
    segment = curve[previous : peak + 1]
    foot = previous + len(segment) - 1 - int(np.argmin(segment[::-1]))
    low, high = curve[foot], curve[peak]
    rise = np.maximum.accumulate(curve[foot : peak + 1])
    frames = np.arange(foot, peak + 1)
    start, end = np.interp([low + 0.1 * (high - low), low + 0.9 * (high - low)], rise, frames)
    return start, end, 20 * np.log10(high / low)
