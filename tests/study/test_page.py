"""The page that a run of the command line writes."""

from sklearn.dummy import DummyClassifier

from sklearn_mer.methods import Method
from sklearn_mer.study import _study, table1


def test_the_command_line_writes_the_page(data, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(_study, "open_dataset", lambda name, **how: data)
    rows = {"prior": Method("prior", DummyClassifier(), "Prior", "paper", {"tiny": 12.34})}
    argv = ["--dataset", "tiny", "--repeats", "1", "--folds", "3", "--jobs", "1"]
    argv += ["--max-cells", "2"]
    argv += ["--results", str(tmp_path / "cells"), "--report", str(tmp_path / "my report")]
    assert table1(argv, available=lambda recipe: rows) == 0
    assert "report.html" in capsys.readouterr().out
    page = (tmp_path / "my report" / "report.html").read_text()
    assert "12.34" in page
    assert "1 x 3 folds, not grouped, seed 1; 3 cells planned, 2 done" in page
    assert f"--report &#39;{tmp_path / 'my report'}&#39;" in page
