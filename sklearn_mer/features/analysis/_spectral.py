"""Spectra of frames."""

from functools import lru_cache

import numpy as np
import scipy.fft
import scipy.signal

from ..._mel import mel_filters

N_FFT = 2048
#: Length of short frames, for fast changes.
N_SHORT = 512
HOP = 512
N_MELS = 128
N_MFCC = 20
# As in the Auditory Toolbox of Slaney: 13 linear and 27 logarithmic bands.
N_MFCC_BANDS = 40
_MFCC_BANDS = {"n_mels": N_MFCC_BANDS, "fmin": 400 / 3, "fmax": 6854.0}
# Root mean square of silent frames relative to the loudest (46 dB, as in the MIR Toolbox).
_AUDIBLE = 0.005

_BLOCK = 2**17  # samples of the frames that are transformed at once
_RANGE = 1e-8  # 80 dB
_SILENCE = 1e-10  # -100 dB, for silent clips


def stft(waveform, n_fft=N_FFT, hop=HOP):
    """Return the transform (n_fft // 2 + 1, n_frames) of centred frames with a Hann window.

    As ``librosa.stft`` with ``pad_mode="reflect"``, which is not used as ``_mel.py`` says.
    """
    mirrored = np.pad(waveform, n_fft // 2, mode="reflect")
    frames = np.lib.stride_tricks.sliding_window_view(mirrored, n_fft)[::hop]
    window = hann(n_fft)
    result = np.empty((len(frames), n_fft // 2 + 1), dtype=np.complex64)
    # Blocks that fit into the cache of the processor.
    n_frames = _BLOCK // n_fft
    for start in range(0, len(frames), n_frames):
        block = slice(start, start + n_frames)
        result[block] = scipy.fft.rfft(frames[block] * window, axis=1)
    return result.T


@lru_cache(maxsize=16)
def hann(n_samples):
    """Return a periodic Hann window, which must not be modified."""
    return scipy.signal.get_window("hann", n_samples)


def mel(power, sample_rate):
    """Return the power in 128 mel bands of equal area (Slaney)."""
    # Of einsum, for the order of its sums.
    filters = _mel_bands(sample_rate, n_mels=N_MELS)
    return np.einsum("ft,mf->mt", power, filters, optimize=True)


def decibels(power):
    """Return the level, at most 80 dB below the largest; -100 dB for silence.

    The floor is relative to the loudest value, so that a gain changes all levels equally.
    """
    loudest = power.max()
    floor = loudest * _RANGE if loudest > 0 else _SILENCE
    return 10 * np.log10(np.maximum(power, floor))


def mfcc(power, sample_rate):
    """Return 20 cepstral coefficients (orthonormal DCT-II) of levels in 40 bands, in dB."""
    highest = min(_MFCC_BANDS["fmax"], sample_rate / 2)
    levels = decibels(_mel_bands(sample_rate, **{**_MFCC_BANDS, "fmax": highest}) @ power)
    return scipy.fft.dct(levels, axis=0, type=2, norm="ortho")[:N_MFCC]


@lru_cache(maxsize=8)
def _mel_bands(sample_rate, **bands):
    return mel_filters(sample_rate=sample_rate, n_fft=N_FFT, **bands)


def rms(waveform):
    """Return the root mean square of centred frames."""
    mirrored = np.pad(waveform.astype(np.float64), N_FFT // 2, mode="reflect")
    parts = mirrored[: len(mirrored) // HOP * HOP].reshape(-1, HOP)
    squares = np.einsum("ij,ij->i", parts, parts)
    # A frame has a whole number of hops.
    n_parts = N_FFT // HOP
    sums = np.lib.stride_tricks.sliding_window_view(squares, n_parts).sum(axis=1)
    return np.sqrt(sums[: 1 + len(waveform) // HOP] / N_FFT)


def audible(rms):
    """Return whether frames are less than 46 dB below the loudest (n_frames,)."""
    return rms > _AUDIBLE * rms.max()


def flux(magnitude):
    """Return the distance of each spectrum to the previous one (n_frames,); NaN for the first."""
    distances = np.linalg.norm(np.diff(magnitude, axis=1), axis=0)
    return np.append(np.nan, distances)


def short_frames(waveform):
    """Return centred frames (n_frames, 512) with a Hamming window, float64.

    Double precision, since flatness and linear prediction depend on values 100 dB below the loudest
    bin.
    """
    mirrored = np.pad(waveform, N_SHORT // 2, mode="reflect")
    frames = np.lib.stride_tricks.sliding_window_view(mirrored, N_SHORT)[::HOP]
    return frames * np.hamming(N_SHORT)


def short_power(waveform):
    """Return the power of short frames (n_frames, 257)."""
    spectra = scipy.fft.rfft(short_frames(waveform), axis=1)
    return spectra.real**2 + spectra.imag**2
