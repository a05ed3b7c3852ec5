"""Fundamental frequencies of the simultaneous voices of each frame."""

from typing import NamedTuple

import numpy as np

from ._compiled import compiled, part_of_loops

#: Maximal number of voices per frame.
N_VOICES = 8

_LOWEST = 3300.0  # cents of MIDI notes: A1, 55 Hz
_HIGHEST = 9300.0  # A6, 1760 Hz
_STEP = 20.0
_N_BINS = 301
_N_HARMONICS = 10
_DECAY = 0.8  # weight of a harmonic relative to the one below
_TOLERANCE = 50.0  # cents between a harmonic and its peak
_KEPT = 0.1  # share of the peaks of a voice that is left for other voices
_MIN_DISTANCE = 3  # steps between voices
_COMPRESSION = 0.4  # exponent of magnitudes, so that loud voices do not mask soft ones
_MIN_LEVEL = 10 ** (-40 / 20)  # of the peaks of voices, relative to the largest peak of the clip
_MIN_STRENGTH = 0.3  # of a voice, relative to the strongest of the frame
_MIN_SALIENCE = 0.6

_HARMONIC_CENTS = 1200 * np.log2(np.arange(1, _N_HARMONICS + 1))
_HARMONIC_WEIGHTS = _DECAY ** np.arange(_N_HARMONICS)
# The nearness of a bin to a peak, (1 + cos(phase of the bin - phase of the peak)) / 2: a turn takes
# five bins, and sums of angles save a cosine for each bin of each harmonic of each peak.
_N_TURN = 5
_PHASES = 2 * np.pi / _N_TURN * (np.arange(_N_TURN) + _HARMONIC_CENTS[:, None] / _STEP)
_COSINES, _SINES = np.cos(_PHASES), np.sin(_PHASES)


class Voices(NamedTuple):
    """Voices of all frames, the strongest first."""

    #: (n_frames,)
    count: np.ndarray
    #: (n_frames, N_VOICES): fundamental frequency, in cents of MIDI notes (6000 is C4).
    cents: np.ndarray
    #: (n_frames, N_VOICES): sum of the prominence of the harmonics.
    salience: np.ndarray
    #: (n_frames, N_VOICES): magnitude of the harmonics.
    magnitude: np.ndarray
    #: (n_frames, N_VOICES): sum of the compressed magnitudes of the harmonics.
    strength: np.ndarray


def find_voices(peaks):
    """Return the voices that explain the peaks.

    The strongest candidate of a harmonic sum over the compressed magnitudes of the peaks is
    selected and all its partials are attenuated, until the next candidate is too weak.

    References
    ----------
    Klapuri, "Multiple fundamental frequency estimation by summing harmonic amplitudes",
    ISMIR 2006. Salamon and Gomez, "Melody extraction from polyphonic music signals using pitch
    contour characteristics", IEEE Transactions on Audio, Speech and Language Processing, 2012.
    """
    largest = peaks.magnitude.max(axis=1, keepdims=True, initial=1e-30)
    weights = (peaks.magnitude / largest) ** _COMPRESSION
    weights[peaks.magnitude < _MIN_LEVEL * largest.max(initial=0)] = 0
    count = np.zeros(len(weights), dtype=np.int64)
    found = np.zeros((4, len(weights), N_VOICES))
    strength, free = np.zeros(_N_BINS), np.ones(_N_BINS, dtype=bool)
    given = peaks.cents, peaks.magnitude, weights, peaks.prominence
    _find_voices(peaks.count, *given, strength, free, count, found)
    return Voices(count, *found)


@compiled
def _find_voices(count, cents, magnitude, weight, prominence, strength, free, n_voices, found):
    """Write the number of voices, and their pitch, salience, magnitude and strength to `found`."""
    for frame in range(len(count)):
        n = count[frame]
        at, weights = cents[frame, :n], weight[frame, :n]
        for i in range(_N_BINS):
            strength[i] = 0.0
            free[i] = True
        for peak in range(n):
            _add(strength, at[peak], weights[peak])
        best = _largest(strength, free)
        least = _MIN_STRENGTH * strength[best]
        while n_voices[frame] < N_VOICES:
            best = _largest(strength, free)
            if best < 0 or strength[best] <= 0 or strength[best] < least:
                break
            cents_of, salience, power = _fit(
                _LOWEST + best * _STEP, at, magnitude[frame], weights, prominence[frame]
            )
            if salience >= _MIN_SALIENCE:
                voice = n_voices[frame]
                found[0, frame, voice] = cents_of
                found[1, frame, voice] = salience
                found[2, frame, voice] = np.sqrt(power)
                found[3, frame, voice] = strength[best]
                n_voices[frame] += 1
            if salience > 0:
                _attenuate(cents_of, at, weights, strength)
            for i in range(max(0, best - _MIN_DISTANCE), min(_N_BINS, best + _MIN_DISTANCE + 1)):
                free[i] = False


@part_of_loops
def _largest(strength, free):
    best = -1
    for i in range(_N_BINS):
        if free[i] and (best < 0 or strength[i] > strength[best]):
            best = i
    return best


@part_of_loops
def _add(strength, at, weight):
    """Add the weight of a peak to the fundamentals of which it may be a harmonic."""
    if weight == 0:
        return
    phase = np.pi / _TOLERANCE * (at - _LOWEST)
    cosine, sine = np.cos(phase), np.sin(phase)
    for harmonic in range(_N_HARMONICS):
        centre = at - _HARMONIC_CENTS[harmonic] - _LOWEST
        if centre < -_TOLERANCE:
            return
        first = max(0, int(np.ceil((centre - _TOLERANCE) / _STEP)))
        last = min(_N_BINS - 1, int(np.floor((centre + _TOLERANCE) / _STEP)))
        for i in range(first, last + 1):
            turn = i % _N_TURN
            nearness = _COSINES[harmonic, turn] * cosine + _SINES[harmonic, turn] * sine
            strength[i] += weight * _HARMONIC_WEIGHTS[harmonic] * (0.5 + 0.5 * nearness)


@part_of_loops
def _fit(candidate, at, magnitude, weights, prominence):
    """Return the best fundamental of the harmonics, their salience (0 for none) and power."""
    total = summed = power = salience = 0.0
    n_low = 0
    has_first = False
    peak = 0
    for harmonic in range(_N_HARMONICS):
        target = candidate + _HARMONIC_CENTS[harmonic]
        nearest = -1
        while peak < len(at) and at[peak] < target + _TOLERANCE:
            if at[peak] > target - _TOLERANCE and (nearest < 0 or weights[peak] > weights[nearest]):
                nearest = peak
            peak += 1
        if nearest < 0 or weights[nearest] == 0:
            continue
        has_first = has_first or harmonic == 0
        n_low += harmonic in (1, 2)
        # The same error in bins is smaller in cents at higher harmonics.
        weight = weights[nearest] * _HARMONIC_WEIGHTS[harmonic] * (harmonic + 1)
        total += weight
        summed += weight * (at[nearest] - _HARMONIC_CENTS[harmonic])
        power += magnitude[nearest] ** 2
        salience += prominence[nearest] * _HARMONIC_WEIGHTS[harmonic]
    # A voice needs its first harmonic or the next two, to avoid subharmonics of chords.
    if total == 0 or not (has_first or n_low == 2):
        return 0.0, 0.0, 0.0
    return summed / total, salience, power


@part_of_loops
def _attenuate(fundamental, at, weights, strength):
    """Attenuate all partials of a voice, also those above the highest harmonic of the sum."""
    for peak in range(len(at)):
        ratio = np.exp2((at[peak] - fundamental) / 1200)
        nearest = max(1.0, np.round(ratio))
        if abs(np.log2(ratio / nearest)) < _TOLERANCE / 1200:
            _add(strength, at[peak], (_KEPT - 1) * weights[peak])
            weights[peak] *= _KEPT
