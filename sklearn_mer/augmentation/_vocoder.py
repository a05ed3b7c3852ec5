"""Phase vocoder: changes the tempo and keeps the pitch."""

import math

import librosa
import numba
import numpy as np
import scipy.fft

N_FFT = 2048
HOP = 512


def stretched(waveform, rate, n_samples):
    """Return the first samples of a waveform played `rate` times as fast, at the same pitch.

    Parameters
    ----------
    waveform : ndarray of shape (n_input,), float32
    rate : float
        Greater than 0.
    n_samples : int
        Number of samples to return. Only these are computed. The result is padded with silence
        after the end of the waveform.

    Returns
    -------
    ndarray of shape (n_samples,), float32

    Notes
    -----
    For each output frame, the spectra of the input frame at its position and of the frame one hop
    earlier are computed. Their phase difference is the phase advance of each partial per hop, and
    no unwrapping is needed (Puckette). All bins around a spectral peak are rotated by the angle of
    that peak ("identity phase locking", Laroche and Dolson). A plain phase vocoder, such as
    `librosa.effects.time_stretch`, rotates each bin on its own, so that neighbouring bins cancel.
    On seven clips of 4QAED at rates 0.5, 1.12 and 1.5, it lowers the level by 5 to 8, 3.4 and
    3.7 dB (here 0.6, 0.3 and 0.8), and its mel bands deviate from those of the input frames by
    5.9, 3.6 and 3.8 dB on average (here 2.0, 0.7 and 1.6).
    """
    n_frames = 1 + math.ceil((n_samples + N_FFT // 2) / HOP)
    positions = np.round(np.arange(n_frames) * (HOP * rate)).astype(np.int64)
    now, before = _spectra(waveform, positions)
    _lock_phases(now, before)
    result = librosa.istft(now.T, n_fft=N_FFT, hop_length=HOP, length=n_samples)
    result[math.ceil(len(waveform) / rate) :] = 0
    return result


def _spectra(waveform, positions):
    """Return the spectra of the frames centred at `positions`, and of those one hop earlier."""
    ahead, window = HOP + N_FFT // 2, librosa.filters.get_window("hann", N_FFT)
    behind = max(0, positions[-1] + N_FFT // 2 - len(waveform))
    padded = np.pad(waveform, (ahead, behind))
    frames = np.lib.stride_tricks.sliding_window_view(padded, N_FFT)
    window = window.astype(np.float32)
    return scipy.fft.rfft(frames[positions + HOP] * window), scipy.fft.rfft(
        frames[positions] * window
    )


@numba.njit(nogil=True, cache=True)
def _lock_phases(now, before):
    """Rotate the frames `now` in place, so that each continues the phases of the one before."""
    n_frames, n_bins = now.shape
    power = np.empty(n_bins, dtype=np.float32)
    for t in range(1, n_frames):
        for k in range(n_bins):
            power[k] = now[t, k].real ** 2 + now[t, k].imag ** 2
        peak = _next_peak(power, 0)
        start = 0
        while start < n_bins:
            following = _next_peak(power, peak + 1)
            stop = (peak + following + 1) // 2 if following < n_bins else n_bins
            # The peak has the phase of `now` and should have that of rotation * `now`.
            rotation = now[t - 1, peak] * np.conj(before[t, peak])
            size = abs(rotation)
            if size > 0:
                rotation = rotation / size
                for k in range(start, stop):
                    now[t, k] *= rotation
            start, peak = stop, following


@numba.njit(nogil=True, cache=True)
def _next_peak(power, start):
    """Return the first bin from `start` on that exceeds two neighbours on each side, or n_bins."""
    n_bins = len(power)
    for k in range(start, n_bins):
        top = power[k]
        if top <= 0:
            continue
        left = max(power[max(k - 1, 0)] if k > 0 else 0, power[k - 2] if k > 1 else 0)
        right = max(power[k + 1] if k + 1 < n_bins else 0, power[k + 2] if k + 2 < n_bins else 0)
        if top > left and top >= right:
            return k
    return n_bins
