"""The page that a run of the command line writes."""

from types import SimpleNamespace

from sklearn.dummy import DummyClassifier

from sklearn_mer.study.command_line import _table1
from sklearn_mer.study.setup import _study


def test_the_command_line_writes_the_page(data, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(_study, "open_dataset", lambda name, data_home=None: data)
    register = {"prior": SimpleNamespace(title="Prior", published={"tiny": 12.34})}
    argv = ["--dataset", "tiny", "--repeats", "1", "--folds", "3", "--jobs", "1"]
    argv += ["--max-cells", "2"]
    argv += ["--store", str(tmp_path / "s.sqlite"), "--report", str(tmp_path / "my report")]
    make = lambda key, recipe: DummyClassifier()  # noqa: E731
    assert _table1.table1(argv, register=register, make=make) == 0
    assert "report.html" in capsys.readouterr().out
    page = (tmp_path / "my report" / "report.html").read_text()
    assert "12.34" in page
    assert "1 x 3 folds, not grouped, seed 1; 3 cells planned, 2 done" in page
    assert f"--report &#39;{tmp_path / 'my report'}&#39;" in page
