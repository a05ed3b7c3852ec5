import os
import sys
from functools import partial
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd
import pytest
from fake_estimators import Network
from sklearn.decomposition import PCA
from sklearn.ensemble import BaggingClassifier
from sklearn.model_selection import (
    GridSearchCV,
    RepeatedStratifiedKFold,
    StratifiedKFold,
    StratifiedShuffleSplit,
)
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer
from sklearn.svm import SVC

from sklearn_mer import CNNBaseline
from sklearn_mer.augmentation import Gain
from sklearn_mer.methods import Method
from sklearn_mer.model_selection import LabelledGroupKFold
from sklearn_mer.study import Protocol, StudyData, plan_cells
from sklearn_mer.study import _cells as cells_module
from sklearn_mer.study._keys import (
    OF_THE_STUDY,
    PACKAGE,
    canonical_parameters,
    code_digest,
    data_digest,
    digest,
    json_digest,
    public_name,
    result_versions,
    sources_digest,
    split_digest,
)


def parameters_digest(estimator):
    return json_digest("parameters", canonical_parameters(estimator))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (SVC(C=1.0), SVC(C=2.0)),
        (SVC(gamma="scale"), SVC(gamma="auto")),
        (SVC(class_weight={"Q1": 1}), SVC(class_weight={"Q1": 2})),
        (BaggingClassifier(SVC(C=1)), BaggingClassifier(SVC(C=2))),
        (make_pipeline(PCA(2), SVC()), make_pipeline(PCA(3), SVC())),
        (make_pipeline(PCA(2), SVC()), make_pipeline(SVC())),
        (FunctionTransformer(np.log1p), FunctionTransformer(np.sqrt)),
        (FunctionTransformer(kw_args={"a": np.arange(3)}), FunctionTransformer()),
        (
            FunctionTransformer(kw_args={"a": np.arange(3)}),
            FunctionTransformer(kw_args={"a": np.arange(1, 4)}),
        ),
        (FunctionTransformer(kw_args={"a": Path("a")}), FunctionTransformer(kw_args={"a": "a"})),
        (
            FunctionTransformer(partial(np.sum, axis=0)),
            FunctionTransformer(partial(np.sum, axis=1)),
        ),
        (Network(max_epochs=2), Network(max_epochs=3)),
        (SVC(), PCA()),
    ],
)
def test_other_parameters_give_another_digest(one, other):
    assert parameters_digest(one) != parameters_digest(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (SVC(C=5), SVC(C=5)),
        (SVC(verbose=0), SVC(verbose=1)),
        (Network(device="cpu"), Network(device="cuda")),
        (Network(n_jobs=1), Network(n_jobs=2)),
        (
            make_pipeline(PCA(2), Network(n_jobs=1), memory=None),
            make_pipeline(PCA(2), Network(n_jobs=4), memory="somewhere", verbose=True),
        ),
        (SVC(C=np.float64(2.0)), SVC(C=2.0)),
        (SVC(class_weight={"Q1": 1, "Q2": 2}), SVC(class_weight={"Q2": 2, "Q1": 1})),
    ],
)
def test_equal_and_result_neutral_parameters_give_the_same_digest(one, other):
    assert parameters_digest(one) == parameters_digest(other)


def test_functions_without_a_name_of_their_own_are_refused():
    with pytest.raises(TypeError, match="Define it at the top of a module"):
        canonical_parameters(FunctionTransformer(lambda X: X))


@pytest.fixture
def folder(tmp_path):
    for i in range(4):
        (tmp_path / f"{i}.wav").write_bytes(bytes([i]) * 100)
    return tmp_path


def table(folder, **changes):
    columns = {
        "audio": [str(folder / f"{i}.wav") for i in range(4)],
        "tempo": [1.0, 2.0, 3.0, 4.0],
        "artist": ["a", "b", None, "d"],
    }
    return pd.DataFrame(columns | changes)


def test_data_counts_by_content_not_by_place(folder, tmp_path_factory):
    y = ["Q1", "Q2", "Q1", "Q2"]
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    for file in folder.iterdir():
        (elsewhere / file.name).write_bytes(file.read_bytes())
    before = data_digest(table(folder), y)
    assert data_digest(table(elsewhere), y) == before
    assert data_digest(table(folder), y[::-1]) != before
    assert data_digest(table(folder, tempo=[1.0, 2.0, 3.0, 4.5]), y) != before
    assert data_digest(table(folder, artist=list("abcd")), y) != before
    assert data_digest(table(folder).rename(columns={"tempo": "speed"}), y) != before
    assert data_digest(table(folder).iloc[::-1], y) != before


def test_changed_audio_gives_another_digest_in_the_same_process(folder):
    y = [1, 2, 1, 2]
    paths = [folder / f"{i}.wav" for i in range(4)]
    before = data_digest(paths, y)
    assert data_digest([str(path) for path in paths], y) == before
    status = paths[0].stat()
    paths[0].write_bytes(b"changed" + bytes(93))  # the same size
    os.utime(paths[0], ns=(status.st_atime_ns, status.st_mtime_ns + 1))
    assert data_digest(paths, y) != before


def test_missing_audio_is_counted_and_named(folder):
    (folder / "2.wav").unlink()
    with pytest.raises(FileNotFoundError, match=r"1 of 4 audio files are missing: .*2\.wav"):
        data_digest(table(folder), [1, 2, 1, 2])


def test_waveforms_and_labels_count_by_value_and_type():
    X = np.arange(8.0).reshape(4, 2)
    before = data_digest(X, [1, 2, 1, 2])
    assert data_digest(np.asfortranarray(X), [1, 2, 1, 2]) == before
    assert data_digest(X.astype(np.float32), [1, 2, 1, 2]) != before
    assert data_digest(X.reshape(2, 4), [1, 2, 1, 2]) != before
    assert data_digest(X + 1e-9, [1, 2, 1, 2]) != before
    assert data_digest(X, ["1", "2", "1", "2"]) != before


def test_parts_of_a_digest_do_not_run_into_each_other():
    assert digest("ab", "c") != digest("a", "bc")
    assert split_digest([1, 2], [3]) != split_digest([1], [2, 3])
    assert split_digest(np.array([1, 2], "i4"), [3]) == split_digest([1, 2], [3])


def keys(method, data, protocol):
    return {cell.key for cell in plan_cells([method], data, protocol)}


def test_anything_that_changes_a_result_changes_every_key(data, protocol, monkeypatch):
    method = Method("svm", SVC())
    before = keys(method, data, protocol)
    assert keys(Method("svm", SVC()), data, protocol) == before
    other_data = StudyData("tiny", data.X + 1, data.y)
    swapped = StudyData("tiny", data.X, data.y[::-1])
    seen = [before]
    seen += [keys(Method("svm", SVC(C=2)), data, protocol)]
    seen += [keys(Method("svm", SVC(), recipe="paper"), data, protocol)]
    seen += [keys(Method("other", SVC()), data, protocol)]
    seen += [keys(method, other_data, protocol), keys(method, swapped, protocol)]
    seen += [keys(method, data, Protocol(n_splits=3, n_repeats=2, seed=2))]
    seen += [keys(method, data, Protocol(n_splits=4, n_repeats=2))]
    seen += [keys(method, data, Protocol(n_splits=3, n_repeats=2, groups="artist"))]
    moved = result_versions() | {"scikit-learn": "0.0"}
    monkeypatch.setattr(cells_module, "result_versions", lambda: moved)
    seen += [keys(method, data, protocol)]
    assert len(set().union(*seen)) == sum(len(some) for some in seen)


def test_more_repeats_keep_the_keys_of_the_first(data):
    method = Method("svm", SVC())
    few = keys(method, data, Protocol(n_splits=3, n_repeats=1))
    assert few < keys(method, data, Protocol(n_splits=3, n_repeats=4))


def test_versions_name_releases_not_builds():
    versions = result_versions()
    assert {"sklearn_mer", "scikit-learn", "torch"} <= versions.keys()
    assert not any("+" in version for version in versions.values())


@pytest.mark.parametrize(
    ("thing", "name"),
    [
        (SVC, "sklearn.svm.SVC"),
        (CNNBaseline, "sklearn_mer.CNNBaseline"),
        (Gain, "sklearn_mer.augmentation.Gain"),
        (Network, "fake_estimators.Network"),
        (LabelledGroupKFold, "sklearn_mer.model_selection.LabelledGroupKFold"),
        (np.sum, "numpy.sum"),
    ],
)
def test_classes_are_named_by_where_they_are_public(thing, name):
    assert public_name(thing) == name


def library_with(monkeypatch, home):
    """Return a class that a library exports, and defines in the module `home`."""
    cls = type("Row", (SVC,), {"__module__": home, "__init__": SVC.__init__})
    for name in ("songs", "songs.rooms", "songs.rooms._old", "songs._new"):
        monkeypatch.setitem(sys.modules, name, ModuleType(name))
    sys.modules["songs.rooms"].__all__ = ["Row"]
    sys.modules["songs.rooms"].Row = sys.modules[home].Row = cls
    return cls


def test_moving_a_file_changes_no_key(monkeypatch):
    found = set()
    for home in ("songs.rooms._old", "songs.rooms._old.deeper"):
        monkeypatch.setitem(sys.modules, home, ModuleType(home))
        cls = library_with(monkeypatch, home)
        assert public_name(cls) == "songs.rooms.Row"
        found.add(parameters_digest(cls()))
        # As a parameter and as an object without parameters of its own, too.
        found.add(parameters_digest(BaggingClassifier(cls())))
        found.add(parameters_digest(FunctionTransformer(kw_args={"a": cls})))
        found.add(parameters_digest(FunctionTransformer(kw_args={"a": partial(cls, C=2)})))
    assert len(found) == 4


def test_a_class_that_nobody_exports_is_named_by_its_module(monkeypatch):
    cls = library_with(monkeypatch, "songs.rooms._old")
    sys.modules["songs.rooms"].__all__ = []
    assert public_name(cls) == "songs.rooms._old.Row"
    sys.modules["songs.rooms"].__all__ = ["Row"]
    sys.modules["songs.rooms"].Row = SVC  # another class of the same name
    assert public_name(cls) == "songs.rooms._old.Row"


def described_with(cv):
    return parameters_digest(BaggingClassifier(GridSearchCV(SVC(), {"C": [1.0]}, cv=cv)))


def test_splitters_count_by_what_they_were_made_with():
    def described(groups, n_splits=3):
        return described_with(LabelledGroupKFold(groups, n_splits))

    same = described({"a": "x", "b": "y"})
    assert described({"b": "y", "a": "x"}) == same
    assert described({"a": "x", "b": "x"}) != same
    assert described({"a": "x", "b": "y"}, 4) != same
    folds = [
        StratifiedKFold(3),
        StratifiedKFold(4),
        StratifiedKFold(3, shuffle=True, random_state=0),
        StratifiedKFold(3, shuffle=True, random_state=1),
        RepeatedStratifiedKFold(n_splits=3, random_state=0),
        StratifiedShuffleSplit(3, random_state=0),
        LabelledGroupKFold({}, 3, random_state=0),
    ]
    assert len({described_with(one) for one in folds}) == len(folds)
    assert described_with(StratifiedKFold(3)) == described_with(folds[0])


def test_what_cannot_be_described_is_refused():
    endless = []
    endless.append(partial(sum, endless))
    unknown = (open(os.devnull), endless[0], object(), slice(3), np.random.RandomState(0))  # noqa: SIM115
    for value in (*unknown, PCA(2).fit):
        with pytest.raises(TypeError, match="cannot be described"):
            canonical_parameters(FunctionTransformer(kw_args={"a": value}))


def test_numbers_that_json_has_no_word_for_have_one():
    def described(value):
        return parameters_digest(FunctionTransformer(kw_args={"a": value}))

    values = [float("nan"), float("inf"), -float("inf"), 0.0, "nan"]
    assert len({described(value) for value in values}) == 5
    assert described(np.float32("nan")) == described(float("nan"))


COUNTED = ("_top.py", "nets/_net.py", "study/_cells.py", "study/_score.py")
LEFT_OUT = ("study/_data.py", "study/_tables.py", "plotting/_x.py", "notes.txt")


@pytest.fixture
def package(tmp_path):
    """Sources of a small library."""
    for name in (
        "_top.py",
        "nets/_net.py",
        "study/_score.py",
        "study/_tables.py",
        "plotting/_x.py",
    ):
        path = tmp_path / "package" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("def f(x):\n    return x + 1\n")
    return tmp_path / "package"


@pytest.mark.parametrize("name", COUNTED)
def test_the_digest_of_sources_follows_those_that_can_move_a_score(package, name):
    before = sources_digest(package)
    (package / name).write_text("def f(x):\n    return x + 2\n")
    assert sources_digest(package) != before


def test_a_moved_or_new_file_is_other_code(package):
    before = sources_digest(package)
    (package / "_top.py").rename(package / "_to.py")
    assert sources_digest(package) != before
    (package / "_to.py").rename(package / "_top.py")
    assert sources_digest(package) == before
    (package / "more.py").touch()
    assert sources_digest(package) != before


@pytest.mark.parametrize("name", LEFT_OUT)
def test_the_digest_of_sources_leaves_out_what_cannot(package, name):
    before = sources_digest(package)
    (package / name).write_text("x = 2\n")
    assert sources_digest(package) == before


def test_the_files_of_the_study_that_count_are_there():
    assert all((PACKAGE / name).is_file() for name in OF_THE_STUDY)
    assert code_digest() == sources_digest(PACKAGE)
