"""Silent clips are named in one warning."""

import warnings

import numpy as np
import pytest
import soundfile

from sklearn_mer.audio import AudioLoader
from sklearn_mer.audio._decode import decode
from sklearn_mer.spectrogram import MelSpectrogram

RATE = 16000


def noise(scale=0.5):
    return scale * np.random.default_rng(0).uniform(-1, 1, 6 * RATE)


SILENT = {
    "zeros": np.zeros(6 * RATE),
    "dither": np.random.default_rng(0).integers(-2, 3, 6 * RATE) / 2**15,
    "opposite phase": np.column_stack([noise(), -noise()]),
    "opposite phase, rounded": np.column_stack([noise(), np.float32(1e-7) - noise()]),
}


def write(path, samples):
    soundfile.write(path, samples, RATE, subtype="FLOAT")
    return str(path)


def silence_warnings(function):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        function()
    return [str(warning.message) for warning in caught if "silent" in str(warning.message)]


@pytest.mark.parametrize("samples", SILENT.values(), ids=SILENT)
def test_silent_files_are_named(samples, tmp_path):
    silent = write(tmp_path / "silent.wav", samples)
    files = [write(tmp_path / "loud.wav", noise()), silent, write(tmp_path / "b.wav", noise(0.01))]
    for step in (AudioLoader(duration=6.0), MelSpectrogram(cache=tmp_path / "cache", duration=6.0)):
        for n_jobs in (1, 4):
            step.set_params(n_jobs=n_jobs).fit(files)
            for _ in range(2):  # computed, and from the cache
                (text,) = silence_warnings(lambda step=step: step.transform(files))
                assert "1 of 3 clips are silent (no sample above 0.0001), or their" in text
                assert f"mono: {silent}. Nothing can be recognised" in text


@pytest.mark.parametrize("ending", ["mp3", "flac"])
def test_channels_that_cancel_each_other(ending, tmp_path):
    path = tmp_path / f"a.{ending}"
    soundfile.write(path, SILENT["opposite phase"], RATE)
    np.testing.assert_array_equal(decode(path, sample_rate=RATE), 0)


def test_quiet_clips_and_half_silent_ones_are_not(tmp_path):
    half = noise(0.001)
    half[: len(half) // 2] = 0
    files = [
        write(tmp_path / "a.wav", half),
        write(tmp_path / "b.wav", np.c_[noise(), 0 * noise()]),
    ]
    assert silence_warnings(lambda: AudioLoader(duration=6.0).fit_transform(files)) == []


def test_silent_waveforms_are_counted():
    waveforms = np.stack([noise(), *[np.zeros(6 * RATE)] * 12])
    (text,) = silence_warnings(lambda: MelSpectrogram(duration=None).fit_transform(waveforms))
    assert text.startswith("12 of 13 clips are silent")
    assert "clip 1, clip 2, " in text
    assert "clip 10 and 2 more" in text


def test_a_silent_first_clip_is_named():
    waveforms = np.stack([np.zeros(6 * RATE), noise()])
    assert (
        len(silence_warnings(lambda: MelSpectrogram(duration=None).fit_transform(waveforms))) == 1
    )
