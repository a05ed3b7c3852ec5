"""A small additive synthesiser: scores to waveforms, in numpy."""

from functools import cache
from typing import NamedTuple

import numpy as np

N_HARMONICS = 16
TABLE_SIZE = 2048
#: Seconds faded at both ends of a clip: a cut in the middle of a wave would click.
EDGE_FADE = 0.005


class Timbre(NamedTuple):
    """How an artist sounds: what makes clips of one artist alike.

    Parameters
    ----------
    slope : float
        Added to the exponent with which harmonics fall off.
    even : float
        Weight of the even harmonics (small: clarinet-like).
    formant : float
        Number of the harmonic around which the spectrum is raised.
    attack : float
        Factor on attack times.
    floor : float
        Level of the background noise, dB relative to the clip's peak.
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
    """Play a score.

    Parameters
    ----------
    score : Score
        What `compose` wrote.
    parameters : dict
        One row of the ``parameters`` table of `make_quadrant_clips`.
    timbre : Timbre
        The artist's sound.
    n_samples : int
        Length of the result.
    sample_rate : int
        Samples a second.
    rng : numpy.random.Generator
        Source of the noises.

    Returns
    -------
    ndarray of shape (n_samples,)
        float32 in [-1, 1]; the peak is ``parameters["loudness"]`` dB re full scale.
    """
    tables = wave_tables(timbre, parameters["brightness"])
    tones = np.zeros(n_samples)
    for note in (*score.chords, *score.melody, *score.bass):
        _add_note(tones, note, tables, parameters["articulation"], timbre.attack, sample_rate)
    tones = _distort(_to_peak(tones), parameters["roughness"])
    drums = _play_drums(score.drums, n_samples, sample_rate, rng)
    mix = _to_peak(tones + parameters["percussion"] * drums)
    mix += 10 ** (timbre.floor / 20) * rng.standard_normal(n_samples)
    return _master(mix, parameters["loudness"], sample_rate)


def wave_tables(timbre, brightness):
    """One period of the instrument's wave, for every number of harmonics that fits.

    Returns
    -------
    ndarray of shape (16, 2049)
        Row k holds harmonics 1 to k + 1, with unit power and the first sample repeated at the
        end. A note takes the last row that stays below half the sample rate: no aliases.
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
    # Spread phases: in phase, the harmonics would add up to one spike a period.
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
    # Blended, so that the melody still stands out of a rough clip.
    return (1 - roughness) * tones + roughness * np.tanh(8 * roughness * tones)


def _play_drums(strokes, n_samples, sample_rate, rng):
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
    # A kick is a sine that falls from 150 to 50 Hz: the integral of its frequency is its phase.
    sweep = 2 * np.pi * (50 * time + 100 * 0.03 * (1 - np.exp(-time / 0.03)))
    # The last samples are faded: exponentials do not reach zero.
    fall = np.minimum((time[-1] - time) / 0.02, 1)
    return {
        "kick": 0.9 * rise * fall * np.exp(-time / 0.05) * np.sin(sweep),
        "snare": 0.25 * rise * fall * np.exp(-time / 0.04) * noise,
        # The difference of neighbours removes the low end.
        "hat": 0.12 * rise * fall * np.exp(-time / 0.015) * np.diff(noise, prepend=0),
    }


def _master(mix, loudness, sample_rate):
    # Loud clips are squeezed more: loudness leaves a trace when clips are peak-normalised.
    drive = np.interp(loudness, [-24, -1], [0.1, 2.5])
    wave = np.tanh(drive * mix)
    wave -= wave.mean()
    n_fade = int(EDGE_FADE * sample_rate)
    fade = np.linspace(0, 1, n_fade, endpoint=False)
    wave[:n_fade] *= fade
    wave[-n_fade:] *= fade[::-1]
    return (10 ** (loudness / 20) * _to_peak(wave)).astype(np.float32)


def _to_peak(wave):
    return wave / np.abs(wave).max()
