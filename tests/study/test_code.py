"""The code of estimators that are not of the library."""

import pickle
import sys
import threading
from functools import partial

import pytest
from sklearn.base import BaseEstimator
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer
from sklearn.svm import SVC

from sklearn_mer import available_methods
from sklearn_mer.study._code import own_code, own_modules, packed, ship

SOURCES = {
    "own_mer": "from sklearn.svm import SVC\nfrom own_helper import scale\nimport own_rest.deep\n\n"
    "class Mine(SVC):\n    def fit(self, X, y):\n        return super().fit(scale(X), y)\n",
    "own_helper": "import numpy as np\n\ndef scale(X):\n    return np.asarray(X) / 2\n",
    "own_rest/__init__": "",
    "own_rest/deep": "x = 1\n",
    "own_other": "x = 1\n",
}


@pytest.fixture
def modules(tmp_path, monkeypatch):
    """A folder on the path with modules, and what imports them anew."""
    for name, text in SOURCES.items():
        path = tmp_path / f"{name}.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    monkeypatch.syspath_prepend(tmp_path)

    def load():
        for name in [name for name in sys.modules if name.startswith("own_")]:
            del sys.modules[name]
        import own_helper
        import own_mer
        import own_other  # noqa: F401

        return own_mer.Mine, own_helper.scale

    yield load
    for name in [name for name in sys.modules if name.startswith("own_")]:
        del sys.modules[name]


def test_rows_of_the_library_have_no_code_of_their_own():
    for recipe in ("default", "paper"):
        found = {own_code(row.estimator) for row in available_methods(recipe).values()}
        assert found == {None}
    assert own_code(make_pipeline(FunctionTransformer(), SVC())) is None


@pytest.mark.parametrize("name", ["own_mer", "own_helper", "own_rest/deep", "own_other"])
def test_code_is_of_the_module_and_of_what_it_imports(modules, tmp_path, name):
    before = own_code(modules()[0]())
    assert own_code(modules()[0]()) == before
    path = tmp_path / f"{name}.py"
    path.write_text(path.read_text() + "# changed\n")
    assert (own_code(modules()[0]()) == before) == (name == "own_other")


def test_parts_count_wherever_they_are(modules):
    mine, scale = modules()
    for estimator in (
        make_pipeline(FunctionTransformer(), mine()),
        FunctionTransformer(scale),
        FunctionTransformer(partial(scale, 1)),
        FunctionTransformer(kw_args={"a": [(1, scale)]}),
    ):
        assert "own_helper" in own_modules(estimator)
        assert own_code(estimator) is not None


def test_another_version_of_an_installed_library_is_other_code(modules, monkeypatch):
    before = own_code(modules()[0]())
    monkeypatch.setattr(modules()[1].__globals__["np"], "__version__", "0")
    assert own_code(modules()[0]()) == before  # the key of a cell has numpy's
    tqdm = pytest.importorskip("tqdm")
    modules()[1].__globals__["tqdm"] = tqdm
    with_tqdm = own_code(sys.modules["own_mer"].Mine())
    monkeypatch.setattr(tqdm, "__version__", "0")
    assert len({before, with_tqdm, own_code(sys.modules["own_mer"].Mine())}) == 3


class Locked(BaseEstimator):
    """Holds what no other process can have."""

    def __init__(self, lock=None):
        self.lock = lock


def test_what_cannot_be_sent_to_a_worker_is_told():
    with pytest.raises(TypeError, match=r"A Locked cannot be sent to a worker .*--jobs 1"):
        packed((Locked(threading.Lock()), 0))


def test_what_is_shipped_needs_no_module_at_the_worker(modules):
    estimator = modules()[0]()
    ship(estimator)
    sent = packed((estimator, 0))
    for name in ("own_mer", "own_helper"):
        del sys.modules[name]
    sys.path.pop(0)
    found, _ = pickle.loads(sent)
    assert found.fit([[1.0], [2.0]], ["a", "b"]).predict([[0.2]]) == ["a"]
