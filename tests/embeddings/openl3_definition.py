"""The front end of OpenL3, by its definition."""

import numpy as np

BANDS = {"linear": 257, "mel128": 128, "mel256": 256}
FRAMES = {"linear": 197, "mel128": 199, "mel256": 199}


def noise(n_clips, n_samples, seed=0):
    return np.random.default_rng(seed).normal(0, 0.1, (n_clips, n_samples)).astype(np.float32)


def htk_triangles(n_mels, n_fft):
    """Triangles of area one (in Hz), their corners evenly spaced in HTK mels up to 24 kHz."""
    top = 2595 * np.log10(1 + 24000 / 700)
    corners = 700 * (10 ** (np.linspace(0, top, n_mels + 2) / 2595) - 1)
    frequencies = np.arange(n_fft // 2 + 1) * 48000 / n_fft
    low, middle, high = (corners[i : i + n_mels, None] for i in range(3))
    rising, falling = (frequencies - low) / (middle - low), (high - frequencies) / (high - middle)
    return np.clip(np.minimum(rising, falling), 0, None) * 2 / (high - low)


def by_definition(second, input_repr):
    """The front end of one window in double precision, frame after frame."""
    n_fft = 512 if input_repr == "linear" else 2048
    hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(n_fft) / n_fft)
    padded = second.astype(float)
    if input_repr != "linear":
        # As many frames as 242 goes into 48000, rounded up: 199, centred over the second.
        missing = 198 * 242 + 2048 - 48000
        padded = np.pad(padded, (missing // 2, missing - missing // 2))
    starts = range(0, len(padded) - n_fft + 1, 242)
    magnitude = np.abs([np.fft.rfft(hann * padded[s : s + n_fft]) for s in starts]).T
    if input_repr != "linear":
        magnitude = np.sqrt(htk_triangles(BANDS[input_repr], n_fft) @ magnitude**2)
    decibels = 10 * np.log10(np.maximum(magnitude, 1e-10))
    return np.maximum(decibels - decibels.max(), -80)
