"""Sinusoidal peaks of the spectrum, and their prominence."""

from typing import NamedTuple

import numpy as np
import scipy.fft

from ._compiled import compiled
from ._spectral import HOP

#: Maximal number of peaks per frame.
N_PEAKS = 80

_WINDOW_SECONDS = 0.093
_HIGHEST = 5000.0  # Hz, for ten harmonics in the middle register
_LOWEST = 50.0
_RANGE = 10 ** (-50 / 20)  # relative to the largest peak of the frame
_CLIP_RANGE = 10 ** (-60 / 20)  # relative to the largest peak of the clip
_MIN_NEIGHBOUR = 1e-6  # minimum of the adjacent bins relative to a peak
# Half the width in Hz of the neighbourhood of a peak: two octaves above a low note, so that its
# harmonics do not fill the neighbourhood.
_NEIGHBOURHOOD = 220.0
# Peaks of white noise rarely exceed the mean of their neighbourhood by this factor.
_NOISE = 2.0


class Peaks(NamedTuple):
    """Peaks of all frames."""

    #: (n_frames,): number of peaks.
    count: np.ndarray
    #: (n_frames, N_PEAKS): frequency in cents of MIDI notes; 6000 is C4.
    cents: np.ndarray
    #: (n_frames, N_PEAKS): magnitude; 1 is a full-scale sinusoid.
    magnitude: np.ndarray
    #: (n_frames, N_PEAKS): logarithm of the height relative to the neighbourhood, positive.
    prominence: np.ndarray
    #: (n_frames,): power of the whole frame, in the unit of magnitude squared.
    power: np.ndarray
    #: Frames per second.
    frame_rate: float
    #: Length of the window in seconds.
    window: float


def find_peaks(waveform, sample_rate):
    """Return the peaks of frames of about 93 ms, at twice the frame rate of `Sound`."""
    n_fft = 2 ** round(np.log2(_WINDOW_SECONDS * sample_rate))
    hop = HOP // 2
    n_bins = min(n_fft // 2 - 1, int((_HIGHEST + 2 * _NEIGHBOURHOOD) / sample_rate * n_fft))
    magnitude = _spectra(waveform, n_fft, hop, n_bins)
    width = max(1, round(_NEIGHBOURHOOD / sample_rate * n_fft))
    count = np.zeros(len(magnitude), dtype=np.int64)
    found = np.zeros((3, len(magnitude), N_PEAKS))
    floor = _CLIP_RANGE * float(magnitude.max(initial=0.0))
    sums = np.zeros(n_bins + 1)
    _peaks(magnitude, floor, width, sample_rate / n_fft, sums, count, found)
    # With a Hann window, a sinusoid has three bins of height 1/2, 1 and 1/2.
    power = np.einsum("ij,ij->i", magnitude, magnitude, dtype=np.float64) / 1.5
    return Peaks(count, *found, power, frame_rate=sample_rate / hop, window=n_fft / sample_rate)


def _spectra(waveform, n_fft, hop, n_bins):
    padded = np.pad(waveform, (n_fft // 2, n_fft // 2), mode="reflect").astype(np.float32)
    frames = np.lib.stride_tricks.sliding_window_view(padded, n_fft)[::hop]
    window = np.hanning(n_fft + 1)[:-1]
    window = (2 * window / window.sum()).astype(np.float32)
    # Blocks that fit into the cache of the processor.
    return np.concatenate(
        [
            np.abs(scipy.fft.rfft(frames[start : start + 64] * window, axis=1)[:, :n_bins])
            for start in range(0, len(frames), 64)
        ]
    )


@compiled
def _peaks(magnitude, floor, width, spacing, sums, count, found):
    """Write the number of peaks, and their frequency, magnitude and prominence to `found`."""
    # numpy's functions for arrays would take seconds to compile here.
    n_frames, n_bins = magnitude.shape
    first = max(1, int(_LOWEST / spacing))
    last = min(n_bins - 1, int(_HIGHEST / spacing))
    for frame in range(n_frames):
        row = magnitude[frame]
        largest = 0.0
        for i in range(n_bins):
            sums[i + 1] = sums[i] + row[i]
            if row[i] > largest:
                largest = row[i]
        least = max(floor, _RANGE * largest)
        n = 0
        for i in range(first, last):
            if row[i] <= least or row[i] < row[i - 1] or row[i] <= row[i + 1]:
                continue
            low = max(0, i - width)
            high = min(n_bins, i + width + 1)
            mean = (sums[high] - sums[low]) / (high - low)
            if row[i] <= _NOISE * mean or n == N_PEAKS:
                continue
            middle = np.log(row[i])
            left = np.log(max(row[i - 1], _MIN_NEIGHBOUR * row[i]))
            right = np.log(max(row[i + 1], _MIN_NEIGHBOUR * row[i]))
            shift = 0.5 * (left - right) / (left - 2 * middle + right)
            found[0, frame, n] = 6900 + 1200 * np.log2((i + shift) * spacing / 440)
            found[1, frame, n] = np.exp(middle - 0.25 * (left - right) * shift)
            found[2, frame, n] = np.log(row[i] / (_NOISE * mean))
            n += 1
        count[frame] = n
