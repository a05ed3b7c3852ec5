"""What is imported when: names are loaded at first use."""

import subprocess
import sys

import pytest

import sklearn_mer
from sklearn_mer import methods

LARGE = {"imblearn", "librosa", "matplotlib", "skorch", "torch"}


def imported_by(code, *words):
    """Return the names of all modules that a new process has imported in the end."""
    code += "\nimport sys; print(*sys.modules)"
    command = [sys.executable, "-c", code, *words]
    return set(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split())


def test_importing_the_library_loads_nothing_large():
    found = imported_by("import sklearn_mer; import sklearn_mer.methods")
    assert not found & {*LARGE, "numba", "numpy", "pandas", "scipy", "sklearn"}
    assert "sklearn_mer.methods" in found


@pytest.mark.slow
def test_a_model_without_a_network_predicts_without_torch(wav_files):
    code = (
        "import sys; from sklearn_mer import load_model, predict_songs\n"
        "assert predict_songs(load_model('default'), sys.argv[1:]).loc[0, 'error'] == ''"
    )
    found = imported_by(code, wav_files[0])
    assert "numba" in found
    assert not found & LARGE


def test_all_names_are_there():
    assert {*methods.__all__, "__version__", "load_model"} <= {*sklearn_mer.__all__}
    assert {*sklearn_mer.__all__, *sklearn_mer._SUBPACKAGES} == {*dir(sklearn_mer)}
    for name in dir(sklearn_mer):
        assert getattr(sklearn_mer, name) is not None


def test_an_unknown_name_imports_nothing(monkeypatch):
    monkeypatch.delitem(sys.modules, "sklearn_mer.methods")
    for name in ("_private", "Nothing", "__wrapped__"):
        assert not hasattr(sklearn_mer, name)
    assert "sklearn_mer.methods" not in sys.modules
