"""Arrays that do not go together: libsvm and trees would read beyond them."""

import copy

import forged
import numpy as np
import pytest
from cases import make
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from sklearn_mer import KernelFusion
from sklearn_mer.models import ModelFileError, load_model, save_model
from sklearn_mer.models._checks import check_made

X = np.random.RandomState(0).normal(size=(40, 3)) + np.arange(40)[:, None] % 4
Y = np.array(["Q1", "Q2", "Q3", "Q4"] * 10)


@pytest.fixture
def changed(tmp_path):
    """Load a model after a change of an array of an object, by the name of the attribute."""

    def load(estimator, last_name, attribute, change):
        path = save_model(estimator, tmp_path / "model.mer")
        info, structure, arrays = forged.parts(path.read_bytes())
        state = forged.objects(structure, last_name)[0]["state"]
        for name in [attribute] if isinstance(attribute, str) else attribute:
            if isinstance(state[name], dict) and state[name]["is"] == "array":
                state[name].pop("axes", None)
                arrays[state[name]["number"]] = change(arrays[state[name]["number"]])
            else:
                state[name] = change(state[name])
        path.write_bytes(forged.whole(info, structure, arrays))
        return load_model(path)

    return load


@pytest.mark.parametrize(
    ("attribute", "change"),
    [
        ("support_vectors_", lambda a: a[:-1]),
        ("support_vectors_", lambda a: np.hstack([a, a])),
        ("support_vectors_", lambda a: a.astype(np.float32)),
        ("support_", lambda a: a[:-1]),
        ("support_", lambda a: a.astype(np.int64)),
        ("_n_support", lambda a: a * 1000),
        ("_n_support", lambda a: np.array([-1, 1, a.sum(), 0], dtype=np.int32)),
        ("_n_support", lambda a: a[:-1]),
        ("_dual_coef_", lambda a: a[:1]),
        ("_dual_coef_", lambda a: a.T.copy()),
        ("_intercept_", lambda a: a[:1]),
        ("_probA", lambda a: np.zeros(1)),
        ("_probB", lambda a: np.zeros(1)),
        ("classes_", lambda a: np.array([str(i) for i in range(50)])),
        ("classes_", lambda a: a[:2]),
        ("shape_fit_", lambda node: {"is": "tuple", "items": [40, 10**9]}),
        ("shape_fit_", lambda node: {"is": "tuple", "items": [1, 3]}),
        ("n_features_in_", lambda node: 30),
        ("_sparse", lambda node: True),
    ],
)
def test_an_svc_whose_arrays_do_not_fit(attribute, change, changed):
    with pytest.raises(ModelFileError, match=r"SVC in it|content is no model"):
        changed(SVC().fit(X, Y), "SVC", attribute, change)


def test_an_svc_of_a_kernel_reads_columns_that_there_are(changed):
    svc = SVC(kernel="precomputed").fit(X @ X.T, Y)
    with pytest.raises(ModelFileError, match="do not add up"):
        changed(svc, "SVC", "support_", lambda a: a + 1000)


def test_an_svc_is_of_one_kind(tmp_path):
    svc = SVC().fit(X, Y)
    svc._impl = "one_class"
    with pytest.raises(ValueError, match="of another kind"):
        save_model(svc, tmp_path / "model.mer")


def forest_with(tmp_path, change):
    """Load a forest after a change of the node of a tree."""
    path = save_model(RandomForestClassifier(2, random_state=0).fit(X, Y), tmp_path / "model.mer")
    info, structure, arrays = forged.parts(path.read_bytes())
    trees = forged.objects(structure, "DecisionTreeClassifier")
    change(next(tree["state"]["tree_"] for tree in trees if tree["state"]), arrays)
    path.write_bytes(forged.whole(info, structure, arrays))
    return load_model(path)


@pytest.mark.parametrize(
    ("field", "place", "value"),
    [
        ("left_child", 0, 10**6),
        ("left_child", 0, -5),
        ("left_child", 1, 0),
        ("left_child", 0, 2),
        ("right_child", 0, 0),
        ("right_child", 0, -1),
        ("feature", 0, 3),
        ("feature", 0, -2),
        ("feature", 0, 2**40),
    ],
)
def test_a_tree_that_leads_astray(field, place, value, tmp_path):
    def change(tree, arrays):
        arrays[tree["nodes"]["number"]][field][place] = value

    with pytest.raises(ModelFileError, match="a tree in it"):
        forest_with(tmp_path, change)


def replace(key, new):
    def change(tree, arrays):
        number = tree[key]["number"]
        arrays[number] = new(arrays[number])

    return change


@pytest.mark.parametrize(
    "change",
    [
        replace("nodes", lambda a: a[:-1]),
        replace("nodes", lambda a: a[:0]),
        replace("nodes", lambda a: a[["left_child", "feature"]].copy()),
        replace("nodes", lambda a: np.zeros(len(a))),
        replace("values", lambda a: a[:-1]),
        replace("values", lambda a: a[:, :, :2]),
        replace("values", lambda a: a.astype(np.float32)),
        replace("n_classes", lambda a: a * 100),
        replace("n_classes", lambda a: np.array([4, 4])),
        replace("n_classes", lambda a: a.astype(float)),
        lambda tree, arrays: tree.update(n_features=2),
        lambda tree, arrays: tree.update(n_features=30),
        lambda tree, arrays: tree.update(n_features=None),
    ],
)
def test_a_tree_whose_arrays_do_not_fit(change, tmp_path):
    with pytest.raises(ModelFileError, match=r"a tree in it|content is no model|in two places"):
        forest_with(tmp_path, change)


def test_a_tree_fits_its_estimator(changed):
    forest = RandomForestClassifier(2, random_state=0).fit(X, Y)
    found = changed(copy.deepcopy(forest), "DecisionTreeClassifier", [], None)
    np.testing.assert_array_equal(found.predict_proba(X), forest.predict_proba(X))
    forest.estimators_[0].n_features_in_ = 30
    with pytest.raises(ValueError, match="does not fit its estimator"):
        changed(forest, "RandomForestClassifier", [], None)


@pytest.mark.parametrize(
    ("last_name", "attribute", "change"),
    [
        ("StandardScaler", "scale_", lambda a: a[:-1]),
        ("StandardScaler", "scale_", lambda a: a * np.nan),
        ("StandardScaler", "mean_", lambda a: a[:, None]),
        ("StandardScaler", "n_features_in_", lambda node: 5),
        ("LogisticRegression", "coef_", lambda a: a[:, :-1]),
        ("LogisticRegression", "intercept_", lambda a: a * np.inf),
    ],
)
def test_a_part_that_does_not_work(last_name, attribute, change, changed):
    model = make_pipeline(StandardScaler(), LogisticRegression()).fit(X, Y)
    with pytest.raises(ModelFileError, match=f"{last_name} in it"):
        changed(model, last_name, attribute, change)


@pytest.mark.parametrize(
    ("last_name", "attribute", "change"),
    [
        ("ClippedScaler", "mean_", lambda a: a * np.nan),
        ("ClippedScaler", "deviation_", lambda a: a[:-1]),
        ("RBF", "rows_", lambda a: a[:, :-1]),
    ],
)
def test_a_fusion_that_does_not_work(last_name, attribute, change, changed):
    fusion = KernelFusion([("a", "columns")]).fit(X, Y)
    with pytest.raises(ModelFileError, match=r"MeanKernelRidge in it|not finite"):
        changed(fusion, last_name, attribute, change)


def test_a_hybrid_of_another_number_of_classes(clips):
    hybrid = make("hybrid", augment=None, max_epochs=1).fit(*clips)
    hybrid.classes_ = hybrid.classes_[:3]
    with pytest.raises(ModelFileError, match=r"names 3 classes, but has \[4, 4, 4\]"):
        check_made(hybrid, "sklearn_mer.HybridMER")


def test_a_tree_is_as_deep_as_before(tmp_path):
    forest = RandomForestClassifier(2, max_leaf_nodes=5, random_state=0).fit(X, Y)
    loaded = load_model(save_model(forest, tmp_path / "model.mer"))
    for one, other in zip(loaded.estimators_, forest.estimators_, strict=True):
        assert one.get_depth() == other.get_depth()
        assert (one.decision_path(X) != other.decision_path(X)).nnz == 0
