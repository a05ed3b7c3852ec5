"""The folds of a nested search keep artists together where the outer ones do."""

import pickle

import numpy as np
import pandas as pd
import pytest
from sklearn.model_selection import GridSearchCV, StratifiedKFold
from sklearn.svm import SVC

from sklearn_mer.methods import Method
from sklearn_mer.study import Protocol, StudyData, plan_cells, run_cells
from sklearn_mer.study._cells import inner_folds
from sklearn_mer.study._keys import canonical_parameters


@pytest.fixture
def table(data):
    labels = [f"MT{number:03d}" for number in np.random.RandomState(0).permutation(60)]
    return StudyData("table", pd.DataFrame(data.X, index=labels), data.y, data.groups)


def test_plain_folds_are_shuffled_and_stratified(data):
    folds = inner_folds(data, Protocol(), 4)
    expected = StratifiedKFold(4, shuffle=True, random_state=0)
    for found, known in zip(
        folds.split(data.X, data.y), expected.split(data.X, data.y), strict=True
    ):
        np.testing.assert_array_equal(found[1], known[1])


def test_an_artist_is_in_one_inner_fold_of_any_part_of_the_table(table):
    folds = inner_folds(table, Protocol(groups="artist"), 3)
    assert folds.get_n_splits() == 3
    part = np.random.RandomState(1).permutation(60)[:40]
    X, y, groups = table.X.iloc[part], table.y[part], table.groups[part]
    tested = []
    for train, test in folds.split(X, y):
        assert not set(groups[train]) & set(groups[test])
        tested += list(test)
    assert sorted(tested) == list(range(40))
    loaded = pickle.loads(pickle.dumps(folds))
    assert [row for _, test in loaded.split(X, y) for row in test] == tested


def test_the_groups_are_a_part_of_a_cells_key(table):
    def digest(groups):
        data = StudyData("table", table.X.copy(), table.y, groups)
        folds = inner_folds(data, Protocol(groups="artist"), 3)
        return canonical_parameters(GridSearchCV(SVC(), {"C": [1.0]}, cv=folds))

    assert digest(table.groups) == digest(table.groups.copy())
    assert digest(table.groups) != digest(table.groups[::-1])


def test_workers_find_the_groups(table, results):
    protocol = Protocol(2, 1, groups="artist")
    search = GridSearchCV(SVC(), {"C": [0.1, 1.0]}, cv=inner_folds(table, protocol, 3))
    cells = plan_cells([Method("svm", search)], table, protocol)
    summary = run_cells(cells, table, results, n_jobs=2, progress=False)
    assert (summary.n_done, summary.failures) == (2, [])


@pytest.mark.parametrize("index", [None, [0] * 60])
def test_clips_without_labels_are_refused(data, index):
    X = data.X if index is None else pd.DataFrame(data.X, index=index)
    unlabelled = StudyData("bare", X, data.y, data.groups)
    with pytest.raises(ValueError, match="needs clips in a table with a label for each"):
        inner_folds(unlabelled, Protocol(groups="artist"), 3)
