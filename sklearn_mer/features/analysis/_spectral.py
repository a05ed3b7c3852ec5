"""Spectra of frames."""

import librosa
import numpy as np
import scipy.fft

N_FFT = 2048
HOP = 512
N_MELS = 128
N_MFCC = 20

_RANGE = 1e-8  # 80 dB
_SILENCE = 1e-10  # -100 dB, where there is nothing else


def stft(waveform):
    """Return the transform (1025, n_frames) of centred frames under a Hann window."""
    return librosa.stft(waveform, n_fft=N_FFT, hop_length=HOP, pad_mode="reflect")


def mel(power, sample_rate):
    """Return the power in 128 mel bands (Slaney's, of equal area)."""
    return librosa.feature.melspectrogram(S=power, sr=sample_rate, n_mels=N_MELS)


def decibels(power):
    """Return the level, at most 80 dB below the largest; -100 dB for silence.

    The floor follows the loudest value (and not an absolute one), so that a change of gain
    shifts all levels alike.
    """
    loudest = power.max()
    floor = loudest * _RANGE if loudest > 0 else _SILENCE
    return 10 * np.log10(np.maximum(power, floor))


def mfcc(levels):
    """Return 20 cepstral coefficients (orthonormal DCT-II) of levels in dB."""
    return scipy.fft.dct(levels, axis=0, type=2, norm="ortho")[:N_MFCC]


def rms(waveform):
    """Return the root mean square of centred frames."""
    mirrored = np.pad(waveform.astype(np.float64), N_FFT // 2, mode="reflect")
    squares = np.cumsum(np.pad(mirrored**2, (1, 0)))
    starts = np.arange(1 + len(waveform) // HOP) * HOP
    return np.sqrt(np.maximum(squares[starts + N_FFT] - squares[starts], 0) / N_FFT)
