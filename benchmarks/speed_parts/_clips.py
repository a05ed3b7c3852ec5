"""The clips to measure on."""

import soundfile

from sklearn_mer.datasets import DatasetNotFoundError, load_4qaed, make_quadrant_clips

RATE, SECONDS = 16000, 30


def find_clips(n_clips, folder):
    """Return paths of clips spread over 4QAED, or of synthetic clips, and a description."""
    try:
        paths = load_4qaed(features=None).data["audio"]
    except DatasetNotFoundError:
        return write_synthetic(n_clips, folder), "synthetic, wav"
    return list(paths[:: max(1, len(paths) // n_clips)][:n_clips]), "4QAED, mp3"


def write_synthetic(n_clips, folder):
    """Write synthetic clips as wav files of 22,050 Hz, which have to be resampled."""
    waveforms = make_quadrant_clips(
        n_clips, duration=SECONDS, sample_rate=22050, random_state=0
    ).data
    paths = [str(folder / f"{i}.wav") for i in range(n_clips)]
    for path, waveform in zip(paths, waveforms, strict=True):
        soundfile.write(path, waveform, 22050)
    return paths
