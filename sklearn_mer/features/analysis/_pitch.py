"""Fundamental frequencies of the simultaneous voices of each frame."""

from typing import NamedTuple

import numba
import numpy as np

#: Maximal number of voices per frame.
N_VOICES = 8

_LOWEST = 3300.0  # cents of MIDI notes: A1, 55 Hz
_HIGHEST = 9300.0  # A6, 1760 Hz
_STEP = 20.0
_N_BINS = 301
_N_HARMONICS = 10
_DECAY = 0.8  # weight of a harmonic relative to the one below
_TOLERANCE = 60.0  # cents between a harmonic and its peak
_KEPT = 0.05  # share of the peaks of a voice that is left for other voices
_MIN_DISTANCE = 3  # steps between voices
_MIN_SALIENCE = 0.6  # of a voice
_MIN_SALIENCE_SHARE = 0.1  # relative to the strongest voice of the frame

_HARMONIC_CENTS = 1200 * np.log2(np.arange(1, _N_HARMONICS + 1))
_HARMONIC_WEIGHTS = _DECAY ** np.arange(_N_HARMONICS)


class Voices(NamedTuple):
    """Voices of all frames, the strongest first."""

    #: (n_frames,)
    count: np.ndarray
    #: (n_frames, N_VOICES): fundamental frequency, in cents of MIDI notes (6000 is C4).
    cents: np.ndarray
    #: (n_frames, N_VOICES): sum of the prominence of the harmonics.
    salience: np.ndarray
    #: (n_frames, N_VOICES): magnitude of all harmonics.
    magnitude: np.ndarray


def find_voices(peaks):
    """Return the voices that explain the peaks.

    The strongest candidate of a harmonic sum over the peaks is selected and its harmonics are
    attenuated, until the salience of the next candidate is too small.

    References
    ----------
    Klapuri, "Multiple fundamental frequency estimation by summing harmonic amplitudes",
    ISMIR 2006. Salamon and Gomez, "Melody extraction from polyphonic music signals using pitch
    contour characteristics", IEEE Transactions on Audio, Speech and Language Processing, 2012.
    """
    return Voices(*_find_voices(peaks.count, peaks.cents, peaks.magnitude, peaks.prominence))


@numba.njit(nogil=True, cache=True)
def _find_voices(count, cents, magnitude, prominence):
    n_frames = len(count)
    n_voices = np.zeros(n_frames, dtype=np.int64)
    found = np.zeros((3, n_frames, N_VOICES))
    salience = np.zeros(_N_BINS)
    free = np.ones(_N_BINS, dtype=np.bool_)
    for frame in range(n_frames):
        n = count[frame]
        at, heights, weights = cents[frame, :n], magnitude[frame, :n], prominence[frame, :n].copy()
        salience[:] = 0.0
        free[:] = True
        for peak in range(n):
            _add(salience, at[peak], weights[peak])
        least = max(_MIN_SALIENCE, _MIN_SALIENCE_SHARE * salience.max())
        while n_voices[frame] < N_VOICES:
            best = _largest(salience, free)
            if best < 0 or salience[best] < least:
                break
            voice = _fit(_LOWEST + best * _STEP, at, heights, weights)
            if voice[0] > 0:
                found[0, frame, n_voices[frame]] = voice[0]
                found[1, frame, n_voices[frame]] = salience[best]
                found[2, frame, n_voices[frame]] = voice[1]
                n_voices[frame] += 1
                _attenuate(_LOWEST + best * _STEP, at, weights, salience)
            for i in range(max(0, best - _MIN_DISTANCE), min(_N_BINS, best + _MIN_DISTANCE + 1)):
                free[i] = False
    return n_voices, found[0], found[1], found[2]


@numba.njit(nogil=True, cache=True)
def _largest(salience, free):
    best = -1
    for i in range(_N_BINS):
        if free[i] and (best < 0 or salience[i] > salience[best]):
            best = i
    return best


@numba.njit(nogil=True, cache=True)
def _add(salience, at, weight):
    """Add the salience of a peak to the fundamentals of which it may be a harmonic."""
    for harmonic in range(_N_HARMONICS):
        centre = at - _HARMONIC_CENTS[harmonic] - _LOWEST
        if centre < -_TOLERANCE:
            return
        first = max(0, int(np.ceil((centre - _TOLERANCE) / _STEP)))
        last = min(_N_BINS - 1, int(np.floor((centre + _TOLERANCE) / _STEP)))
        for i in range(first, last + 1):
            nearness = np.cos(0.5 * np.pi * (i * _STEP - centre) / _TOLERANCE) ** 2
            salience[i] += weight * _HARMONIC_WEIGHTS[harmonic] * nearness


@numba.njit(nogil=True, cache=True)
def _fit(candidate, at, heights, weights):
    """Return the best fundamental of the harmonics (0 for none), and their magnitude."""
    total = summed = power = 0.0
    n_low = 0
    has_first = False
    for harmonic in range(_N_HARMONICS):
        target = candidate + _HARMONIC_CENTS[harmonic]
        nearest = -1
        for peak in range(len(at)):
            distance = abs(at[peak] - target)
            if distance < _TOLERANCE and (nearest < 0 or weights[peak] > weights[nearest]):
                nearest = peak
        if nearest < 0:
            continue
        has_first = has_first or harmonic == 0
        n_low += harmonic in (1, 2)
        # The same error in bins is smaller in cents at higher harmonics.
        weight = weights[nearest] * _HARMONIC_WEIGHTS[harmonic] * (harmonic + 1)
        total += weight
        summed += weight * (at[nearest] - _HARMONIC_CENTS[harmonic])
        power += heights[nearest] ** 2
    # A voice needs its first harmonic or the next two, to avoid subharmonics of chords.
    if total == 0 or not (has_first or n_low == 2):
        return 0.0, 0.0
    return summed / total, np.sqrt(power)


@numba.njit(nogil=True, cache=True)
def _attenuate(candidate, at, weights, salience):
    """Attenuate the harmonics of a selected voice."""
    for harmonic in range(_N_HARMONICS):
        target = candidate + _HARMONIC_CENTS[harmonic]
        for peak in range(len(at)):
            if abs(at[peak] - target) < _TOLERANCE:
                _add(salience, at[peak], (_KEPT - 1) * weights[peak])
                weights[peak] *= _KEPT
