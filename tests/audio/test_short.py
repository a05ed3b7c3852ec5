"""Clips shorter than `duration`: what is made of them, and who is told."""

import warnings

import numpy as np
import pytest
import soundfile

from sklearn_mer import HybridMER, SVMBaseline
from sklearn_mer.audio import AudioError, AudioLoader, name_short_clips
from sklearn_mer.features import EmotionFeatures, SummaryFeatures
from sklearn_mer.spectrogram import MelSpectrogram

RATE = 16000
NOISE = np.random.default_rng(0).uniform(-0.5, 0.5, 8 * RATE).astype(np.float32)


@pytest.fixture
def files(tmp_path):
    """Three seconds, six and eight of the same noise."""
    paths = {seconds: str(tmp_path / f"{seconds}.wav") for seconds in (3, 6, 8)}
    for seconds, path in paths.items():
        soundfile.write(path, NOISE[: seconds * RATE], RATE, subtype="FLOAT")
    return paths


def warned(function, *args):
    """Return the texts of the warnings of short clips in one call."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        function(*args)
    return [text for text in (str(w.message) for w in caught) if "shorter than 5 s" in text]


@pytest.mark.parametrize(
    "features",
    [
        SummaryFeatures(cache=False),
        EmotionFeatures(columns=["dynamics__rms", "rhythm__fluctuation"], cache=False),
    ],
    ids=["summary", "emotion"],
)
def test_descriptors_are_of_what_is_there(features, files):
    short = features.fit_transform([files[3]])
    whole = features.set_params(duration=None).fit_transform([files[3]])
    np.testing.assert_array_equal(short, whole)
    as_array = features.set_params(duration=30.0).fit_transform(NOISE[None, : 3 * RATE])
    np.testing.assert_array_equal(short, as_array)


@pytest.mark.parametrize("form", ["file", "array"])
def test_networks_hear_the_clip_again_and_again(form, files):
    clip = [files[3]] if form == "file" else NOISE[None, : 3 * RATE]
    repeated = np.resize(NOISE[: 3 * RATE], (1, 8 * RATE))
    for step in (AudioLoader(duration=8.0), MelSpectrogram(duration=8.0, cache=False)):
        np.testing.assert_array_equal(step.fit_transform(clip), step.fit_transform(repeated))


@pytest.mark.parametrize("cache", [True, False])
@pytest.mark.parametrize("cls", [MelSpectrogram, SummaryFeatures])
def test_one_warning_a_call_names_the_clips(cls, cache, files, tmp_path):
    step = cls(cache=tmp_path / "cache" if cache else False).fit([files[8]])
    clips = [files[6], files[3], files[8]]
    for _ in range(2):  # computed, then read from the cache
        (text,) = warned(step.transform, clips)
        assert text.startswith("1 of 3 clips are shorter than 5 s")
        assert f"in {files[3]} (3.00 s). Give longer clips" in text
    assert warned(step.transform, [files[6], files[8]]) == []
    # Clips that are about as long as they are to be.
    assert warned(cls(duration=3.0, cache=cache).fit_transform, [files[3]]) == []
    assert warned(cls(duration=5.0, cache=cache).fit_transform, [files[3]]) == []


def test_many_short_clips_are_counted(files):
    (text,) = warned(SummaryFeatures(cache=False).fit_transform, NOISE.reshape(16, -1))
    assert text.startswith("16 of 16 clips")
    assert "clip 2 (0.50 s) and 13 more. Give" in text


def test_many_calls_name_them_once_or_never(monkeypatch):
    monkeypatch.setattr("sklearn_mer.audio._short._is_told", False)
    hear = SummaryFeatures(cache=False).fit_transform
    with name_short_clips("once"):
        assert [len(warned(hear, NOISE[None, :RATE])) for _ in range(3)] == [1, 0, 0]
    with name_short_clips("never"):
        assert warned(hear, NOISE[None, :RATE]) == []
    assert len(warned(hear, NOISE[None, :RATE])) == 1


def test_one_warning_for_both_branches(files):
    mel, labels = MelSpectrogram(duration=8.0, n_mels=64, cache=False), ["a", "b"] * 2
    features = SummaryFeatures(duration=8.0, cache=False)
    hybrid = HybridMER(features=features, frontend=mel, augment=None, max_epochs=1)
    clips = [files[8], files[6]] * 2
    assert warned(hybrid.fit, clips, labels) == []
    assert len(warned(hybrid.predict, [files[3], files[8]])) == 1
    assert len(warned(hybrid.fit, [files[3], *clips[1:]], labels)) == 1


def test_steps_that_hear_other_seconds_of_the_same_clips(files, tmp_path):
    mel = MelSpectrogram(offset=5.0, duration=4.0, n_mels=64, cache=tmp_path / "cache")
    hybrid = HybridMER(frontend=mel, augment=None, max_epochs=1)
    clips, labels = [files[8], files[6]] * 2, ["a", "b"] * 2
    for duration in (None, 2.0):
        hybrid.set_params(features=SummaryFeatures(duration=duration, cache=tmp_path / "cache"))
        for _ in range(2):
            (text,) = warned(hybrid.fit, clips, labels)
            assert text.startswith("2 of 4 clips")
            assert f"{files[6]} (1.00 s)" in text
    assert (
        warned(SummaryFeatures(duration=2.0, cache=tmp_path / "cache").fit_transform, clips) == []
    )


def test_less_than_a_frame_is_an_error_that_names_the_clips(files, tmp_path):
    for n_samples in (1, 2000):
        soundfile.write(tmp_path / f"{n_samples}.wav", NOISE[:n_samples], RATE)
    svm = SVMBaseline(features=SummaryFeatures(cache=False)).fit([*files.values()], ["a", "b", "a"])
    tiny = [str(tmp_path / "1.wav"), str(tmp_path / "2000.wav")]
    with pytest.raises(AudioError, match="2 of 3 audio files") as caught:
        svm.predict([files[8], *tiny])
    assert caught.value.bad_files == [
        (tiny[0], "holds 0.000 s of sound; at least 0.128 s are needed"),
        (tiny[1], "holds 0.125 s of sound; at least 0.128 s are needed"),
    ]
    with pytest.raises(AudioError, match=r"holds 0\.050 s of sound after offset=7\.95 s"):
        MelSpectrogram(offset=7.95, cache=False).fit([files[8]])
    assert AudioLoader(duration=0.1).fit_transform([tiny[1]]).shape == (1, 1600)
