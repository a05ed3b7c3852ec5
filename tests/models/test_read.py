"""What stands in ``model.json``: forged files with right checksums."""

import copy

import forged
import numpy as np
import pytest
from cases import make
from sklearn.ensemble import RandomForestClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from sklearn_mer import SVMBaseline
from sklearn_mer.models import ModelFileError, load_model, save_model

X = np.random.RandomState(0).normal(size=(40, 3)) + np.arange(40)[:, None] % 4
Y = np.array(["Q1", "Q2", "Q3", "Q4"] * 10)
MODELS = {
    "svm": lambda clips: SVMBaseline(features="columns").fit(X, Y),
    "svc": lambda clips: make_pipeline(StandardScaler(), SVC(random_state=0)).fit(X, Y),
    "random": lambda clips: SVC(random_state=np.random.RandomState(0)).fit(X, Y),
    "forest": lambda clips: RandomForestClassifier(2, random_state=0).fit(X, Y),
    "cnn": lambda clips: make("cnn").fit(*clips),
}


@pytest.fixture(scope="module")
def saved(clips, tmp_path_factory):
    """{name: parts of its file}."""
    folder = tmp_path_factory.mktemp("models")
    return {
        name: forged.parts(save_model(made(clips), folder / "model.mer").read_bytes())
        for name, made in MODELS.items()
    }


@pytest.fixture
def refused(saved, tmp_path):
    """Assert that a file with one change is refused, and that it is fine without."""

    def check(name, change, message):
        info, structure, arrays = copy.deepcopy(saved[name])
        path = tmp_path / "model.mer"
        path.write_bytes(forged.whole(info, structure, arrays))
        load_model(path)
        change(structure, arrays)
        path.write_bytes(forged.whole(info, structure, arrays))
        with pytest.raises(ModelFileError, match=message):
            load_model(path)

    return check


def node(structure, last_name):
    return forged.objects(structure, last_name)[0]


def setting(last_name, where, key, value):
    """Return a change of an attribute of an object."""

    def change(structure, arrays):
        node(structure, last_name)["defaults"].pop(key, None)
        node(structure, last_name)[where][key] = value

    return change


@pytest.mark.parametrize(
    "name",
    [
        "os.system",
        "builtins.eval",
        "sklearn.svm.NuSVC",
        "sklearn.svm._classes.SVC",
        "sklearn_mer.methods.make_method",
        "sklearn_mer.audio.ClipCache",
        "sklearn_mer.FeatureSource.__init__",
        "sklearn_mer.study.CellResults",
        "SVC",
        "",
        None,
        3,
        ["sklearn.svm.SVC"],
        {"a": 1},
    ],
)
def test_no_other_class_is_made(name, refused):
    def change(structure, arrays):
        node(structure, "SVC")["class"] = name

    refused("svc", change, "none of those allowed|content is no model")


@pytest.mark.parametrize(
    ("where", "key", "value", "message"),
    [
        ("state", "__class__", 1, "no attribute of"),
        ("state", "a b", 1, "no attribute of"),
        ("state", "predict", 1, r"would replace sklearn_mer\.methods\.SVMBaseline\.predict"),
        ("state", "fit", None, "would replace"),
        ("state", "_validate_params", 1, "would replace"),
        ("params", "C", -1.0, "wrong parameter: The 'C' parameter of SVMBaseline"),
        ("params", "C", {"is": "float", "value": "nan"}, "wrong parameter"),
        ("params", "features", {"is": "tuple", "items": []}, "wrong parameter"),
        ("params", "new", 1, r"SVMBaseline\(new=\), which the installed version has not"),
        ("state", "classes_", {"is": "objects", "shape": [1], "items": ["Q1"]}, "names 1 classes"),
        ("state", "classes_", {"is": "objects", "shape": [2], "items": ["Q1"]}, "no model"),
        (
            "state",
            "classes_",
            {"is": "objects", "shape": [1], "items": [["Q1"]]},
            "more than names",
        ),
        ("state", "x_", {"is": "array", "number": 0}, "not in it, or in two places"),
        ("state", "x_", {"is": "array", "number": 10**6}, "not in it"),
        ("state", "x_", {"is": "array", "number": True}, "not in it"),
        ("state", "x_", {"is": "array"}, "KeyError"),
        ("state", "x_", {"is": "same", "as": 77}, "which nothing before has"),
        ("state", "x_", {"is": "pickle", "value": "cos"}, "unknown kind 'pickle'"),
        ("state", "x_", {}, "unknown kind None"),
        ("state", "x_", {"is": ["array"]}, "no model"),
        ("state", "x_", {"is": "float", "value": "1e5"}, "is no float"),
        ("state", "x_", {"is": "scalar", "dtype": "int8", "value": 300}, "no model"),
        ("state", "x_", {"is": "scalar", "dtype": "int64", "value": 1.5}, "is no int64"),
        ("state", "x_", {"is": "scalar", "dtype": "float64", "value": "1"}, "is no float64"),
        ("state", "x_", {"is": "scalar", "dtype": "object_", "value": 1}, "no model"),
        ("state", "x_", {"is": "dtype", "value": "i4,O"}, "has the type"),
        ("state", "x_", {"is": "dict", "items": [["a", 1], ["a", 2]]}, "a key stands twice"),
        ("state", "x_", {"is": "dict", "items": [[[], 1]]}, "no model"),
        ("state", "x_", {"is": "net", "network": None}, "holds no network"),
        ("state", "x_", {"is": "object", "class": "sklearn_mer.nets.MelCNN"}, "has no weights"),
    ],
)
def test_odd_nodes_are_refused(where, key, value, message, refused):
    refused("svm", setting("SVMBaseline", where, key, value), message)


def test_places_on_this_machine_are_not_taken_from_a_file(refused):
    refused(
        "svc", setting("Pipeline", "params", "memory", "/tmp/x"), r"a place .*Pipeline\(memory="
    )
    refused(
        "cnn",
        setting("MelSpectrogram", "params", "cache", {"is": "path", "value": "/x"}),
        "a place",
    )


def test_arrays_that_belong_to_nothing(refused):
    refused("svm", lambda structure, arrays: arrays.append(np.zeros(2)), "1 arrays in it belong to")


def test_what_is_no_estimator(refused):
    def change(structure, arrays):
        structure["model"] = 3
        del arrays[:]

    refused("svm", change, "holds no estimator")
    refused("svm", lambda structure, arrays: structure.clear(), "no model: KeyError")


@pytest.mark.parametrize("position", [625, -1, 2**31, 1.5, None])
def test_random_states_that_read_beyond_their_numbers(position, refused):
    def change(structure, arrays):
        items = dict(node(structure, "SVC")["params"]["random_state"]["state"]["items"])
        dict(items["state"]["items"])  # of key and pos
        items["state"]["items"] = [
            [key, position if key == "pos" else value] for key, value in items["state"]["items"]
        ]

    refused("random", change, "a random state in it is none")


def network(structure):
    return node(structure, "CNNBaseline")["state"]["net_"]["network"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda n, arrays: n["weights"].pop(), "Missing key"),
        (lambda n, arrays: n["weights"].__setitem__(0, ["x", n["weights"][0][1]]), "Missing key"),
        (lambda n, arrays: n["arguments"].update(n_classes=10**9), "size mismatch"),
        (lambda n, arrays: n["arguments"].update(n_classes=-3), "no model"),
        (lambda n, arrays: n["arguments"].update(n_classes="a"), "no model"),
        (lambda n, arrays: n["arguments"].update(more=1), "no model: TypeError"),
        (lambda n, arrays: n.update({"class": "sklearn_mer.nets.RowAutoencoder"}), "no model"),
        (lambda n, arrays: n.update({"class": "sklearn.svm.SVC"}), "is no network"),
        (lambda n, arrays: n.pop("frozen"), "no model"),
    ],
)
def test_networks_that_are_none(change, message, refused):
    refused("cnn", lambda structure, arrays: change(network(structure), arrays), message)


@pytest.mark.parametrize(
    ("new", "message"),
    [
        (lambda old: np.full_like(old, np.nan), "NaN, infinite, or no numbers"),
        (lambda old: np.full_like(old, np.inf), "NaN, infinite, or no numbers"),
        (lambda old: old.astype(np.float64), "of another type"),
        (lambda old: old.astype("U3"), "no numbers"),
        (lambda old: old[None], "size mismatch|no model"),
        (lambda old: old[:1], "size mismatch|no model"),
    ],
)
def test_weights_that_are_none(new, message, refused):
    def change(structure, arrays):
        (number,) = {
            values["values"]["number"]
            for name, values in network(structure)["weights"]
            if name == "hidden_layer.weight"
        }
        arrays[number] = new(arrays[number])

    refused("cnn", change, message)


def test_a_network_of_fewer_classes_than_are_named(refused):
    def change(structure, arrays):
        arrays[node(structure, "CNNBaseline")["state"]["classes_"]["number"]] = np.array(["a", "b"])

    refused("cnn", change, r"CNNBaseline in it names 2 classes, but has \[4\]")


def test_parameters_of_other_versions(saved, tmp_path):
    info, structure, arrays = copy.deepcopy(saved["svm"])
    defaults = node(structure, "SVMBaseline")["defaults"]
    del defaults["n_trials"]  # newer than the file
    defaults["gone"] = 3  # older, and nobody had set it
    node(structure, "SVC")["defaults"]["shrinking"] = "deprecated"
    path = tmp_path / "model.mer"
    path.write_bytes(forged.whole(info, structure, arrays))
    svm = load_model(path)
    assert svm.n_trials == 50
    assert "gone" not in vars(svm)
    assert svm.pipeline_[-1].shrinking is True


def test_a_parameter_without_a_default_must_be_there(clips, tmp_path):
    from sklearn_mer import KernelFusion

    fusion = KernelFusion([("all", "columns")]).fit(X, Y)
    content = save_model(fusion, tmp_path / "model.mer").read_bytes()
    info, structure, arrays = forged.parts(content)
    del node(structure, "KernelFusion")["params"]["groups"]
    (tmp_path / "model.mer").write_bytes(forged.whole(info, structure, arrays))
    with pytest.raises(ModelFileError, match=r"does not say .*KernelFusion\(groups=\)"):
        load_model(tmp_path / "model.mer")


def test_other_versions_of_scikit_learn_are_told(saved, tmp_path):
    info, structure, arrays = copy.deepcopy(saved["svm"])
    info["versions"]["scikit-learn"] = "0.1.2"
    path = tmp_path / "model.mer"
    path.write_bytes(forged.whole(info, structure, arrays))
    with pytest.warns(UserWarning, match=r"saved with scikit-learn 0\.1\.2, and .* is installed"):
        load_model(path)
    node(structure, "SVC")["params"]["gone"] = 1
    path.write_bytes(forged.whole(info, structure, arrays))
    with pytest.raises(ModelFileError, match=r"SVC\(gone=\).*Also, the model was saved with"):
        load_model(path)
