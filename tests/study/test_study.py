"""What is run and what is said of it: kinds of folds, quick runs, results of other sources."""

import csv
import json
from types import SimpleNamespace

import pytest
from fake_estimators import Interrupted
from sklearn.dummy import DummyClassifier

from sklearn_mer import available_methods
from sklearn_mer.methods import Method
from sklearn_mer.study import CellResults, StudyData, _study
from sklearn_mer.study._options import QUICK_METHODS, parse_options
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


def test_other_settings_in_the_store_are_told_and_not_mixed_in(run, tmp_path):
    run("--methods", "chance", "--repeats", "1")
    more = run("--methods", "chance", "--repeats", "2")
    assert "3 done" in more.out
    assert "The results also have" not in more.out
    assert run("--methods", "chance", "--repeats", "1").out.count("The results also have") == 0
    prior = {"chance": Method("chance", DummyClassifier(strategy="prior"), recipe="paper")}
    changed = run("--methods", "chance", "--repeats", "1", available=lambda recipe: prior)
    assert "The results also have 6 cells" in changed.out
    assert "The results also have 6 cells" in (tmp_path / "report" / "table1.md").read_text()
    assert read(tmp_path / "report" / "table1.csv")[0]["n_folds"] == "3"


def of_other_code(tmp_path):
    for path in (tmp_path / "results").rglob("*.json"):
        path.write_text(json.dumps(json.loads(path.read_text()) | {"code": "0" * 32}))


def test_cells_of_other_sources_count_and_are_told(run, tmp_path):
    run("--methods", "chance", "--repeats", "1")
    of_other_code(tmp_path)
    told = "3 of the 6 finished cells were computed by other sources of the library"
    result = run("--methods", "chance", "--repeats", "2")
    assert "6 cells planned, 3 done" in result.out
    assert told in result.out
    assert told in (tmp_path / "report" / "table1.md").read_text()
    assert read(tmp_path / "report" / "table1.csv")[0]["n_folds"] == "6"
    assert told in run("--methods", "chance", "--repeats", "2", command=["status"]).out


def test_grouped_folds_are_other_cells(run, tmp_path):
    run("--methods", "chance", "--repeats", "1")
    grouped = run("--methods", "chance", "--repeats", "1", "--groups", "artist")
    assert "1 x 3 folds, grouped by artist, seed 1; 3 cells planned, 0 done" in grouped.out
    rows = CellResults(tmp_path / "results").rows()
    assert [r["groups"] for r in rows].count("artist") == 3
    assert "The results also have" not in grouped.out


def test_quick_runs_few_folds_of_what_is_trained_and_says_which_data(run, monkeypatch, tmp_path):
    monkeypatch.setenv("SKLEARN_MER_DATA", str(tmp_path / "nothing here"))
    result = run("--quick", "--methods", "chance", "net", "--folds", "4", dataset=None)
    assert result.code == 0
    assert "synthetic, 200 clips in 4 classes (4qaed is not there)" in result.out
    assert "Synthesised clips are used instead of 4QAED." in result.err
    assert "Recipe:    default" in result.out
    assert "Limit:     9 minutes" in result.out
    assert [r["n_folds"] for r in read(tmp_path / "report" / "table1.csv")] == ["4", "2"]
    stored = CellResults(tmp_path / "results").rows()
    assert {r["recipe"] for r in stored} == {"default"}


def test_quick_begins_with_what_costs_seconds(tmp_path, clips):
    where = ["--results", str(tmp_path / "results"), "--folds", "4"]
    options = parse_options(["table1", "--quick", "--dataset", str(clips), *where])
    (study,) = _study.open_studies(options, available_methods)
    keys = [cell.method.key for cell in study.cells]
    assert set(keys) | {"artist_cnn"} == set(QUICK_METHODS)  # its weights may not be here
    assert keys[:4] == ["svm"] * 4
    assert "svm" not in keys[4:]


def test_quick_uses_4qaed_where_it_is(run, monkeypatch, data):
    asked = []

    def opened(name, **how):
        asked.append(name)
        return data

    monkeypatch.setattr(_study, "open_dataset", opened)
    result = run("--quick", "--methods", "chance", dataset=None)
    assert asked == ["4qaed"]
    assert "(found in the data home)" in result.out


def test_a_note_says_what_the_papers_merge_figures_are(run, monkeypatch, data):
    merge = StudyData("merge-complete", data.X, data.y)
    monkeypatch.setattr(_study, "open_dataset", lambda name, **how: merge)
    assert "The paper's figures are for New-4QAED" in run("--methods", "chance").out


def test_status_counts_and_computes_nothing(run, tmp_path):
    options = ["--repeats", "1"]
    run("--methods", "chance", "bad", *options, "--max-cells", "3")
    before = CellResults(tmp_path / "results").rows()
    told = run("--methods", "chance", "bad", *options, command=["status"])
    assert told.code == 0
    lines = [line.split() for line in told.out.splitlines()]
    counts = {words[0]: words[1:4] for words in lines if words and words[0] in ("chance", "bad")}
    n_done, n_failed = (sum(r["status"] == s for r in before) for s in ("done", "failed"))
    assert n_done
    assert n_failed
    assert counts == {
        "chance": [str(n_done), "0", str(3 - n_done)],
        "bad": ["0", str(n_failed), str(3 - n_failed)],
    }
    (line,) = [line for line in told.out.splitlines() if line.startswith("chance")]
    assert line.endswith("0.0 min with 1 jobs")
    assert CellResults(tmp_path / "results").rows() == before
