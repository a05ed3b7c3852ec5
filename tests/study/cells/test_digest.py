import os
from functools import partial

import numpy as np
import pandas as pd
import pytest
from sklearn.decomposition import PCA
from sklearn.ensemble import BaggingClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer
from sklearn.svm import SVC
from study_fakes import Network

from sklearn_mer.study import Protocol, StudyData, StudyMethod, plan_cells
from sklearn_mer.study.cells import _cells as cells_module
from sklearn_mer.study.cells._data_digest import data_digest
from sklearn_mer.study.cells._digest import (
    canonical_parameters,
    digest,
    result_versions,
    split_digest,
)
from sklearn_mer.study.cells._methods import method_digest


def parameters_digest(estimator):
    return method_digest(StudyMethod("m", estimator))


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
    method = StudyMethod("svm", SVC())
    before = keys(method, data, protocol)
    assert keys(StudyMethod("svm", SVC()), data, protocol) == before
    other_data = StudyData("tiny", data.X + 1, data.y)
    swapped = StudyData("tiny", data.X, data.y[::-1])
    seen = [before]
    seen += [keys(StudyMethod("svm", SVC(C=2)), data, protocol)]
    seen += [keys(StudyMethod("svm", SVC(), recipe="paper"), data, protocol)]
    seen += [keys(StudyMethod("other", SVC()), data, protocol)]
    seen += [keys(method, other_data, protocol), keys(method, swapped, protocol)]
    seen += [keys(method, data, Protocol(n_splits=3, n_repeats=2, seed=2))]
    seen += [keys(method, data, Protocol(n_splits=4, n_repeats=2))]
    seen += [keys(method, data, Protocol(n_splits=3, n_repeats=2, groups="artist"))]
    moved = result_versions() | {"scikit-learn": "0.0"}
    monkeypatch.setattr(cells_module, "result_versions", lambda: moved)
    seen += [keys(method, data, protocol)]
    assert len(set().union(*seen)) == sum(len(some) for some in seen)


def test_more_repeats_keep_the_keys_of_the_first(data):
    method = StudyMethod("svm", SVC())
    few = keys(method, data, Protocol(n_splits=3, n_repeats=1))
    assert few < keys(method, data, Protocol(n_splits=3, n_repeats=4))


def test_versions_name_releases_not_builds():
    versions = result_versions()
    assert {"sklearn_mer", "scikit-learn", "torch"} <= versions.keys()
    assert not any("+" in version for version in versions.values())
