"""The spectrograms of OpenL3: one second each, as kapre 0.1.4 computes them."""

import math
import warnings

import torch
from torch.nn import functional as F

from ._frontend import mel_filters

SAMPLE_RATE = 48000
WINDOW = 48000
_HOP = 242
_DYNAMIC_RANGE = 80.0
_FILTERS_KEY = "speclayer.mel_basis"
_N_FFT = {"linear": 512, "mel128": 2048, "mel256": 2048}
_N_MELS = {"mel128": 128, "mel256": 256}
INPUT_REPRS = tuple(_N_FFT)


def front_end_shapes(input_repr):
    """Return {name: shape} of the front end's arrays in the files of the torch port."""
    n_fft = _N_FFT[input_repr]
    kernels = (n_fft // 2 + 1, 1, n_fft)
    shapes = {f"speclayer.dft_{part}_kernels": kernels for part in ("real", "imag")}
    if input_repr in _N_MELS:
        shapes[_FILTERS_KEY] = (_N_MELS[input_repr], n_fft // 2 + 1)
    return shapes


def windows_of(waveform, hop):
    """Cut a waveform into seconds, the first with the clip's beginning in its middle.

    Parameters
    ----------
    waveform : ndarray of shape (n_samples,)
    hop : int
        Samples from one window to the next.

    Returns
    -------
    Tensor of shape (n_windows, 48000)
        The last is filled with silence, so that no sample is left out.
    """
    n_samples = len(waveform) + WINDOW // 2
    n_hops = max(0, math.ceil((n_samples - WINDOW) / hop))
    missing = n_hops * hop + WINDOW - n_samples
    padded = F.pad(torch.from_numpy(waveform), (WINDOW // 2, missing))
    return padded.unfold(0, WINDOW, hop)


class OpenL3FrontEnd:
    """Spectrograms in decibels below the loudest value of their window.

    The magnitude of 257 frequencies without padding ("linear"); or the square root of 128 or
    256 HTK mels of the power, each of area one, with silence around the window (as Keras pads
    "same"). A Hann window every 242 samples.

    Parameters
    ----------
    input_repr : {"linear", "mel128", "mel256"}
    extras : dict of str to Tensor or None, default=None
        Front end of a file: its mels are used where it has them. Its Fourier kernels are those
        of the Hann window.
    """

    def __init__(self, input_repr, extras=None):
        n_fft = _N_FFT[input_repr]
        self.window = torch.hann_window(n_fft)
        self.filters = None
        self.padding = (0, 0)
        if input_repr in _N_MELS:
            self.filters = (extras or {}).get(_FILTERS_KEY)
            if self.filters is None:
                self.filters = default_mels(n_fft, _N_MELS[input_repr])
            n_padded = n_fft - (WINDOW % _HOP or _HOP)
            self.padding = (n_padded // 2, n_padded - n_padded // 2)

    def __call__(self, windows):
        """Return (n_windows, n_bands, n_frames) of windows of shape (n_windows, 48000)."""
        spectrum = torch.stft(
            F.pad(windows, self.padding),
            len(self.window),
            _HOP,
            window=self.window,
            center=False,
            return_complex=True,
        )
        magnitude = spectrum.abs()
        if self.filters is not None:
            magnitude = (self.filters @ magnitude**2).sqrt()
        # 10 and not 20, though these are magnitudes: so the models were trained.
        decibels = 10 * torch.log10(torch.clamp(magnitude, min=1e-10))
        loudest = decibels.amax(dim=(1, 2), keepdim=True)
        return torch.clamp(decibels - loudest, min=-_DYNAMIC_RANGE)


def default_mels(n_fft, n_mels):
    with warnings.catch_warnings():
        # Of 256 mels some of the lowest lie between two frequencies: empty by definition.
        warnings.filterwarnings("ignore", message="Empty filters")
        return mel_filters(SAMPLE_RATE, n_fft, n_mels, htk=True).T
