"""Sounds for the samplers, and what is measured of their copies."""

import librosa
import numpy as np

from sklearn_mer.augmentation import BandStop, Compose, TimeMask

RATE = 16000


def sine(frequency, seconds=4.0):
    return np.sin(2 * np.pi * frequency * np.arange(round(seconds * RATE)) / RATE, dtype=np.float32)


def rms(waveform):
    return np.sqrt(np.mean(np.square(waveform, dtype=np.float64)))


def peak_frequency(waveform):
    spectrum = np.abs(np.fft.rfft(waveform * np.hanning(len(waveform))))
    return spectrum.argmax() * RATE / len(waveform)


def click_track(seconds):
    """Clicks at 120 beats a minute."""
    return librosa.clicks(
        times=np.arange(0.25, seconds, 0.5), sr=RATE, length=round(seconds * RATE)
    ).astype(np.float32)


def click_interval(waveform):
    """Median time between onsets, in seconds."""
    onsets = librosa.onset.onset_detect(y=waveform, sr=RATE, hop_length=64, units="time")
    assert len(onsets) > 4
    return np.median(np.diff(onsets))


def compose(**params):
    steps = [("mask", TimeMask()), ("stop", BandStop())]
    return Compose(steps=steps, **{"random_state": 0, **params})


def noise(seconds=4.0):
    return np.random.default_rng(0).normal(size=round(seconds * RATE)).astype(np.float32)


def level(waveform):
    """Root mean square of the second half, where filters have settled, in dB."""
    half = waveform[len(waveform) // 2 :].astype(np.float64)
    return 10 * np.log10(np.mean(half**2) + 1e-30)
