"""Plain folds and grouped ones in one run."""

import csv
from types import SimpleNamespace

import pytest
from fake_estimators import Interrupted

from sklearn_mer.study import CellResults, StudyData, _study
from sklearn_mer.study._run import RunSummary


def read(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def test_one_run_gives_both_tables_and_the_difference(run, tmp_path):
    result = run("--methods", "chance", "net", "--groups", "none", "artist", "--repeats", "2")
    assert result.code == 0
    assert "2 x 3 folds, not grouped, seed 1; 12 cells planned, 0 done" in result.out
    assert "2 x 3 folds, grouped by artist, seed 1; 12 cells planned, 0 done" in result.out
    report = tmp_path / "report"
    plain, grouped = read(report / "table1.csv"), read(report / "artist" / "table1.csv")
    both = read(report / "groups.csv")
    assert [row["method"] for row in both] == ["chance", "net"]
    for row, left, right in zip(both, plain, grouped, strict=True):
        assert (row["none_mean"], row["artist_mean"]) == (
            left["f1_macro_mean"],
            right["f1_macro_mean"],
        )
        assert (row["none_std"], row["artist_std"]) == (left["f1_macro_std"], right["f1_macro_std"])
        assert (row["none_n_folds"], row["artist_n_folds"]) == ("6", "6")
        expected = float(right["f1_macro_mean"]) - float(left["f1_macro_mean"])
        assert float(row["difference"]) == pytest.approx(expected, abs=0.006)
    assert "| Method  | Not grouped, F1 % | Folds | By artist, F1 % |" in result.out
    assert "| Chance  |" in (report / "groups.md").read_text()
    # Each table is what a run of its own gives.
    alone = run("--methods", "chance", "net", "--groups", "artist", "--repeats", "2")
    assert "12 done" in alone.out
    assert read(report / "table1.csv") == grouped


def test_a_run_with_one_kind_of_folds_is_as_ever(run, tmp_path):
    run("--methods", "chance", "--groups", "none", "--repeats", "1")
    assert not (tmp_path / "report" / "groups.csv").exists()
    assert not (tmp_path / "report" / "none").exists()
    twice = run("--methods", "chance", "--groups", "none", "none", "--repeats", "1")
    assert twice.out.count("3 cells planned") == 1


def test_limits_hold_for_both_together(run, tmp_path):
    result = run("--methods", "chance", "--groups", "none", "artist", "--max-cells", "32")
    assert result.code == 0
    groups = [row["groups"] for row in CellResults(tmp_path / "results").rows()]
    assert (groups.count(None), groups.count("artist")) == (30, 2)


def test_time_that_the_first_took_is_gone_for_the_second(run, monkeypatch):
    clock, given = SimpleNamespace(now=0.0), []
    monkeypatch.setattr(_study, "monotonic", lambda: clock.now)

    def one_minute(cells, *arguments, max_seconds, **options):
        clock.now += 60
        given.append(max_seconds)
        return RunSummary(len(cells), 0)

    monkeypatch.setattr(_study, "run_cells", one_minute)
    run("--methods", "chance", "--groups", "none", "artist", "--max-minutes", "3")
    assert given == [180.0, 120.0]


def test_an_interrupt_ends_both(run, tmp_path):
    Interrupted.n_fits = 0
    result = run("--methods", "interrupted", "--groups", "none", "artist", "--repeats", "2")
    assert result.code == 130
    assert "Stopped by interrupt" in result.out
    assert [row["none_n_folds"] for row in read(tmp_path / "report" / "groups.csv")] == ["2"]
    assert {row["groups"] for row in CellResults(tmp_path / "results").rows()} == {None}


def test_data_without_artists_are_refused_before_anything_runs(run, tmp_path, monkeypatch):
    bare = StudyData("bare", [[0.0]] * 9, ["a", "b", "c"] * 3)
    monkeypatch.setattr(_study, "open_dataset", lambda name, **how: bare)
    result = run("--methods", "chance", "--groups", "none", "artist")
    assert result.code == 2
    assert "has no groups" in result.err
    assert CellResults(tmp_path / "results").rows() == []


def test_status_tells_both(run):
    run("--methods", "chance", "--groups", "none", "artist", "--repeats", "1", "--max-cells", "4")
    options = ["--methods", "chance", "--groups", "none", "artist", "--repeats", "1"]
    told = run(*options, command=["status"])
    counts = [line.split()[1:4] for line in told.out.splitlines() if line.startswith("chance")]
    assert counts == [["3", "0", "0"], ["1", "0", "2"]]
