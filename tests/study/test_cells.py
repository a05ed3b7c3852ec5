import pickle

import numpy as np
import pandas as pd
import pytest
from fake_estimators import Network
from sklearn.dummy import DummyClassifier
from sklearn.model_selection import GridSearchCV, RepeatedStratifiedKFold, StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import QuantileTransformer, StandardScaler
from sklearn.svm import SVC
from study_runs import Lacking, available

from sklearn_mer.methods import Method
from sklearn_mer.study import Protocol, StudyData, plan_cells, run_cells, select_methods
from sklearn_mer.study._cells import cell_seed, inner_folds
from sklearn_mer.study._keys import canonical_parameters
from sklearn_mer.study._score import seeded


def test_plan_is_every_method_on_the_papers_splits_fold_by_fold(data, protocol):
    methods = [Method("a", DummyClassifier()), Method("b", SVC())]
    cells = plan_cells(methods, data, protocol)
    expected = list(
        RepeatedStratifiedKFold(n_splits=3, n_repeats=2, random_state=1).split(data.X, data.y)
    )
    assert len(cells) == 2 * len(expected)
    order = [(cell.repeat, cell.fold, cell.method.key) for cell in cells]
    assert order == sorted(order)
    for i, (train, test) in enumerate(expected):
        for cell in cells[2 * i : 2 * i + 2]:
            np.testing.assert_array_equal(cell.train, train)
            np.testing.assert_array_equal(cell.test, test)
    assert len({cell.key for cell in cells}) == len(cells)


def test_groups_are_kept_whole(data):
    cells = plan_cells(
        [Method("a", SVC())], data, Protocol(n_splits=3, n_repeats=2, groups="artist")
    )
    assert len(cells) == 6
    for cell in cells:
        assert not set(data.groups[cell.train]) & set(data.groups[cell.test])


def test_some_methods_can_have_fewer_folds(data, protocol):
    methods = [Method("cheap", SVC()), Method("dear", SVC())]
    cells = plan_cells(methods, data, protocol, folds_per_method={"dear": 2})
    keys = [cell.method.key for cell in cells]
    assert (keys.count("cheap"), keys.count("dear")) == (6, 2)
    assert [(c.repeat, c.fold) for c in cells if c.method.key == "dear"] == [(0, 0), (0, 1)]


def test_seeds_differ_between_cells_and_are_the_same_for_every_method(data, protocol):
    methods = [Method("a", DummyClassifier()), Method("b", SVC())]
    cells = plan_cells(methods, data, protocol)
    assert len({cell.seed for cell in cells}) == len(cells) / 2
    assert all(cell.task[1] == cell.seed for cell in cells)
    assert cells[0].seed == cell_seed(1, 0, 0) != cell_seed(2, 0, 0)
    assert all(0 <= cell_seed(1, i, 0) < 2**31 for i in range(100))


def test_only_unset_seeds_of_a_pipeline_are_set():
    pipeline = make_pipeline(
        QuantileTransformer(random_state=3), StandardScaler(), DummyClassifier()
    )
    params = seeded(pipeline, 7).get_params()
    assert params["quantiletransformer__random_state"] == 3
    assert params["dummyclassifier__random_state"] == 7
    assert pipeline.get_params()["dummyclassifier__random_state"] is None


def test_more_folds_than_clips_are_refused(data):
    with pytest.raises(ValueError, match="16 folds need at least two classes of 16 clips"):
        plan_cells([Method("a", SVC())], data, Protocol(n_splits=16))


def test_groups_must_be_there_and_enough(data):
    wanted = Protocol(n_splits=3, groups="artist")
    method = [Method("a", SVC())]
    with pytest.raises(ValueError, match="has no groups"):
        plan_cells(method, StudyData("bare", data.X, data.y), wanted)
    with pytest.raises(ValueError, match="at least 3 groups; data set 'two' has 2"):
        plan_cells(method, StudyData("two", data.X, data.y, np.arange(60) % 2), wanted)


def test_device_is_in_the_parameters_but_changes_no_key(data, protocol):
    on_cpu = plan_cells([Method("n", Network(device="cpu"))], data, protocol)
    on_gpu = plan_cells([Method("n", Network(device="cuda"))], data, protocol)
    assert [cell.key for cell in on_cpu] == [cell.key for cell in on_gpu]
    assert on_gpu[0].task[0].device == "cuda"


def test_rows_are_chosen_by_key_and_set_up_for_a_device():
    found = select_methods(available("paper"), keys=["net", "chance"], device="cpu")
    assert [row.key for row in found] == ["net", "chance"]
    assert found[0].estimator.device == "cpu"
    assert [row.key for row in select_methods(available("paper"))] == list(available("paper"))


@pytest.mark.parametrize(
    ("n_methods", "protocol"), [(1, Protocol(10, 10**9)), (200_000, Protocol(10, 1))]
)
def test_a_plan_of_millions_of_cells_is_refused_at_once(data, n_methods, protocol):
    methods = [Method("a", SVC())] * n_methods
    with pytest.raises(ValueError, match="cells; a plan has at most 100000"):
        plan_cells(methods, data, protocol)


def test_rows_that_lack_a_file_have_no_cells(data, protocol):
    cells = plan_cells([Lacking("absent", SVC()), Method("svm", SVC())], data, protocol)
    assert {cell.method.key for cell in cells} == {"svm"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("n_splits", value) for value in ("two", 2.5, 0)),
        *(("n_repeats", value) for value in (None, 0)),
        *(("seed", value) for value in (-1, None, "x")),
        ("groups", True),
    ],
)
def test_other_protocols_are_refused(name, value):
    with pytest.raises(ValueError, match=f"'{name}' parameter of Protocol must be .*{value!r}"):
        Protocol(**{name: value})


def test_rows_that_cannot_be_chosen():
    rows = {"svm": Method("svm", SVC())}
    with pytest.raises(ValueError, match=r"Unknown methods \['svn'\]\. Did you mean 'svm'\? Choo"):
        select_methods(rows, keys=["svn"])
    for wrong in ({"keys": "svm"}, {"device": "tpu"}):
        with pytest.raises(ValueError, match="parameter of select_methods must be"):
            select_methods(rows, **wrong)


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


@pytest.fixture
def split_data(data):
    parts = np.tile(["train", "train", "train", "validate", "test"], 12)
    return StudyData("tiny", data.X, data.y, data.groups, split=parts)


def test_a_fixed_split_is_one_cell_of_each_method(split_data):
    (cell,) = plan_cells([Method("a", SVC())], split_data, Protocol(1, 1))
    assert set(split_data.split[cell.train]) == {"train"}
    assert set(split_data.split[cell.test]) == {"test"}
    folds = inner_folds(split_data, Protocol(1, 1), 5)
    assert folds.get_n_splits() == 5
    with pytest.raises(ValueError, match="--inner-folds must be from 2 to 9"):
        inner_folds(split_data, Protocol(1, 1), 10)


def test_one_split_and_a_fixed_split_go_together(data, split_data):
    methods = [Method("a", SVC())]
    with pytest.raises(ValueError, match="data set 'tiny' has none, and n_splits=1"):
        plan_cells(methods, data, Protocol(1, 1))
    with pytest.raises(ValueError, match="data set 'tiny' has one, and n_splits=10"):
        plan_cells(methods, split_data, Protocol())
    with pytest.raises(ValueError, match="one repeat and no groups"):
        plan_cells(methods, split_data, Protocol(1, 2))
    with pytest.raises(ValueError, match="one repeat and no groups"):
        plan_cells(methods, split_data, Protocol(1, 1, "artist"))
