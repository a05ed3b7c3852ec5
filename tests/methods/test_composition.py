"""The methods inside scikit-learn's and imbalanced-learn's tools."""

import numpy as np
import pandas as pd
import pytest
import sklearn
from cases import KEYS, MEL, SINGLE_NETWORKS, make, scores
from imblearn.pipeline import make_pipeline as make_sampling_pipeline
from sklearn.decomposition import PCA
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline

from sklearn_mer import AudioLoader, MelSpectrogram, SummaryFeatures
from sklearn_mer.augmentation import PowerShift, TimeShift

GRIDS = {
    "svm": {"C": [0.1, 5.0], "features__normalize": [False, True]},
    "cnn": {"lr": [1e-3, 1e-2], "frontend__n_mels": [61, 64]},
    "cnn_augment": {"standardize": [False, True], "augment__max_shift": [0.1, 1.0]},
    "cnn_gru": {"n_units": [4, 8], "one_step": [False, True]},
    "crnn": {"width": [1, 2], "n_units": [8]},
    "short_chunk": {"segment_length": [20, 36], "segments_per_epoch": [None, 1]},
    "sample_cnn": {"width": [1, 2], "frontend__normalize": [True]},
    "hybrid": {"cnn_lr": [1e-3, 1e-2], "frontend__n_mels": [61, 64]},
    "hybrid_network": {"head": ["mean", "network"], "features__normalize": [True]},
}


@pytest.mark.parametrize("key", KEYS)
def test_grid_search_by_flat_and_nested_names(key, clips):
    X, y = clips
    search = GridSearchCV(make(key), GRIDS[key], cv=2, error_score="raise").fit(X, y)
    n_settings = np.prod([len(values) for values in GRIDS[key].values()])
    assert len(search.cv_results_["params"]) == n_settings
    best = search.best_estimator_.get_params()
    assert {name: best[name] for name in GRIDS[key]} == search.best_params_
    assert search.predict(X).shape == y.shape


def test_nested_parameters_have_their_effect(clips):
    X, y = clips
    shapes = [
        make("cnn", max_epochs=1).set_params(frontend__n_mels=n).fit(X, y).input_shape_
        for n in (61, 70)
    ]
    assert shapes == [(61, 79), (70, 79)]


@pytest.mark.parametrize("key", ["svm", *SINGLE_NETWORKS, "hybrid"])
def test_behind_a_loader_in_a_pipeline(key, clips, wav_files):
    y = clips[1]
    pipeline = make_pipeline(AudioLoader(duration=2.5), make(key)).fit(wav_files, y)
    alone = make(key).fit(wav_files, y)
    np.testing.assert_array_equal(pipeline.predict(wav_files), alone.predict(wav_files))
    np.testing.assert_array_equal(scores(pipeline, wav_files), scores(alone, wav_files))


def test_svm_behind_other_steps(clips):
    X, y = clips
    steps = SummaryFeatures(duration=2.5), PCA(5), make("svm", features="columns")
    pipeline = make_pipeline(*steps).fit(X, y)
    assert pipeline[-1].n_features_in_ == 5
    assert pipeline.score(X, y) > 0.5


def test_passthrough_of_spectrograms_is_the_same_as_a_front_end(clips):
    X, y = clips
    pipeline = make_pipeline(MEL, make("cnn", frontend="passthrough")).fit(X, y)
    np.testing.assert_array_equal(scores(pipeline, X), scores(make("cnn").fit(X, y), X))


@pytest.mark.parametrize("augment", [TimeShift(random_state=0), PowerShift(random_state=0)])
def test_a_sampler_before_the_cnn_is_the_same_as_augment(augment, clips):
    X, y = clips
    # Not normalised: `augment` alters clips as the front end has prepared them.
    mel = MelSpectrogram(duration=None, normalize=False, n_mels=64)
    pipeline = make_sampling_pipeline(augment, make("cnn", frontend=mel)).fit(X, y)
    inside = make("cnn", frontend=mel, augment=augment).fit(X, y)
    np.testing.assert_array_equal(scores(pipeline, X), scores(inside, X))
    without = make("cnn", frontend=mel).fit(X, y)
    assert not np.array_equal(scores(without, X), scores(inside, X))


def test_a_sampler_of_files_before_the_cnn(clips, wav_files):
    y = clips[1]
    table = pd.DataFrame({"audio": wav_files})
    sampler = TimeShift(duration=2.5, random_state=0)
    pipeline = make_sampling_pipeline(sampler, make("cnn")).fit(table, y)
    assert pipeline.predict(table).shape == y.shape
    assert pipeline[-1].net_.history[-1, "batches", :, "train_batch_size"] == [8, 8, 8]


@pytest.mark.parametrize("key", KEYS)
def test_metadata_routing(key, clips):
    X, y = clips
    without = cross_val_score(make(key), X, y, cv=2, error_score="raise")
    with sklearn.config_context(enable_metadata_routing=True):
        routed = cross_val_score(make(key), X, y, cv=2, error_score="raise")
        assert make(key).get_metadata_routing() is not None
    np.testing.assert_array_equal(routed, without)


@pytest.mark.parametrize("key", KEYS)
def test_html_view(key, clips):
    method = make(key)
    unfitted = method._repr_html_()
    fitted = method.fit(*clips)._repr_html_()
    for html in (unfitted, fitted):
        assert f">{type(method).__name__}<" in html
        for name in method.get_params(deep=False):
            assert f'<td class="param">{name}</td>' in html
        assert ("MelSpectrogram" in html) == (key not in ("svm", "sample_cnn"))
    assert unfitted.count('class="sk-toggleable__content fitted"') == 0
    assert fitted.count('class="sk-toggleable__content fitted"') > 0


@pytest.mark.parametrize("key", ["svm", "cnn", "hybrid"])
def test_output_containers_of_pandas_are_taken(key, clips):
    # As a table of waveforms: column names are remembered and compared.
    X, y = clips
    table = pd.DataFrame(X, columns=[f"sample_{i}" for i in range(X.shape[1])])
    method = make(key).fit(table, y)
    assert list(method.feature_names_in_[:2]) == ["sample_0", "sample_1"]
    np.testing.assert_array_equal(scores(method, table), scores(make(key).fit(X, y), X))
    with pytest.raises(ValueError, match="feature names"):
        method.predict(table.rename(columns={"sample_0": "first"}))
