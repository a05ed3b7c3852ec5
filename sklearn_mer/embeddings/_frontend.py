"""The taggers' own mel-spectrograms."""

import numpy as np
import torch

from .._mel import mel_filters as librosa_filters
from ..audio import fill


class MelFrontEnd:
    """Mel-spectrogram by torch, frames centred and mirrored at the ends, as in the sources.

    `MelSpectrogram` has silence beyond the ends, mels of its own and decibels only.

    Parameters
    ----------
    window : Tensor of shape (n_fft,)
    filters : Tensor of shape (n_fft // 2 + 1, n_mels)
    hop_length : int
    power : {1, 2}
        Mels of the magnitude or of its square.
    scale : callable
        What is done with the mels.
    """

    def __init__(self, window, filters, *, hop_length, power, scale):
        self.window = window
        self.filters = filters
        self.hop_length = hop_length
        self.power = power
        self.scale = scale

    def __call__(self, waveform):
        """Return (n_mels, n_frames) of a waveform of at least n_fft // 2 + 1 samples."""
        spectrum = torch.stft(
            # Not written to; torch warns of arrays that cannot be.
            torch.from_numpy(np.require(waveform, requirements="W")),
            len(self.window),
            self.hop_length,
            window=self.window,
            pad_mode="reflect",
            return_complex=True,
        )
        magnitude = spectrum.abs()
        return self.scale(self.filters.T @ (magnitude**2 if self.power == 2 else magnitude))


def tagger_front_end(extras):
    """Return the front end of Won et al.: 96 HTK mels of the power, in decibels.

    Parameters
    ----------
    extras : dict of str to Tensor
        Window and mels of the file, where it has them.
    """
    arrays = {**tagger_arrays(), **extras}
    return MelFrontEnd(
        arrays[_WINDOW_KEY],
        arrays[_FILTERS_KEY],
        hop_length=256,
        power=2,
        scale=_decibels,
    )


_WINDOW_KEY = "spec.spectrogram.window"
_FILTERS_KEY = "spec.mel_scale.fb"
FRONT_END_SHAPES = {_WINDOW_KEY: (512,), _FILTERS_KEY: (257, 96)}


def tagger_arrays():
    """Return window and mels of `tagger_front_end` under the names that files have for them."""
    return {
        _WINDOW_KEY: torch.hann_window(512),
        _FILTERS_KEY: mel_filters(16000, 512, 96, htk=True, equal_area=False),
    }


def musicnn_front_end():
    """Return the front end of Pons & Serra: 96 Slaney mels of the power, compressed."""
    return MelFrontEnd(
        torch.hann_window(512),
        mel_filters(16000, 512, 96),
        hop_length=256,
        power=2,
        scale=_log_of_power,
    )


def artist_front_end():
    """Return the front end of Park et al.: 128 Slaney mels of the magnitude, standardised."""
    return MelFrontEnd(
        torch.hann_window(1024),
        mel_filters(22050, 1024, 128),
        hop_length=512,
        power=1,
        scale=_log_of_magnitude,
    )


def mel_filters(sample_rate, n_fft, n_mels, **options):
    """Return librosa's filters as a tensor of shape (n_fft // 2 + 1, n_mels)."""
    filters = librosa_filters(sample_rate=sample_rate, n_fft=n_fft, n_mels=n_mels, **options)
    return torch.from_numpy(filters.T.copy())


# Named functions: front ends are pickled with the estimators that hold them.
def _decibels(mels):
    return 10 * torch.log10(torch.clamp(mels, min=1e-10))


def _log_of_power(mels):
    return torch.log10(10000 * mels + 1)


def _log_of_magnitude(mels):
    return (torch.log10(1 + 10 * mels) - 0.22620339) / 0.25794547


def by_patches(network, spectrogram, n_frames):
    """Return what a network gives for each patch of a spectrogram, ten patches at a time.

    Memory is then limited for any length of clip, and so is the number of shapes, for each of which
    torch keeps a prepared convolution.
    """
    batches = in_patches(spectrogram, n_frames).split(10)
    return torch.cat([network(batch) for batch in batches])


def in_patches(spectrogram, n_frames):
    """Cut (n_mels, n) into (n // n_frames, n_mels, n_frames), without overlap.

    What does not fill a patch at the end is left out.
    """
    patches = spectrogram.unfold(1, n_frames, n_frames)
    return patches.transpose(0, 1).contiguous()


def at_least(waveform, n_samples):
    """Return the waveform, repeated where it is shorter than `n_samples`."""
    return waveform if len(waveform) >= n_samples else fill(waveform, n_samples)
