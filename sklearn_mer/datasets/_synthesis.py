"""Additive synthesis of scores as waveforms."""

from functools import cache
from typing import NamedTuple

import numpy as np

N_HARMONICS = 16
TABLE_SIZE = 2048
#: Fade in seconds at both ends of a clip, which prevents clicks.
EDGE_FADE = 0.005


class Timbre(NamedTuple):
    """Timbre shared by the clips of an artist.

    Parameters
    ----------
    slope : float
        Added to the exponent of the decay of harmonics.
    even : float
        Weight of the even harmonics; a small one sounds like a clarinet.
    formant : float
        Number of the harmonic around which the spectrum is amplified.
    attack : float
        Factor of the attack times.
    floor : float
        Level of the background noise in dB relative to the peak of the clip.
    """

    slope: float
    even: float
    formant: float
    attack: float
    floor: float


def draw_timbre(rng):
    """Draw the timbre of an artist."""
    return Timbre(
        slope=rng.normal(0, 0.2),
        even=rng.uniform(0.3, 1),
        formant=rng.uniform(2, 8),
        attack=rng.uniform(0.7, 1.5),
        floor=rng.uniform(-70, -55),
    )


def synthesise(score, parameters, timbre, n_samples, sample_rate, rng):
    """Synthesise a score.

    Parameters
    ----------
    score : Score
        Score from `compose`.
    parameters : dict
        Row of the table ``parameters`` of `make_quadrant_clips`.
    timbre : Timbre
        Timbre of the artist.
    n_samples : int
        Length of the result.
    sample_rate : int
        Sample rate in Hz.
    rng : numpy.random.Generator
        Source of the noise.

    Returns
    -------
    ndarray of shape (n_samples,), float32
        Waveform from -1 to 1 with a peak of ``parameters["loudness"]`` dB relative to full scale.
    """
    tables = wave_tables(timbre, parameters["brightness"])
    tones = np.zeros(n_samples)
    for note in (*score.chords, *score.melody, *score.bass):
        _add_note(tones, note, tables, parameters["articulation"], timbre.attack, sample_rate)
    tones = _distort(_to_peak(tones), parameters["roughness"])
    drums = _synthesise_drums(score.drums, n_samples, sample_rate, rng)
    mix = _to_peak(tones + parameters["percussion"] * drums)
    mix += 10 ** (timbre.floor / 20) * rng.standard_normal(n_samples)
    return _master(mix, parameters["loudness"], sample_rate)


def wave_tables(timbre, brightness):
    """Return one period of the wave of an instrument, for each number of harmonics.

    Returns
    -------
    ndarray of shape (16, 2049)
        Row k has harmonics 1 to k + 1, with unit power and the first sample repeated at the end.
        Each note uses the last row below half the sample rate, which avoids aliasing.
    """
    order = np.arange(1, N_HARMONICS + 1)
    weights = order ** -(2.2 - 1.4 * brightness + timbre.slope)
    weights *= np.where(order % 2 == 0, timbre.even, 1)
    weights *= 1 + np.exp(-0.5 * ((order - timbre.formant) / 1.5) ** 2)
    power = np.sqrt(np.cumsum(weights**2) / 2)
    return np.cumsum(weights[:, None] * _sines(), axis=0) / power[:, None]


@cache
def _sines():
    order = np.arange(1, N_HARMONICS + 1)
    # Different phases: harmonics in phase would add up to one spike per period.
    shift = np.pi * order * (order - 1) / N_HARMONICS
    return np.sin(
        2 * np.pi * np.outer(order, np.arange(TABLE_SIZE + 1)) / TABLE_SIZE - shift[:, None]
    )


def _add_note(out, note, tables, articulation, attack_factor, sample_rate):
    frequency = 440 * 2 ** ((note.pitch - 69) / 12)
    start = round(note.onset * sample_rate)
    release = 0.03 + 0.12 * articulation
    n = min(round((note.length + release) * sample_rate), len(out) - start)
    n_harmonics = min(int(0.49 * sample_rate / frequency), N_HARMONICS)
    if n <= 0 or n_harmonics == 0:
        return
    time = np.arange(n) / sample_rate
    attack = min(attack_factor * (0.004 + 0.05 * articulation**2), 0.5 * note.length)
    envelope = _adsr(time, attack, note.length, release, sustain=0.25 + 0.5 * articulation)
    out[start : start + n] += (
        note.velocity * envelope * _look_up(tables[n_harmonics - 1], frequency * time)
    )


def _adsr(time, attack, length, release, sustain):
    decay_end = attack + 0.5 * (length - attack)
    return np.interp(
        time, [0, attack, decay_end, length, length + release], [0, 1, sustain, sustain, 0]
    )


def _look_up(table, cycles):
    position = (cycles % 1) * TABLE_SIZE
    index = position.astype(np.intp)
    left = table[index]
    return left + (position - index) * (table[index + 1] - left)


def _distort(tones, roughness):
    # Mixed with the original, so that the melody remains audible.
    return (1 - roughness) * tones + roughness * np.tanh(8 * roughness * tones)


def _synthesise_drums(strokes, n_samples, sample_rate, rng):
    kit = _drum_kit(sample_rate, rng)
    out = np.zeros(n_samples)
    for onset, drum in strokes:
        start = round(onset * sample_rate)
        stop = min(start + len(kit[drum]), n_samples)
        if start < stop:
            out[start:stop] += kit[drum][: stop - start]
    return out


def _drum_kit(sample_rate, rng):
    time = np.arange(int(0.15 * sample_rate)) / sample_rate
    rise = np.minimum(time / 0.002, 1)
    noise = rng.standard_normal(len(time))
    # A sine that falls from 150 to 50 Hz; the phase is the integral of the frequency.
    sweep = 2 * np.pi * (50 * time + 100 * 0.03 * (1 - np.exp(-time / 0.03)))
    # Fade out, since exponentials do not reach zero.
    fall = np.minimum((time[-1] - time) / 0.02, 1)
    return {
        "kick": 0.9 * rise * fall * np.exp(-time / 0.05) * np.sin(sweep),
        "snare": 0.25 * rise * fall * np.exp(-time / 0.04) * noise,
        # The difference of adjacent samples removes low frequencies.
        "hat": 0.12 * rise * fall * np.exp(-time / 0.015) * np.diff(noise, prepend=0),
    }


def _master(mix, loudness, sample_rate):
    # Loud clips are compressed more, so that loudness is audible after peak normalisation.
    gain = np.interp(loudness, [-24, -1], [0.1, 2.5])
    wave = np.tanh(gain * mix)
    wave -= wave.mean()
    n_fade = int(EDGE_FADE * sample_rate)
    fade = np.linspace(0, 1, n_fade, endpoint=False)
    wave[:n_fade] *= fade
    wave[-n_fade:] *= fade[::-1]
    return (10 ** (loudness / 20) * _to_peak(wave)).astype(np.float32)


def _to_peak(wave):
    return wave / np.abs(wave).max()
