"""Which seconds of a clip the methods hear: `offset` and `duration`."""

import numpy as np
import pytest
import soundfile
from random_weights import weights_files
from sklearn.model_selection import GridSearchCV

from sklearn_mer import (
    CRNN,
    ArtistCNN,
    CNNBaseline,
    EmotionFeatures,
    EmotionFusion,
    HybridMER,
    MelSpectrogram,
    PretrainedCRNN,
    SampleCNN,
    SVMBaseline,
)
from sklearn_mer.audio import AudioError, Clips
from sklearn_mer.datasets import make_quadrant_clips
from sklearn_mer.features import SummaryFeatures
from sklearn_mer.methods import available_methods, make_method

RATE = 16000
ONE = {"max_epochs": 1, "random_state": 0}


@pytest.fixture(scope="module")
def songs(tmp_path_factory):
    """Four songs of six seconds, at 16 and 22.05 kHz, and their labels."""
    folder, random = tmp_path_factory.mktemp("songs"), np.random.default_rng(0)
    songs = random.uniform(-0.5, 0.5, (4, 6 * RATE)) * np.linspace(0.1, 1, 6 * RATE)
    paths = [str(folder / f"{i}.wav") for i in range(4)]
    for path, song in zip(paths, songs, strict=True):
        soundfile.write(path, song, RATE, subtype="FLOAT")
    return paths, songs.astype(np.float32), ["a", "b"] * 2


def network_methods():
    crnn = PretrainedCRNN(weights=weights_files()["crnn"], cache=False, **ONE)
    artist = ArtistCNN(weights=weights_files()["artist"], cache=False, **ONE)
    return {
        "cnn": (CNNBaseline(**ONE), "frontend_"),
        "sample_cnn": (SampleCNN(width=4, **ONE), "frontend_"),
        "artist": (artist, "embedding_"),
        "crnn": (crnn, "embedding_"),
    }


def test_every_method_has_both():
    for key, row in available_methods().items():
        names = {name.rpartition("__")[2] for name in row.estimator.get_params()}
        assert {"offset", "duration"} <= names, key
    assert make_method("cnn", duration=10.0, offset=5.0).duration == 10.0


@pytest.mark.parametrize("key", ["cnn", "sample_cnn", "artist", "crnn"])
def test_networks_hear_so_many_seconds(key, songs):
    paths, waveforms, y = songs
    method, part = network_methods()[key]
    method.set_params(offset=1.0, duration=4.0).fit(paths, y)
    assert (getattr(method, part).offset, getattr(method, part).duration) == (1.0, 4.0)
    heard = method.predict_proba(paths)
    # What is outside is not heard.
    changed = waveforms.copy()
    changed[:, :RATE] = changed[:, 5 * RATE :] = 0
    for path, song in zip(paths, changed, strict=True):
        soundfile.write(path, song, RATE, subtype="FLOAT")
    try:
        np.testing.assert_allclose(method.predict_proba(paths), heard, atol=1e-4)
    finally:
        for path, song in zip(paths, waveforms, strict=True):
            soundfile.write(path, song, RATE, subtype="FLOAT")


def test_descriptors_hear_so_many_seconds(songs):
    paths, waveforms, y = songs
    svm = SVMBaseline(offset=1.0, duration=0.5).fit(paths, y)
    heard = svm.feature_source_.transformer_.get_params()
    assert heard == EmotionFeatures(offset=1.0, duration=0.5).get_params()
    # Arrays have the rest of their length by default.
    svm.set_params(duration="auto").fit(waveforms[:, : 3 * RATE // 2], y)
    assert svm.feature_source_.transformer_.get_params() == heard
    with pytest.raises(AudioError, match=r"no samples after offset=6\.0 s"):
        svm.set_params(offset=6.0).fit(waveforms, y)


def test_both_branches_of_the_hybrid_hear_the_same(songs):
    paths, _, y = songs
    hybrid = HybridMER(augment=None, offset=0.5, duration=2.5, **ONE).fit(paths, y)
    for part in (hybrid.frontend_, hybrid.feature_source_.transformer_):
        assert (part.offset, part.duration) == (0.5, 2.5)


def test_a_grid_search_over_the_seconds(songs):
    paths, _, y = songs
    grid = {"duration": [2.5, 3.0], "offset": [0.0, 1.0]}
    search = GridSearchCV(CNNBaseline(**ONE), grid, cv=2, error_score="raise").fit(paths, y)
    assert set(search.best_params_) == {"duration", "offset"}


@pytest.mark.parametrize(
    ("method", "why"),
    [
        (CNNBaseline(frontend=MelSpectrogram(duration=2.5)), "the front end MelSpectrogram"),
        (SVMBaseline(features=SummaryFeatures()), "the transformer SummaryFeatures"),
        (HybridMER(frontend=MelSpectrogram(duration=2.5)), "the front end MelSpectrogram"),
        (HybridMER(features=SummaryFeatures()), "the transformer SummaryFeatures"),
    ],
    ids=["cnn", "svm", "hybrid_frontend", "hybrid_features"],
)
@pytest.mark.parametrize("heard", [{"duration": 2.5}, {"duration": None}, {"offset": 1.0}])
def test_a_transformer_of_ones_own_has_its_own(heard, method, why, songs):
    paths, _, y = songs
    with pytest.raises(ValueError, match=rf"would have no effect: {why}\(.*has its own; set them"):
        method.set_params(offset=0.0, duration="auto").set_params(**heard).fit(paths, y)


def test_where_no_audio_is_heard(songs):
    _, _, y = songs
    svm = SVMBaseline(features="columns", duration=10.0)
    with pytest.raises(ValueError, match=r"duration=10\.0 would have no effect: the feature col"):
        svm.fit(np.arange(8.0).reshape(4, 2), y)
    cnn = CNNBaseline(frontend="passthrough", offset=1.0)
    with pytest.raises(ValueError, match=r"offset=1\.0 .* no effect: with frontend='passthrough'"):
        cnn.fit(np.zeros((4, 64, 80)), y)


@pytest.mark.parametrize("bad", [{"duration": 0}, {"duration": "30"}, {"offset": -1}])
def test_parameters_are_checked(bad, songs):
    paths, _, y = songs
    with pytest.raises(ValueError, match=f"The '{next(iter(bad))}' parameter of"):
        CNNBaseline(**bad).fit(paths, y)
    crnn = PretrainedCRNN(weights=weights_files()["crnn"], duration=None)
    with pytest.raises(ValueError, match="The 'duration' parameter of PretrainedCRNN"):
        crnn.fit(paths, y)


def test_fusion_hears_the_same_with_all_parts():
    clips = Clips(np.array(["song.mp3"], dtype=object))
    fusion = EmotionFusion(taggers=[weights_files()["fcn"]], offset=1.0, duration=5.0)
    (_, descriptors), *unions = fusion._named_sources(clips)
    parts = [descriptors, *(part for _, union in unions for _, part in union.transformer_list)]
    assert [(part.offset, part.duration) for part in parts] == [(1.0, 5.0)] * 2
    (_, descriptors), *unions = fusion.set_params(duration="auto")._named_sources(clips)
    assert descriptors.duration == 30.0
    assert unions[0][1].transformer_list[0][1].duration == 29.124


def test_crnn_has_half_the_frames_but_in_the_recipe_of_the_paper():
    X, y = make_quadrant_clips(8, duration=7.0, random_state=0, return_X_y=True)
    tiny = {"width": 1, **ONE}
    assert make_method("crnn", **tiny).fit(X, y).input_shape_ == (128, 110)
    assert make_method("crnn", "paper", **tiny).fit(X, y).input_shape_ == (128, 219)


@pytest.mark.parametrize("hop_length", [512, 1024])
def test_crnn_repeats_arrays_to_the_frames_that_it_needs(hop_length):
    X, y = make_quadrant_clips(8, duration=1.0, random_state=0, return_X_y=True)
    crnn = CRNN(width=1, hop_length=hop_length, **ONE).fit(X, y)
    assert crnn.input_shape_ == (128, 101)
