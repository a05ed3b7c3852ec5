import librosa
import numpy as np
import pytest

from sklearn_mer.augmentation._vocoder import stretched

from .sounds import click_track

RATE = 16000


def busy_clip(seconds=4):
    """A chord with vibrato, clicks and some noise."""
    time = np.arange(seconds * RATE) / RATE
    chord = sum(
        np.sin(2 * np.pi * f * (time + 0.0005 * np.sin(2 * np.pi * 5 * time)))
        for f in (196.0, 247.0, 294.0, 1180.0)
    )
    noise = np.random.default_rng(0).normal(size=len(time))
    return (0.1 * chord + 0.3 * click_track(seconds) + 0.01 * noise).astype(np.float32)


def spectral_error(result, clip, rate):
    """Distance of a stretched clip's spectrogram from the moved frames of the clip, in dB."""
    fine, got = (np.abs(librosa.stft(y, hop_length=h)) for y, h in [(clip, 64), (result, 512)])
    places = np.round(np.arange(got.shape[1]) * 512 * rate / 64).astype(int)
    inside = (np.arange(len(places)) > 4) & (places < fine.shape[1] - 16)
    wanted, got = fine[:, places[inside]], got[:, inside]
    return 20 * np.log10(np.linalg.norm(got - wanted) / np.linalg.norm(wanted))


@pytest.mark.parametrize("rate", [0.5, 2 ** (-1 / 6), 2 ** (1 / 6), 1.5])
def test_vocoder_is_nearer_to_the_clip_than_a_plain_one(rate):
    clip = busy_clip()
    n_samples = int(len(clip) / rate)
    ours = spectral_error(stretched(clip, rate, n_samples), clip, rate)
    plain = spectral_error(librosa.effects.time_stretch(clip, rate=rate), clip, rate)
    assert ours < -8
    assert ours < plain - 2


@pytest.mark.parametrize("rate", [0.5, 1.5])
def test_vocoder_computes_no_more_than_is_asked_for(rate):
    clip = busy_clip()
    whole = stretched(clip, rate, len(clip))
    np.testing.assert_allclose(stretched(clip, rate, 20_000), whole[:20_000], atol=1e-5)
