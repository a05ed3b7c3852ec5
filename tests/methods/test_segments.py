"""Segments: what they are cut from, whom they follow, and how their answers become one."""

from collections import Counter

import numpy as np
import pytest
from cases import LONGER, MEL, SEGMENT, make, scores
from marks import FOLDS, content
from sklearn.model_selection import cross_validate

from sklearn_mer.methods import _spectrogram_classifier
from sklearn_mer.training._predict import predict_logits, softmax

METHODS = ["short_chunk", "sample_cnn"]
ARRAY = np.arange(3 * 2 * 11, dtype=np.float32).reshape(3, 2, 11)


@pytest.fixture
def reached(monkeypatch):
    """What reaches the training of a network, and how it is cut."""
    fits = []
    train_network = _spectrogram_classifier.train_network

    def noting(module, params, arrays, targets, settings, **options):
        fits.append((arrays[0], targets, params))
        return train_network(module, params, arrays, targets, settings, **options)

    monkeypatch.setattr(_spectrogram_classifier, "train_network", noting)
    return fits


@pytest.mark.parametrize("per_epoch", [None, 3])
@pytest.mark.parametrize("key", METHODS)
def test_segments_follow_their_clip(key, per_epoch, clips, reached):
    X, y = clips
    frontend = LONGER if key == "sample_cnn" else MEL
    prepared = frontend.fit_transform(X)
    length = 59049 if key == "sample_cnn" else SEGMENT
    method = make(key, segments_per_epoch=per_epoch, max_epochs=1)
    result = cross_validate(method, X, y, cv=FOLDS, return_estimator=True, error_score="raise")
    assert len(reached) == FOLDS.get_n_splits()
    for fitted, (segments, targets, params), (train, _) in zip(
        result["estimator"], reached, FOLDS.split(X, y), strict=True
    ):
        assert [content(clip) for clip in segments.array] == [content(c) for c in prepared[train]]
        # What is learned beforehand is learned from these clips too.
        assert params["mean"] == pytest.approx(prepared[train].mean(dtype=np.float64), abs=1e-6)
        assert params["std"] == pytest.approx(prepared[train].std(dtype=np.float64))
        n = per_epoch or prepared.shape[-1] // length
        assert Counter(np.arange(len(segments)) // n) == dict.fromkeys(range(len(train)), n)
        np.testing.assert_array_equal(fitted.classes_[targets], np.repeat(y[train], n))


@pytest.mark.parametrize("key", METHODS)
def test_probabilities_of_a_clip_are_the_mean_of_its_segments(key, clips):
    X, y = clips
    method = make(key).fit(X, y)
    prepared = method.frontend_.transform(X)
    n = prepared.shape[-1] // method.segment_length
    assert n > 1
    expected = []
    for clip in prepared:
        cut = [
            clip[..., k * method.segment_length :][..., : method.segment_length] for k in range(n)
        ]
        segments = np.ascontiguousarray(np.stack(cut))
        expected.append(softmax(predict_logits(method.net_, (segments,))).mean(axis=0))
    np.testing.assert_allclose(scores(method, X), expected, rtol=1e-9)


@pytest.mark.parametrize("key", METHODS)
def test_an_epoch_has_as_many_segments_as_asked_for(key, clips):
    X, y = clips
    for per_epoch, expected in [(None, 24), (1, 12), (3, 36)]:
        net = make(key, segments_per_epoch=per_epoch, max_epochs=1).fit(X, y).net_
        assert sum(net.history[-1, "batches", :, "train_batch_size"]) == expected
