"""What cannot be done is said so, with what was given and what to do."""

import re

import numpy as np
import pandas as pd
import pytest
import torch
from cases import KEYS, MEL, NETWORKS, make
from imblearn.over_sampling import SMOTE, RandomOverSampler
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.exceptions import NotFittedError

from sklearn_mer import (
    CNNGRU,
    CRNN,
    AutoencoderEmbedding,
    CNNBaseline,
    HybridMER,
    MelSpectrogram,
    SampleCNN,
    ShortChunkCNN,
    SummaryFeatures,
    SVMBaseline,
)
from sklearn_mer.augmentation import TimeShift


class Untouched(TransformerMixin, BaseEstimator):
    """Must not be asked: what is wrong can be told without it."""

    def fit(self, X, y=None):
        raise AssertionError("fitted")

    transform = transform_copies = fit


@pytest.mark.parametrize("key", KEYS)
def test_not_fitted(key, clips):
    with pytest.raises(NotFittedError):
        make(key).predict(clips[0])


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_waveforms_with_nan_or_infinity(key, value, clips):
    X, y = clips
    broken = X.copy()
    broken[4, 100] = value
    with pytest.raises(ValueError, match=r"NaN|infinity"):
        make(key).fit(broken, y)
    with pytest.raises(ValueError, match=r"NaN|infinity"):
        make(key).fit(X, y).predict(broken)


@pytest.mark.parametrize("key", KEYS)
def test_one_class(key, clips):
    X, y = clips
    with pytest.raises(ValueError, match=r"only one class: .*Q1"):
        make(key).fit(X, np.repeat("Q1", len(y)))


@pytest.mark.parametrize("key", KEYS)
def test_lengths_of_clips_and_labels_differ(key, clips, wav_files):
    X, y = clips
    for given in (X, wav_files, pd.DataFrame({"audio": wav_files})):
        with pytest.raises(ValueError, match=r"samples: \[12, 11\].*one label per clip"):
            make(key).fit(given, y[:-1])


LABELS = {
    "None": ([None, *"abc"] * 3, "NaN or None: 3 clips have no label, the first in row 0"),
    "NaN": ([1, np.nan, 2, 3] * 3, "NaN or None: 3 clips have no label, the first in row 1"),
    "valence": (np.linspace(0, 1, 12), "(?s)continuous.*one class label per clip.*valence"),
    "several": ([[0, 1]] * 12, r"(?s)got an array of shape \(12, 2\).*one class label per clip"),
    "ragged": ([["a"], ["b", "c"]] * 6, "(?s)inhomogeneous.*one class label per clip"),
    "dict": (dict.fromkeys("ab", 1), r"(?s)shape \(\).*one class label per clip"),
}


@pytest.mark.parametrize(("y", "message"), LABELS.values(), ids=LABELS)
def test_labels_that_are_none(y, message, clips):
    for method in (SVMBaseline(features=Untouched()), make("cnn", frontend=Untouched())):
        with pytest.raises(ValueError, match=message):
            method.fit(clips[0], y)


@pytest.mark.parametrize("key", KEYS)
def test_waveforms_of_another_length_than_in_fit(key, clips):
    X, y = clips
    with pytest.raises(ValueError, match=r"39999 features.*40000"):
        make(key).fit(X, y).predict(X[:, 1:])


@pytest.mark.parametrize("key", KEYS)
def test_all_missing_files_are_named(key, clips, wav_files):
    paths = [*wav_files[:-2], "gone1.wav", "gone2.wav"]
    with pytest.raises(ValueError, match=r"(?s)gone1\.wav.*gone2\.wav"):
        make(key).fit(paths, clips[1])


NET_MISTAKES = {
    "optimizer": "rmsprop",
    "lr": 0,
    "weight_decay": -0.1,
    "schedule": "cosine",
    "batch_size": 1,
    "max_epochs": 0,
    "stop_accuracy": 1.5,
    "precision": "float16",
    "device": "tpu",
    "n_jobs": "two",
    "random_state": "seed",
    "frontend": "mel",
    "augment": "loud",
    "standardize": "yes",
    "class_weight": "even",
}
MISTAKES = [
    *((CNNBaseline, name, value) for name, value in NET_MISTAKES.items()),
    *(
        (HybridMER, f"head_{name}" if name in ("optimizer", "lr", "batch_size") else name, value)
        for name, value in NET_MISTAKES.items()
    ),
    (CNNGRU, "n_units", 0),
    (CNNGRU, "one_step", "yes"),
    (CRNN, "width", 0),
    (CRNN, "n_units", 1.5),
    (ShortChunkCNN, "width", 0),
    (ShortChunkCNN, "segment_length", 1),
    (ShortChunkCNN, "segments_per_epoch", 0),
    (SampleCNN, "width", 0),
    (SampleCNN, "frontend", "passthrough"),
    (HybridMER, "frontend", "passthrough"),
    (HybridMER, "features", "all"),
    (HybridMER, "head", "svc"),
    (HybridMER, "n_dnns", 0),
    (HybridMER, "cnn_share", 1.5),
    (HybridMER, "cnn_lr", 0),
    (HybridMER, "dnn_max_epochs", 0),
    (HybridMER, "head_max_epochs", 0),
    (HybridMER, "dnn_batch_size", 1),
    (SVMBaseline, "features", "all"),
    (SVMBaseline, "kernel", "cosine"),
    (SVMBaseline, "C", 0),
    (SVMBaseline, "gamma", "scale"),
    (SVMBaseline, "degree", 0),
    (SVMBaseline, "degree", 2**70),
    (SVMBaseline, "class_weight", "even"),
    (SVMBaseline, "search", "grid"),
    (SVMBaseline, "n_trials", 0),
]


@pytest.mark.parametrize(("cls", "name", "value"), MISTAKES)
def test_wrong_values_of_parameters(cls, name, value, clips):
    allowed = rf"The '{name}' parameter of {cls.__name__} must be .* Got {value!r} instead"
    with pytest.raises(ValueError, match=allowed):
        cls(**{name: value}).fit(*clips)


def test_augment_with_something_else_in_the_list(clips):
    with pytest.raises(ValueError, match=r"augment must be a sampler .* got 'shift'"):
        make("cnn", augment=[TimeShift(), "shift"]).fit(*clips)


@pytest.mark.parametrize("sampler", [RandomOverSampler(), [TimeShift(), SMOTE()]])
def test_augment_with_a_sampler_of_rows(sampler, clips):
    with pytest.raises(ValueError, match=r"rows of numbers, neither.*Pipeline.*'balanced'"):
        make("cnn", augment=sampler).fit(*clips)


def test_augment_with_a_class(clips):
    with pytest.raises(ValueError, match=r"TimeShift is a class; give an instance, TimeShift\(\)"):
        make("cnn", augment=TimeShift).fit(*clips)


@pytest.mark.parametrize("key", ["cnn", "hybrid"])
def test_augment_with_a_front_end_that_makes_no_copies(key, clips):
    class Deaf(Untouched):
        transform_copies = property()

    with pytest.raises(ValueError, match=r"augment needs a front end that computes spectrograms"):
        make(key, frontend=Deaf(), augment=TimeShift()).fit(*clips)


def test_augment_of_spectrograms_made_elsewhere(clips):
    X, y = clips
    spectrograms = MEL.fit_transform(X)
    with pytest.raises(ValueError, match=r"imblearn Pipeline"):
        make("cnn", frontend="passthrough", augment=TimeShift()).fit(spectrograms, y)


def test_passthrough_takes_spectrograms_of_one_shape_only(clips):
    X, y = clips
    cnn = make("cnn", frontend="passthrough")
    with pytest.raises(ValueError, match=r"dim 2; with frontend='passthrough'"):
        cnn.fit(X, y)
    spectrograms = MEL.fit_transform(X)
    cnn.fit(spectrograms, y)
    with pytest.raises(ValueError, match=r"shape \(64, 78\), those seen in fit had \(64, 79\)"):
        cnn.predict(spectrograms[:, :, 1:])


@pytest.mark.parametrize("key", [key for key in NETWORKS if key != "sample_cnn"])
def test_a_front_end_that_gives_rows(key, clips):
    flat = MelSpectrogram(duration=2.5, flatten=True)
    with pytest.raises(ValueError, match=r"shape \(12, 10112\); spectrograms of shape .* needed"):
        make(key, frontend=flat, augment=None).fit(*clips)


def test_a_front_end_of_spectrograms_where_waveforms_are_heard(clips):
    with pytest.raises(ValueError, match=r"shape \(12, 64, 79\); waveforms of shape .* needed"):
        make("sample_cnn", frontend=MEL).fit(*clips)


def test_spectrograms_too_small_for_the_recurrent_network(clips):
    with pytest.raises(ValueError, match=r"64 mel bands x 79 frames are too small.*96 x 96"):
        make("crnn", frontend=MEL).fit(*clips)


@pytest.mark.parametrize("key", ["short_chunk", "sample_cnn"])
def test_clips_shorter_than_a_segment(key, clips):
    with pytest.raises(ValueError, match=r"shorter than segment_length=200000"):
        make(key, segment_length=200000).fit(*clips)


def test_segments_too_short_for_the_network(clips):
    with pytest.raises(ValueError, match=r"Segments of 59048 samples are too short.*59049"):
        make("sample_cnn", segment_length=59048).fit(*clips)


@pytest.mark.parametrize("key", ["cnn", "hybrid"])
def test_clips_too_short_for_the_network(key, clips):
    X, y = clips
    with pytest.raises(
        ValueError, match=r"64 mel bands x 32 frames are too small.*at least 61 x 77"
    ):
        make(key, frontend=MelSpectrogram(duration=None, n_mels=64), augment=None).fit(
            X[:, :16000], y
        )


@pytest.mark.skipif(torch.cuda.is_available(), reason="a GPU is there")
@pytest.mark.parametrize("key", NETWORKS)
def test_a_gpu_that_is_not_there_is_missed_before_the_clips_are_read(key, clips):
    method = make(key, frontend=Untouched(), device="cuda")
    if "features" in method.get_params():
        method.set_params(features=Untouched())
    with pytest.raises(ValueError, match=r"device='cuda'.*no GPU.*'auto' or 'cpu'"):
        method.fit(*clips)


def test_a_search_without_its_library_is_missed_before_the_clips_are_read(clips, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "optuna", None)
    with pytest.raises(ImportError, match=re.escape('pip install "sklearn-mer[search]"')):
        SVMBaseline(features=Untouched(), search="bayes").fit(*clips)


def test_columns_are_wanted_and_there_are_none(clips, wav_files):
    table = pd.DataFrame({"audio": wav_files})
    for method in (SVMBaseline(features="columns"), make("hybrid", features="columns")):
        with pytest.raises(ValueError, match=r"features='columns' needs X to be a table with num"):
            method.fit(table, clips[1])


def test_columns_seen_in_fit_are_missing(clips, wav_files):
    table = pd.DataFrame({"audio": wav_files, "a": np.arange(12.0), "b": 1.0})
    svm = SVMBaseline().fit(table, clips[1])
    message = (
        r"lacks . of the 2 feature columns seen in fit.*'a'.*"
        r"fit on X\[\['audio'\]\], or with features=EmotionFeatures\(\)"
    )
    for given in (table.drop(columns="a"), wav_files, table[["audio"]], table[["b"]]):
        with pytest.raises(ValueError, match=message):
            svm.predict(given)


@pytest.mark.parametrize("key", [key for key in KEYS if key != "svm"])
def test_features_alone_where_audio_is_heard(key, clips):
    table = pd.DataFrame({"tempo": np.arange(12.0), "mode": 1})
    message = r"no column 'audio' of paths, and \w+ hears audio.*X\.assign\(audio=paths\)"
    with pytest.raises(ValueError, match=message):
        make(key).fit(table, clips[1])
    if "features" in make(key).get_params():
        with pytest.raises(ValueError, match=message):
            make(key, features="columns").fit(table, clips[1])


def test_features_alone_after_waveforms(clips):
    svm = make("svm").fit(*clips)
    with pytest.raises(ValueError, match="no column 'audio' of paths, and SVMBaseline hears audio"):
        svm.predict(pd.DataFrame({"tempo": [90.0], "mode": [1.0]}))


@pytest.mark.parametrize("features", ["auto", "columns"])
def test_tables_that_are_no_features(features, clips):
    svm = SVMBaseline(features=features)
    with pytest.raises(ValueError, match=r"\['path'\] of X are not numeric.*'path': 'audio'"):
        svm.fit(pd.DataFrame({"path": ["a.wav"] * 12, "f": 1.0}), clips[1])
    with pytest.raises(ValueError, match=r"several columns with the names \['f'\]"):
        svm.fit(pd.DataFrame(np.eye(12)[:, :2], columns=["f", "f"]), clips[1])


def test_features_of_other_names_than_in_fit(clips):
    table = pd.DataFrame(np.random.default_rng(0).normal(size=(12, 3)), columns=["a", "b", "c"])
    svm = SVMBaseline().fit(table, clips[1])
    for other in (table[["a", "b"]], table.rename(columns={"a": "z"}), table[["b", "a", "c"]]):
        with pytest.raises(
            ValueError, match=r"(?s)feature names should match.*same columns in fit"
        ):
            svm.predict(other)


def test_columns_with_nan(clips, wav_files):
    table = pd.DataFrame({"audio": wav_files, "a": np.arange(12.0)})
    table.loc[7, "a"] = np.nan
    table["b"] = pd.array([1, *[None] * 2, *range(9)], dtype="Int64")
    with pytest.raises(ValueError, match=r"descriptors of 3 clips, the first in row 1"):
        SVMBaseline().fit(table, clips[1])
    with pytest.raises(ValueError, match=r"descriptors of 1 clips, the first in row 7"):
        SVMBaseline().fit(table[["audio", "a"]], clips[1])


def test_descriptors_taken_for_waveforms_are_warned_of(clips):
    described = np.random.default_rng(0).normal(size=(12, 2192))
    with pytest.warns(UserWarning, match=r"2192 columns and is read as waveforms") as caught:
        make("svm").fit(described, clips[1]).predict(described)
    assert len(caught) == 1
    assert "SVMBaseline(features='columns')" in str(caught[0].message)


def test_waveforms_taken_for_features_are_warned_of(clips):
    with pytest.warns(UserWarning, match=r"without names.*read as features.*X.to_numpy\(\)"):
        SVMBaseline().fit(pd.DataFrame(clips[0]), clips[1])


def test_a_training_that_diverges_says_so(clips):
    cnn = make("cnn", optimizer="sgd", lr=1e18, schedule="constant", max_epochs=5)
    with pytest.raises(ValueError, match=r"loss became (nan|inf) in epoch \d: .*Lower `lr`"):
        cnn.fit(*clips)


PARTS = [
    (CNNBaseline(frontend=MelSpectrogram(n_fft=2.5)), "'n_fft' parameter of MelSpectrogram"),
    (CNNBaseline(augment=TimeShift(n_copies=1.5)), "'n_copies' parameter of TimeShift"),
    (SVMBaseline(features=SummaryFeatures(cache=3)), "'cache' parameter of SummaryFeatures"),
    (HybridMER(frontend=MelSpectrogram(top_db="x")), "'top_db' parameter of MelSpectrogram"),
    (AutoencoderEmbedding(frontend=MelSpectrogram(n_mels=0)), "'n_mels' parameter of MelSpec"),
]


@pytest.mark.parametrize(("estimator", "message"), PARTS, ids=lambda part: type(part).__name__)
def test_parameters_of_parts_are_checked(estimator, message, clips):
    if isinstance(estimator, HybridMER):
        estimator.set_params(features=SummaryFeatures(duration=1.0))
    with pytest.raises(ValueError, match=message):
        estimator.fit(*clips)


def test_labels_that_are_texts_and_numbers(clips):
    y = ["Q1", 2.0] * 6
    with pytest.raises(ValueError, match=r"(?s)not supported between.*Give one class label per"):
        make("cnn").fit(clips[0], pd.Series(y, dtype=object))


def test_a_name_that_cannot_be_one_of_a_file_is_told(wav_files, clips):
    wav_files[3] = "\ud800.wav"
    with pytest.raises(ValueError, match="its path is not UTF-8"):
        make("cnn").fit(wav_files, clips[1])


@pytest.mark.parametrize(
    ("lr", "message"),
    [(1e300, "Weights are not finite after epoch 1"), (1e30, "not finite for 12 of 12 inputs")],
)
def test_a_last_step_that_diverges_says_so(lr, message, clips):
    net = make("cnn", lr=lr, max_epochs=1, batch_size=12, schedule="constant", optimizer="sgd")
    with pytest.raises(ValueError, match=f"{message}.*training diverged"):
        net.fit(*clips).predict(clips[0])
