"""Collections of music that are unlike the training clips."""

import pickle
import warnings

import numpy as np
import pytest
import soundfile
from random_weights import weights_files
from sklearn.base import clone
from sklearn.exceptions import NotFittedError

from sklearn_mer import EmotionFusion, KernelFusion, SummaryFeatures, SVMBaseline
from sklearn_mer.datasets import make_quadrant_clips
from sklearn_mer.methods._collections import Spread
from sklearn_mer.models import load_model, save_model

N_COLUMNS = 40


def collection(n_clips, seed, n_columns=N_COLUMNS):
    """Columns that vary mostly along a few directions, in some of which are the classes."""
    rng = np.random.default_rng(seed)
    y = np.repeat(["Q1", "Q2", "Q3", "Q4"], n_clips // 4)
    hidden = rng.normal(size=(len(y), 4))
    hidden[:, 0] += 4 * np.isin(y, ["Q1", "Q2"])
    hidden[:, 1] += 4 * np.isin(y, ["Q1", "Q4"])
    directions = np.random.default_rng(0).normal(size=(4, n_columns))
    return hidden @ directions + 0.5 * rng.normal(size=(len(y), n_columns)), y


def elsewhere(X):
    """Shift and scale every column, each in its own way."""
    rng = np.random.default_rng(1)
    return X * rng.uniform(0.2, 5, X.shape[1]) + rng.normal(0, 20, X.shape[1])


CLASSIFIERS = [
    SVMBaseline(features="columns"),
    KernelFusion([("first", list(range(15))), ("others", list(range(15, N_COLUMNS)))]),
    KernelFusion([("all", "columns")], max_exact=50, n_components=40, random_state=0),
    KernelFusion(
        [("all", "columns")],
        max_exact=1,
        approximation="fourier",
        n_components=500,
        random_state=0,
    ),
]


@pytest.fixture(params=CLASSIFIERS, ids=["svm", "fusion", "nystroem", "fourier"])
def fitted(request):
    return clone(request.param).fit(*collection(120, 0))


def test_familiarity_is_the_share_of_training_clips_that_are_as_far(fitted):
    known, _ = collection(400, 2)
    familiarity = fitted.familiarity(known)
    assert familiarity.min() >= 0
    assert familiarity.max() <= 1
    # Of clips like the training clips, a share s has a familiarity below s.
    for share in (0.05, 0.25, 0.5, 0.75):
        assert np.mean(familiarity < share) == pytest.approx(share, abs=0.1)
    assert (fitted.familiarity(elsewhere(known)[:19]) < 0.05).mean() > 0.9
    one_class = known[collection(400, 2)[1] == "Q1"]
    assert (fitted.familiarity(one_class) < 0.05).mean() < 0.15


def test_familiarity_of_a_copy_and_of_a_saved_model(fitted, tmp_path):
    X, _ = collection(40, 2)
    far = elsewhere(X)
    assert (fitted.adapt(far).familiarity(far) < 0.05).mean() < 0.3
    loaded = load_model(save_model(fitted, tmp_path / "model.mer"))
    np.testing.assert_array_equal(loaded.familiarity(X), fitted.familiarity(X))
    del fitted._spread.quantiles  # as in files from before
    with pytest.raises(ValueError, match=r"familiarity needs at least 100 clips"):
        fitted.familiarity(X)
    assert not hasattr(fitted, "predict_proba_and_familiarity")


def test_probabilities_and_familiarity_of_one_description(fitted, monkeypatch):
    X, _ = collection(8, 2)
    expected = fitted.predict_proba(X), fitted.familiarity(X)
    calls = []
    original = type(fitted)._describe
    monkeypatch.setattr(
        type(fitted), "_describe", lambda self, X: calls.append(1) or original(self, X)
    )
    assert_same(fitted.predict_proba_and_familiarity(X), expected)
    assert len(calls) == 1
    assert not hasattr(clone(fitted), "predict_proba_and_familiarity")


def test_familiarity_needs_clips_and_columns():
    few = KernelFusion([("all", "columns")]).fit(*collection(80, 0))
    with pytest.raises(ValueError, match=r"at least 100 clips in fit and 30 columns"):
        few.familiarity(collection(40, 1)[0])


def answers(classifier, X):
    """All that a classifier says of clips, without warnings."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        said = [classifier.decision_function(X), classifier.predict_proba(X)]
        if hasattr(classifier, "contributions"):
            said.append(classifier.contributions(X))
        return [classifier.predict(X).astype(object), *said]


def assert_same(first, second):
    for one, other in zip(first, second, strict=True):
        np.testing.assert_array_equal(one, other)


def test_an_adapted_copy_hears_a_collection_from_elsewhere(fitted):
    X, y = collection(40, 2)
    far = elsewhere(X)
    before = answers(fitted, far)
    adapted = fitted.adapt(far)
    assert adapted.score(far, y) > 0.85
    assert (before[0] == y).mean() < 0.7
    assert_same(answers(fitted, far), before)  # the original is unchanged
    # It does not matter in which units and from which point a collection is measured.
    for one, other in zip(answers(adapted, far), answers(fitted.adapt(X), X), strict=True):
        if one.dtype == object:
            np.testing.assert_array_equal(one, other)
        else:
            np.testing.assert_allclose(one, other, atol=1e-6)
    np.testing.assert_array_equal(
        answers(adapted, far)[1].argmax(axis=1), answers(adapted, far)[2].argmax(axis=1)
    )


def test_adapted_to_the_training_clips_it_is_the_same(fitted):
    X = collection(120, 0)[0]
    assert_same(answers(fitted.adapt(X), X), answers(fitted, X))


def test_few_clips_suffice(fitted):
    X, y = collection(400, 3)
    far = elsewhere(X)
    adapted = fitted.adapt(far[::20])
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # the rest of the collection is as expected
        assert adapted.score(far, y) > 0.85


def test_adapting_again_begins_with_the_training_clips(fitted):
    X = collection(40, 2)[0]
    twice = fitted.adapt(elsewhere(X)).adapt(X)
    assert_same(answers(twice, X), answers(fitted.adapt(X), X))


def test_clone_pickle_and_file(fitted, tmp_path):
    X = elsewhere(collection(40, 2)[0])
    adapted = fitted.adapt(X)
    assert_same(answers(pickle.loads(pickle.dumps(adapted)), X), answers(adapted, X))
    loaded = load_model(save_model(adapted, tmp_path / "adapted.mer"))
    assert_same(answers(loaded, X), answers(adapted, X))
    with pytest.warns(UserWarning, match="of the clips that it is adapted to"):
        loaded.predict(collection(40, 2)[0])
    with pytest.raises(NotFittedError):
        clone(adapted).predict(X)
    training = collection(120, 0)
    assert_same(answers(adapted.fit(*training), X), answers(fitted, X))


def test_what_cannot_be_adapted_to(fitted):
    X = collection(40, 2)[0]
    with pytest.raises(ValueError, match="adapt got 9 clips; at least 10 are needed"):
        fitted.adapt(X[:9])
    with pytest.raises(ValueError, match="10 clips that do not differ in any column"):
        fitted.adapt(np.repeat(X[:1], 10, axis=0))
    with pytest.raises(ValueError, match="features, but"):
        fitted.adapt(X[:, 1:])
    with pytest.raises(NotFittedError):
        clone(fitted).adapt(X)


def test_transformers_of_the_audio_are_adapted_too(tmp_path):
    X, y = make_quadrant_clips(24, duration=2.0, random_state=0, return_X_y=True)
    paths = [str(tmp_path / f"{i}.wav") for i in range(24)]
    for path, waveform in zip(paths, X, strict=True):
        soundfile.write(path, waveform, 16000)
    # The clips are shorter than is heard, and so limited to a range.
    svm = SVMBaseline(features=SummaryFeatures(duration=2.5)).fit(paths[:12], y[:12])
    ranges = [limits.copy() for limits in svm.feature_source_.range_]
    assert svm.adapt(paths).predict(paths[:3]).shape == (3,)
    np.testing.assert_array_equal(svm.feature_source_.range_, ranges)
    assert_same(answers(svm.adapt(paths[:12]), paths[:12]), answers(svm, paths[:12]))


@pytest.mark.slow  # the tagger hears 29 s of every clip
def test_the_best_of_the_library_is_adapted_too():
    X, y = make_quadrant_clips(16, duration=2.0, random_state=0, return_X_y=True)
    descriptors = SummaryFeatures(duration=None)
    fusion = EmotionFusion(taggers=[weights_files()["fcn"]], descriptors=descriptors).fit(X, y)
    before = answers(fusion, X[:2])
    adapted = fusion.adapt(X[4:])
    assert_same(answers(fusion, X[:2]), before)
    assert adapted.contributions(X[:2]).shape == (2, len(fusion.group_names_), 4)
    tagger, other = (f.sources_[1].transformer_.transformer_list[0][1] for f in (fusion, adapted))
    assert tagger is not other


def test_a_collection_from_elsewhere_is_told_of(fitted):
    X = elsewhere(collection(40, 2)[0])
    name = type(fitted).__name__
    match = rf"The 40 clips are, .* unlike what {name} knows: .* standard deviations away"
    for ask in (fitted.predict, fitted.predict_proba, fitted.decision_function):
        with pytest.warns(UserWarning, match=match) as told:
            ask(X)
        assert len(told) == 1
        assert told[0].filename == __file__


def test_an_adapted_copy_tells_of_other_collections():
    fitted = clone(CLASSIFIERS[0]).fit(*collection(120, 0))
    X = collection(40, 2)[0]
    with pytest.warns(UserWarning, match="of the clips that it is adapted to; chance"):
        fitted.adapt(elsewhere(X)).predict(X)


def test_nothing_is_told_of_what_is_usual(fitted):
    X, y = collection(400, 3)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        fitted.predict(X)
        fitted.predict(elsewhere(X)[:19])  # too few to be a collection
        for quadrant in np.unique(y):
            fitted.predict(X[y == quadrant][:20])
        fitted.adapt(elsewhere(X)).predict(elsewhere(X))
        for few in (collection(96, 0), collection(120, 0, 29)):  # training clips, or columns
            svm = SVMBaseline(features="columns").fit(*few)
            svm.predict(elsewhere(few[0]))


def test_the_distance_is_in_deviations_beside_the_main_directions():
    rng = np.random.default_rng(0)
    deviations = np.repeat([2.0, 0.5], 20)
    spread = Spread.of(deviations * rng.normal(size=(2000, 40)))
    usual = deviations * rng.normal(size=(2000, 40))
    assert spread.distance(usual[:50]) == pytest.approx(1 / 50, rel=0.8)
    assert spread.distance(usual + np.repeat([3.0, 0.0], 20)) < 0.05
    assert spread.distance(usual + np.repeat([0.0, 1.0], 20)) == pytest.approx(4, rel=0.1)
    # Nothing is beside the main directions of columns that repeat each other.
    assert Spread.of(np.repeat(rng.normal(size=(200, 10)), 4, axis=1)) is None
