import numpy as np
import pandas as pd
import pytest
import sklearn
from sklearn.base import clone
from sklearn.dummy import DummyClassifier
from sklearn.model_selection import GridSearchCV, StratifiedGroupKFold, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer

from sklearn_mer.model_selection import LabelledGroupKFold, RepeatedStratifiedGroupKFold

N_CLIPS = 800


@pytest.fixture
def clips():
    """Artists with one to eight clips, mostly of one quadrant, in imbalanced classes."""
    rng = np.random.RandomState(0)
    artists, quadrants = [], []
    while len(artists) < N_CLIPS:
        size = rng.randint(1, 9)
        leaning = rng.dirichlet([0.8, 0.8, 0.6, 0.4])
        quadrants += list(rng.choice(["Q1", "Q2", "Q3", "Q4"], size=size, p=leaning))
        artists += [f"artist {len(artists)}"] * size
    return np.zeros((N_CLIPS, 1)), np.array(quadrants[:N_CLIPS]), np.array(artists[:N_CLIPS])


def _splits(cv, clips):
    X, y, groups = clips
    return [(tuple(train), tuple(test)) for train, test in cv.split(X, y, groups=groups)]


def test_groups_are_never_on_both_sides_and_each_repeat_is_a_partition(clips):
    _, _, groups = clips
    cv = RepeatedStratifiedGroupKFold(n_splits=10, n_repeats=3, random_state=1)
    splits = _splits(cv, clips)
    assert len(splits) == cv.get_n_splits() == 30
    for train, test in splits:
        assert not set(groups[list(train)]) & set(groups[list(test)])
        assert sorted(train + test) == list(range(N_CLIPS))
    for repeat in range(3):
        tested = sum((test for _, test in splits[repeat * 10 : repeat * 10 + 10]), ())
        assert sorted(tested) == list(range(N_CLIPS))


@pytest.mark.parametrize("seed", range(5))
def test_class_shares_stay_within_the_stated_bound(clips, seed):
    _, y, _ = clips
    overall = np.array([(y == label).mean() for label in np.unique(y)])
    cv = RepeatedStratifiedGroupKFold(n_splits=10, n_repeats=2, random_state=seed)
    for _, test in _splits(cv, clips):
        fold = y[list(test)]
        shares = np.array([(fold == label).mean() for label in np.unique(y)])
        assert np.abs(shares - overall).max() <= 0.05


def test_repeats_differ_and_a_seed_gives_the_same_splits(clips):
    cv = RepeatedStratifiedGroupKFold(n_splits=5, n_repeats=3, random_state=1)
    splits = _splits(cv, clips)
    assert splits == _splits(cv, clips)
    assert splits == _splits(clone(cv, safe=False), clips)
    repeats = [frozenset(test for _, test in splits[i : i + 5]) for i in (0, 5, 10)]
    assert len(set(repeats)) == 3
    other = RepeatedStratifiedGroupKFold(n_splits=5, n_repeats=3, random_state=2)
    assert splits != _splits(other, clips)


def test_the_first_repeat_is_scikit_learns_own(clips):
    X, y, groups = clips
    rng = np.random.RandomState(1)
    expected = list(StratifiedGroupKFold(5, shuffle=True, random_state=rng).split(X, y, groups))
    cv = RepeatedStratifiedGroupKFold(n_splits=5, n_repeats=1, random_state=1)
    for (train, test), (train_, test_) in zip(expected, cv.split(X, y, groups), strict=True):
        np.testing.assert_array_equal(train, train_)
        np.testing.assert_array_equal(test, test_)


@pytest.mark.parametrize("routing", [False, True])
def test_cross_val_score_and_grid_search_pass_groups(clips, routing):
    X, y, groups = clips
    cv = RepeatedStratifiedGroupKFold(n_splits=3, n_repeats=2, random_state=0)
    with sklearn.config_context(enable_metadata_routing=routing):
        given = {"params": {"groups": groups}} if routing else {"groups": groups}
        scores = cross_val_score(DummyClassifier(), X, y, cv=cv, **given)
        search = GridSearchCV(DummyClassifier(), {"strategy": ["prior", "uniform"]}, cv=cv)
        search.fit(X, y, groups=groups)
    assert scores.shape == (6,)
    assert search.n_splits_ == 6


def test_groups_are_requested_by_default_and_the_request_can_be_changed():
    cv = RepeatedStratifiedGroupKFold()
    assert cv.get_metadata_routing().split.requests == {"groups": True}
    with sklearn.config_context(enable_metadata_routing=True):
        cv.set_split_request(groups="artist")
    assert cv.get_metadata_routing().split.requests == {"groups": "artist"}


def test_repr_names_the_parameters():
    cv = RepeatedStratifiedGroupKFold(n_splits=4, n_repeats=2, random_state=3)
    expected = "RepeatedStratifiedGroupKFold(n_repeats=2, n_splits=4, random_state=3)"
    assert repr(cv) == expected


def test_missing_groups_are_refused(clips):
    X, y, _ = clips
    with pytest.raises(ValueError, match="groups"):
        next(RepeatedStratifiedGroupKFold().split(X, y))


@pytest.mark.parametrize(
    "wrong", [{"n_splits": 1}, {"n_splits": 2.5}, {"n_repeats": 0}, {"n_repeats": True}]
)
def test_counts_out_of_range_are_refused(wrong):
    with pytest.raises(ValueError, match=f"{next(iter(wrong))} must be an int of at least"):
        RepeatedStratifiedGroupKFold(**wrong)


class NotingTraining(DummyClassifier):
    """Stores the artists of the training clips, the first column of X."""

    seen = []

    def fit(self, X, y):
        self.seen.append(set(X[:, 0]))
        return super().fit(X, y)


@pytest.fixture
def heard():
    NotingTraining.seen.clear()
    return NotingTraining.seen


@pytest.fixture
def numbered(clips):
    """X with the number of the artist of each clip, labels, and the same numbers as groups."""
    _, y, groups = clips
    artists = np.unique(groups, return_inverse=True)[1]
    return artists[:, None].astype(float), y, artists


def training_sides(cv, numbered):
    """Return the artists of each training set."""
    X, y, groups = numbered
    return [set(X[train, 0]) for train, _ in cv.split(X, y, groups)]


def test_routed_groups_reach_cross_val_score(numbered, heard):
    X, y, groups = numbered
    cv = RepeatedStratifiedGroupKFold(n_splits=3, n_repeats=2, random_state=0)
    with sklearn.config_context(enable_metadata_routing=True):
        pipeline = make_pipeline(FunctionTransformer(), NotingTraining())
        cross_val_score(pipeline, X, y, cv=cv, params={"groups": groups})
        assert heard == training_sides(cv, numbered)
        # A name of one's own is what the splitter asks for then.
        other = clone(cv, safe=False).set_split_request(groups="artist")
        cross_val_score(pipeline, X, y, cv=other, params={"artist": groups})
        assert heard[6:] == heard[:6]
        with pytest.raises(TypeError, match="groups"):
            cross_val_score(pipeline, X, y, cv=other, params={"groups": groups})


def test_routed_groups_reach_a_grid_search_and_one_inside_a_pipeline(numbered, heard):
    X, y, groups = numbered
    cv = RepeatedStratifiedGroupKFold(n_splits=3, n_repeats=1, random_state=0)
    everybody = set(X[:, 0])
    with sklearn.config_context(enable_metadata_routing=True):
        search = GridSearchCV(NotingTraining(), {"strategy": ["prior"]}, cv=cv)
        search.fit(X, y, groups=groups)
        assert heard == [*training_sides(cv, numbered), everybody]
        heard.clear()
        make_pipeline(FunctionTransformer(), search).fit(X, y, groups=groups)
        assert heard == [*training_sides(cv, numbered), everybody]


def test_routed_groups_reach_both_levels_of_a_nested_search(numbered, heard):
    X, y, groups = numbered
    cv = RepeatedStratifiedGroupKFold(n_splits=3, n_repeats=1, random_state=0)
    with sklearn.config_context(enable_metadata_routing=True):
        search = GridSearchCV(NotingTraining(), {"strategy": ["prior"]}, cv=cv)
        cross_val_score(make_pipeline(search), X, y, cv=cv, params={"groups": groups})
    assert len(heard) == 3 * (3 + 1)
    for fold, outer in enumerate(training_sides(cv, numbered)):
        *inner, refit = heard[4 * fold : 4 * fold + 4]
        assert refit == outer
        assert all(side < outer for side in inner)
        # Each artist of the outer training side is left out by one inner fold alone.
        left_out = [artist for side in inner for artist in outer - side]
        assert sorted(left_out) == sorted(outer)


def test_routing_without_groups_is_refused(numbered):
    X, y, _ = numbered
    cv = RepeatedStratifiedGroupKFold(n_splits=3, n_repeats=1)
    with sklearn.config_context(enable_metadata_routing=True):
        with pytest.raises(ValueError, match="groups parameter should not be None"):
            cross_val_score(DummyClassifier(), X, y, cv=cv)
        with pytest.raises(ValueError, match="groups parameter should not be None"):
            GridSearchCV(DummyClassifier(), {"strategy": ["prior"]}, cv=cv).fit(X, y)


@pytest.fixture
def table(clips):
    X, y, artists = clips
    labels = np.random.RandomState(0).permutation(N_CLIPS)
    return pd.DataFrame(X, index=labels), y, dict(zip(map(str, labels), artists, strict=True))


def test_groups_are_found_by_the_labels_of_the_rows(table, clips):
    X, y, groups = table
    cv = LabelledGroupKFold(groups, 4, random_state=3)
    expected = StratifiedGroupKFold(4, shuffle=True, random_state=3).split(X, y, clips[2])
    for (train, test), (known, _) in zip(cv.split(X, y), expected, strict=True):
        np.testing.assert_array_equal(train, known)
        assert len(train) + len(test) == N_CLIPS
    assert cv.get_n_splits() == 4


def test_labelled_groups_stay_together_inside_a_search(table):
    X, y, groups = table
    cv = LabelledGroupKFold(groups, 3, random_state=0)
    part = np.random.RandomState(1).permutation(N_CLIPS)[:200]
    artists = np.array([groups[str(label)] for label in X.index[part]])
    for train, test in cv.split(X.iloc[part], y[part]):
        assert not set(artists[train]) & set(artists[test])
    search = GridSearchCV(DummyClassifier(), {"strategy": ["prior"]}, cv=cv)
    assert search.fit(X.iloc[part], y[part]).n_splits_ == 3


def test_labels_without_a_group_and_clips_without_labels_are_refused(table):
    X, y, groups = table
    del groups[str(X.index[7])]
    with pytest.raises(ValueError, match=f"1 of {N_CLIPS} row labels .* such as '{X.index[7]}'"):
        next(LabelledGroupKFold(groups).split(X, y))
    for bare in (X.to_numpy(), list(y)):
        with pytest.raises(ValueError, match="X must be a table with row labels, got"):
            next(LabelledGroupKFold(groups).split(bare, y))
    with pytest.raises(ValueError, match="n_splits must be an int of at least 2, got 1"):
        LabelledGroupKFold(groups, 1)
