"""Methods of one's own by module or file, and published figures."""

import re
import sys
import textwrap
from pathlib import Path

import pandas as pd
import pytest
from study_runs import available

from sklearn_mer.study import CellResults
from sklearn_mer.study._own import own_method, percent, with_published

GUIDE = Path(__file__).parents[2] / "docs" / "user_guide" / "study.rst"
SOURCE = """
from sklearn.base import BaseEstimator
from sklearn.dummy import DummyClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer
from sklearn.svm import SVC, SVR

class Mine(DummyClassifier):
    def __init__(self, random_state=None):
        super().__init__(strategy="stratified", random_state=random_state)

class Plain:
    pass

class Needs(SVC):
    def __init__(self, C):
        super().__init__(C=C)

class Alters(SVC):
    def __init__(self, C=1):
        self.C = C + 1

class Lambda(SVC):
    def __init__(self, f=lambda x: x):
        super().__init__()
        self.f = f

def make():
    return make_pipeline(FunctionTransformer(), SVC(C=3))

made = SVC(C=4)
"""


@pytest.fixture
def file(tmp_path, monkeypatch):
    """A file with methods; what it does to the process is undone."""
    monkeypatch.setattr(sys, "path", list(sys.path))
    path = tmp_path / "own_file.py"
    path.write_text(SOURCE)
    before = set(sys.modules)
    yield path
    for name in set(sys.modules) - before:
        if name.startswith("own_"):
            del sys.modules[name]


def test_a_class_an_instance_or_what_returns_one(file, monkeypatch):
    row = own_method(f"{file}:Mine")
    assert (row.key, row.title, row.recipe) == ("own_file.Mine", "own_file.Mine", "own")
    assert own_method(f"{file}:make").estimator[-1].C == 3
    assert own_method(f"{file}:made").estimator.C == 4
    assert own_method("sklearn.svm:SVC").key == "sklearn.svm.SVC"


def test_a_module_in_the_current_folder(file, monkeypatch):
    monkeypatch.chdir(file.parent)
    assert own_method("own_file:Mine").key == "own_file.Mine"
    assert own_method("own_file.py:Mine").key == "own_file.Mine"


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("own_lost.py:Mine", "own_lost.py:Mine: there is no file own_lost.py"),
        ("own_lost:Mine", "own_lost:Mine: there is no module 'own_lost', neither on the path"),
        ("own_file.part:Mine", "the import of 'own_file.part' failed|there is no module 'own_file"),
        ("own_file:Mien", "own_file has no 'Mien'. Did you mean 'Mine'"),
        ("own_file:Plain", "own_file:Plain is no estimator: Plain has no fit. Derive"),
        ("own_file:Needs", r"cannot be called without arguments \(TypeError: .*'C'"),
        ("own_file:Alters", r"Alters cannot be cloned and described \(RuntimeError"),
        ("own_file:Lambda", "cannot be cloned and described .*Define it at the top of a module"),
        ("own_file:SVR", "own_file:SVR is no classifier. Derive SVR from"),
        (":Mine", "the import of '' failed"),
        ("statistics.py:Mine", r"another module is named statistics already .*Rename"),
        ("own_broken:Mine", r"failed in .*own_broken.py, line 2 \(import own_none\): ModuleNotFou"),
        ("own_syntax:Mine", r"the import of 'own_syntax' failed: SyntaxError: .*line 1"),
        ("own_exit:Mine", r"failed in .*own_exit.py, line 1 .*: SystemExit: 3"),
    ],
)
def test_what_is_no_method(file, monkeypatch, word, message):
    monkeypatch.chdir(file.parent)
    files = {
        "statistics": SOURCE,
        "own_broken": "x = 1\nimport own_none\n",
        "own_syntax": "x = (\n",
        "own_exit": "raise SystemExit(3)\n",
    }
    for name, text in files.items():
        (file.parent / f"{name}.py").write_text(text)
    with pytest.raises(ValueError, match=message):
        own_method(word)


def test_a_run_with_a_method_of_ones_own_and_a_second_one(run, file, tmp_path):
    (tmp_path / "published.csv").write_text(
        "method,dataset,f1_macro\nown_file.Mine,clips,44.5\nchance,elsewhere,30\n"
    )
    words = ["--methods", f"{file}:Mine", "chance", "--repeats", "1"]
    words += ["--published", tmp_path / "published.csv"]
    first = run(*words)
    assert first.code == 0
    assert "Methods:   own_file.Mine, chance" in first.out
    assert "Recipe:    own, paper" in first.out
    assert "| own_file.Mine | " in first.out
    assert " 44.50 |" in first.out
    assert "Published figures of own_file.Mine, chance are from " in first.out
    rows = CellResults(tmp_path / "results").rows()
    assert [(row["method"], row["recipe"]) for row in rows[:3]] == [("own_file.Mine", "own")] * 3
    assert len(rows[0]["params"]["code"]) == 32
    assert "6 cells planned, 6 done" in run(*words, "--recipe", "paper").out
    # Other code is another method.
    file.write_text(SOURCE + "\n# changed\n")
    del sys.modules["own_file"]
    changed = run(*words)
    assert "6 cells planned, 3 done" in changed.out
    assert "The results also have 3 cells of these methods with other parameters" in changed.out


def test_a_name_without_its_class_is_told(run):
    result = run("--methods", "chance", "my.py")
    assert result.code == 2
    assert "Name the class in the file, too: my.py:MyMER." in result.err


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("method,f1_macro\nchance,40\n", "has no column 'dataset'"),
        ("method,dataset,f1_macro\nchnace,clips,40\n", "line 2: there is no row 'chnace'. Did you"),
        ("method,dataset,f1_macro\nchance,clips,0.4\n", "line 2: the published figure '0.4' must"),
        ("method,dataset,f1_macro\nchance,clips,x\n", "figure 'x' must be a macro F1 in percent"),
        ("", "cannot be read"),
        (None, "cannot be read"),
    ],
)
def test_published_figures_that_cannot_be_used(tmp_path, text, message):
    file = tmp_path / "published.csv"
    if text is not None:
        file.write_text(text)
    rows = available("paper")
    with pytest.raises(ValueError, match=message):
        with_published(list(rows.values()), rows, file)


def test_a_table_of_ours_can_be_given_as_published(tmp_path):
    table = {"dataset": ["clips"], "method": ["net"], "more": [1], "f1_macro": [55.5]}
    pd.DataFrame(table).to_csv(tmp_path / "published.csv", index=False)
    known = available("paper")
    (row,), note = with_published([known["net"]], known, tmp_path / "published.csv")
    assert row.published == {"clips": 55.5}
    assert note.startswith("Published figures of net are from")


@pytest.mark.parametrize("value", [True, None, float("nan"), -1, 100.5, 0.76, "many"])
def test_figures_are_in_percent(value):
    with pytest.raises(ValueError, match=r"file: the published figure .* in percent"):
        percent(value, "file")


@pytest.mark.slow  # loads what computes descriptors
@pytest.mark.filterwarnings("ignore:.* shorter than 5 s")
def test_the_methods_and_pipelines_of_the_guide_run(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    text = GUIDE.read_text(encoding="utf-8")
    Path("pipelines").mkdir()
    for kind, name in {"python": "my_mer.py", "toml": "pipelines/descriptors_svc.toml"}.items():
        (block,) = re.findall(rf"code-block:: {kind}\n\n((?:   .*\n|\n)+)", text)
        Path(name).write_text(textwrap.dedent(block))
    words = ["--methods", "my_mer.py:MyMER", "--pipelines", "pipelines", "--inner-folds", "2"]
    result = run(*words, "--repeats", "1", "--max-cells", "2")
    assert result.code == 0, result.out + result.err
    assert "| my_mer.MyMER        |" in result.out
    assert result.out.count("1/3") == 2
