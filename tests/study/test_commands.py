import csv
import errno
import io
import os
import subprocess
import sys
import warnings
from pathlib import Path

import pytest
from fake_estimators import Failing, Interrupted
from sklearn.dummy import DummyClassifier
from study_runs import Lacking, available

from sklearn_mer import EmotionFeatures
from sklearn_mer.audio import ClipCache
from sklearn_mer.datasets import get_data_home, load_folder
from sklearn_mer.methods import Method
from sklearn_mer.study import CellResults, _study, table1

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "table1.py"


def read_csv(tmp_path):
    with open(tmp_path / "report" / "table1.csv", newline="") as file:
        return list(csv.DictReader(file))


def test_a_run_prints_and_writes_the_table_and_a_second_one_computes_nothing(run, tmp_path):
    first = run("--methods", "chance", "net", "--repeats", "2")
    assert first.code == 0
    assert "clips, 18 clips in 3 classes" in first.out
    assert "Recipe:    paper" in first.out
    assert "2 x 3 folds, not grouped, seed 1; 12 cells planned, 0 done" in first.out
    assert "| Chance  |" in first.out
    assert "6/6" in first.out
    assert "[12/12]" in first.err
    rows = read_csv(tmp_path)
    assert [(r["method"], r["recipe"], r["dataset"], r["n_folds"]) for r in rows] == [
        ("chance", "paper", "clips", "6"),
        ("net", "paper", "clips", "6"),
    ]
    assert rows[0]["published"] == "25.00"
    expected = float(rows[0]["f1_macro_mean"]) - 25
    assert float(rows[0]["difference"]) == pytest.approx(expected, abs=0.005)
    assert (rows[1]["published"], rows[1]["difference"]) == ("", "")
    assert "| Chance " in (tmp_path / "report" / "table1.md").read_text()
    pairs = (tmp_path / "report" / "comparisons.csv").read_text().splitlines()
    assert len(pairs) == 2
    assert set(pairs[1].split(",")[:2]) == {"chance", "net"}
    assert pairs[1].split(",")[2] == "6"
    second = run("--methods", "chance", "net", "--repeats", "2")
    assert "12 done" in second.out
    assert second.err == ""
    assert read_csv(tmp_path) == rows


def test_all_methods_by_default(run):
    result = run("--max-cells", "1")
    assert "Methods:   chance, net, bad, interrupted" in result.out
    assert "0/30" in result.out


def lacking(recipe):
    """Return the rows, and one whose weights are not here."""
    rows = {key: available(recipe)[key] for key in ("chance", "net")}
    return rows | {"absent": Lacking("absent", Failing(), "Absent", recipe, {"clips": 55.7})}


def test_a_row_whose_weights_are_not_here_is_told_and_stops_nothing(run):
    result = run("--repeats", "1", available=lacking)
    assert result.code == 0
    assert "Methods:   chance, net, absent" in result.out
    assert "6 cells planned" in result.out
    (line,) = [line for line in result.out.splitlines() if line.startswith("| Absent")]
    assert [cell.strip() for cell in line.strip("|").split("|")] == [
        *("Absent", "weights missing", "55.70", "", "", "", "")
    ]
    assert "absent: No file x." in result.out


def test_a_row_that_is_asked_for_by_name_must_have_its_weights(run):
    result = run("--methods", "chance", "absent", available=lacking)
    assert result.code == 2
    assert "absent: No file x." in result.err
    assert result.out == ""


def test_failures_are_told_and_the_rest_is_there(run, tmp_path):
    result = run("--methods", "bad", "chance", "--repeats", "1")
    assert result.code == 1
    assert "Failed: bad repeat 0 fold 0: ZeroDivisionError: failed on purpose" in result.out
    assert "0/3 (3 failed)" in result.out
    assert [r["n_folds"] for r in read_csv(tmp_path)] == ["0", "3"]


def test_ctrl_c_prints_the_table_so_far(run, tmp_path):
    Interrupted.n_fits = 0
    result = run("--methods", "interrupted", "--repeats", "2")
    assert result.code == 130
    assert "Stopped by interrupt: the same command goes on from here." in result.out
    assert "2/6" in result.out
    assert read_csv(tmp_path)[0]["n_folds"] == "2"


@pytest.mark.parametrize(
    ("arguments", "dataset", "message"),
    [
        (["--methods", "svn"], ".", r"Unknown methods ['svn']. Choose from ['bad', 'chance'"),
        (["--methods", "net", "net"], ".", "Each method can be given once"),
        (["--folds", "7"], ".", "7 folds need at least two classes of 7 clips each"),
        ([], "no-such-folder", "Unknown data set 'no-such-folder'. Choose 4qaed"),
        ([], "4QAED", "Unknown data set '4QAED'. Did you mean '4qaed'? Choose"),
        (["--methods", "chnace"], ".", "Unknown methods ['chnace']. Did you mean 'chance'? Choose"),
        (["--methods", "chance,net"], ".", "Give each by itself, without commas."),
        (["--data-home", "no-such-folder"], "4qaed", "4QAED"),
    ],
)
def test_input_that_cannot_be_used(run, clips, arguments, dataset, message):
    result = run(*arguments, dataset=clips if dataset == "." else dataset)
    assert result.code == 2
    assert message in result.err
    assert "Traceback" not in result.err
    assert result.out == ""


def test_without_4qaed_there_are_synthesised_clips(tmp_path, capsys):
    words = ["--methods", "chance", "--data-home", str(tmp_path)]
    assert table1(words, available=available) == 2
    errors = capsys.readouterr().err
    assert errors.endswith("To try a command without it, add --dataset synthetic.\n")


def test_places_that_cannot_be_written_are_found_before_the_run(run, tmp_path):
    (tmp_path / "file").touch()
    result = run("--methods", "chance", "--report", tmp_path / "file")
    assert result.code == 2
    assert "The report cannot be written to" in result.err
    result = run("--methods", "chance", "--results", tmp_path / "file" / "results")
    assert result.code == 2
    assert "Give --results a folder that can be written to" in result.err


@pytest.fixture
def full_disk(tmp_path, monkeypatch):
    """A folder whose disk is full: nothing but empty files can be written there."""
    write = Path.write_bytes

    def limited(path, content):
        if path.is_relative_to(tmp_path / "full"):
            write(path, b"")
            raise OSError(errno.ENOSPC, "No space left on device")
        write(path, content)

    monkeypatch.setattr(Path, "write_bytes", limited)
    return tmp_path / "full"


def test_a_report_on_a_full_disk_is_printed_and_the_cells_are_safe(run, tmp_path, full_disk):
    result = run("--methods", "chance", "--repeats", "1", "--report", full_disk)
    assert result.code == 2
    assert "| Chance " in result.out
    assert (
        f"error: {full_disk / 'table1.csv'}: No space left on device. Finished cells are safe in "
        f"{tmp_path / 'results'}. Make room, or name another place"
    ) in result.err
    assert list(full_disk.iterdir()) == []
    assert len(CellResults(tmp_path / "results").rows()) == 3


@pytest.mark.parametrize("name", ["x.csv", "x.parquet"])
def test_an_export_to_a_full_disk(run, tmp_path, full_disk, capsys, name):
    if name.endswith("parquet"):
        pytest.importorskip("pyarrow")
    run("--methods", "chance", "--repeats", "1")
    path = str(full_disk / name)
    assert table1(["export", path, "--results", str(tmp_path / "results")]) == 2
    assert f"{path}: No space left on device. Nothing was changed" in capsys.readouterr().err
    assert list(full_disk.iterdir()) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_log_on_a_full_disk_costs_one_line(run):
    result = run("--methods", "chance", "--repeats", "1", "--log", "/dev/full")
    assert result.code == 0
    assert result.err.count("The log /dev/full lacks lines: ") == 1
    assert "Traceback" not in result.err


@pytest.mark.skipif(os.name != "posix", reason="links need rights on Windows")
@pytest.mark.parametrize("target", ["nowhere", "link"])
def test_links_to_nothing_are_told(run, tmp_path, target, capsys):
    run("--methods", "chance", "--repeats", "1")
    link = tmp_path / "link"
    link.symlink_to(target)
    result = run("--methods", "chance", "--repeats", "1", "--report", link)
    assert (result.code, result.out) == (2, "")
    assert f"cannot be written to {link}: it, or what should hold it, is a file or" in result.err
    assert table1(["import", str(link), "--results", str(tmp_path / "results")]) == 2
    assert "link is not a results folder" in capsys.readouterr().err
    assert table1(["import", str(tmp_path / "results"), "--results", str(link)]) == 2
    assert "cannot be written" in capsys.readouterr().err


@pytest.mark.parametrize("command", [(), ("status",)])
@pytest.mark.parametrize("before", [None, "somewhere"])
def test_the_rows_look_for_their_weights_in_the_data_home_named(
    run, tmp_path, monkeypatch, command, before
):
    monkeypatch.setenv("SKLEARN_MER_DATA", before or "")
    if before is None:
        monkeypatch.delenv("SKLEARN_MER_DATA")
    run("--methods", "chance")  # status wants results that are there
    looked = []

    def available_here(recipe):
        looked.append(get_data_home())
        return available(recipe)

    home = ["--data-home", tmp_path / "home"]
    run("--methods", "chance", *home, available=available_here, command=command)
    assert set(looked) == {tmp_path / "home"}
    assert os.environ.get("SKLEARN_MER_DATA") == before


def test_a_warning_is_told_without_a_line_of_code(run, clips, monkeypatch):
    monkeypatch.setattr(
        warnings,
        "showwarning",
        lambda *told, **_: sys.stderr.write(warnings.formatwarning(*told[:4])),
    )
    before = warnings.formatwarning
    (clips / "calm" / "x.wma").write_bytes(b"no clip")
    result = run("--methods", "chance", "--repeats", "1")
    assert "sklearn-mer: warning: 1 files of" in result.err
    assert "UserWarning" not in result.err
    assert warnings.formatwarning is before


def test_clips_that_cannot_be_used_are_named_or_left_out(run, clips, tmp_path):
    (clips / "calm" / "x.wav").write_bytes(b"no clip")
    refused = run("--methods", "chance", "--repeats", "1")
    assert refused.code == 2
    assert "x.wav: cannot be decoded" in refused.err
    assert "--on-error skip in sklearn-mer" in refused.err
    with pytest.warns(UserWarning, match="1 of 19 clips"):
        result = run("--methods", "chance", "--repeats", "1", "--on-error", "skip")
    assert result.code == 0
    told = "clips, 18 clips in 3 classes; 1 that cannot be used left out"
    assert told in result.out
    assert told in (tmp_path / "report" / "table1.md").read_text()


@pytest.mark.parametrize(
    ("package", "arguments"),
    [
        ("distributed", ["--backend", "dask", "--scheduler", "tcp://127.0.0.1:1"]),
        ("ray", ["--backend", "ray", "--address", "auto"]),
    ],
)
def test_a_backend_that_is_not_installed_is_named(run, monkeypatch, package, arguments):
    monkeypatch.setitem(sys.modules, package, None)
    result = run("--methods", "chance", *arguments)
    assert result.code == 2
    assert f"The {arguments[1]} backend needs {package}, which is not installed" in result.err
    assert f'pip install "sklearn-mer[{arguments[1]}]"' in result.err
    assert "Traceback" not in result.err


def script(*arguments, **environment):
    return subprocess.run(
        [sys.executable, str(SCRIPT), *map(str, arguments)],
        capture_output=True,
        text=True,
        env=os.environ | environment,
    )


def test_the_script_says_what_it_takes():
    result = script("--help")
    assert result.returncode == 0
    for option in ("--dataset", "--methods", "--recipe", "--results", "--report", "--quick"):
        assert option in result.stdout


@pytest.mark.slow
def test_the_script_runs_a_registered_method_on_a_folder(clips, tmp_path):
    # Described here, as a new process would first compile the functions for descriptors.
    cache = ClipCache(tmp_path / "cache")
    EmotionFeatures(cache=cache).fit_transform(load_folder(clips).data)
    n_entries = cache.info()["n_entries"].sum()
    result = script(
        *("--dataset", clips, "--methods", "svm", "--recipe", "default", "--jobs", "1"),
        *("--repeats", "1", "--folds", "3", "--groups", "artist"),
        *("--results", tmp_path / "results", "--report", tmp_path / "report"),
        SKLEARN_MER_CACHE=str(tmp_path / "cache"),
    )
    assert result.returncode == 0, result.stderr
    assert cache.info()["n_entries"].sum() == n_entries  # read, not computed again
    (row,) = read_csv(tmp_path)
    assert (row["method"], row["dataset"], row["n_folds"]) == ("svm", "clips", "3")
    assert float(row["f1_macro_mean"]) > 80
    assert row["published"] == ""


@pytest.mark.slow
@pytest.mark.data
def test_one_repeat_of_the_svm_row_on_4qaed_is_near_the_papers_figure(tmp_path):
    result = script(
        *("--dataset", "4qaed", "--methods", "svm", "--repeats", "1"),
        *("--results", tmp_path / "results", "--report", tmp_path / "report"),
    )
    assert result.returncode == 0, result.stderr
    (row,) = read_csv(tmp_path)
    assert (row["dataset"], row["n_folds"], row["published"]) == ("4qaed", "10", "75.59")
    # The mean of one repeat moves by about half a point around that of ten.
    assert 74 < float(row["f1_macro_mean"]) < 78


def test_an_output_that_cannot_show_a_name_stops_nothing(run, tmp_path, clips, monkeypatch):
    run("--methods", "chance", "--repeats", "1")
    folder = clips.rename(clips.with_name("naïve"))
    shown = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(shown, encoding="ascii"))
    where = ["--results", str(tmp_path / "results")]
    assert (
        table1(["status", "--dataset", str(folder), "--folds", "3", *where], available=available)
        == 0
    )
    sys.stdout.flush()
    assert rb"na\xefve, 18 clips" in shown.getvalue()


@pytest.mark.skipif(os.name != "posix", reason="pipes as on Unix")
def test_a_reader_of_the_output_that_ends_is_no_error(tmp_path):
    """As with ``sklearn-mer status | head -1``."""
    code = "import sys\nfrom sklearn_mer.study import main\nsys.exit(main())"
    command = [
        sys.executable,
        "-c",
        code,
        "export",
        str(tmp_path / "x.csv"),
        "--results",
        str(tmp_path),
    ]
    reader, writer = os.pipe()
    os.close(reader)
    result = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, text=True)
    os.close(writer)
    assert result.stderr == ""
    assert (tmp_path / "x.csv").exists()


def test_status_makes_no_folder(tmp_path, clips, capsys):
    path = tmp_path / "none"
    assert table1(["status", "--dataset", str(clips), "--results", str(path)]) == 2
    assert "There is no folder" in capsys.readouterr().err
    assert not path.exists()


@pytest.mark.parametrize("options", [["--repeats", "99999999999"], ["--folds", "99999999"]])
def test_plans_of_millions_of_cells_are_refused_at_once(run, options):
    result = run("--methods", "chance", *options)
    assert result.code == 2
    assert "a plan has at most 100000" in result.err


def test_a_log_tells_the_run(run, tmp_path):
    run("--methods", "chance", "--repeats", "1", "--log", tmp_path / "log")
    lines = (tmp_path / "log").read_text().splitlines()
    assert "Data set:  clips, 18 clips" in lines[0]
    assert lines[-1].endswith("end: 3 cells done, 0 failed by this run")


@pytest.fixture
def clips_table(clips):
    """A CSV file of the clips, with artists and a fixed split."""
    lines = ["path,label,group,part"]
    for number, path in enumerate(sorted(clips.rglob("*.wav"))):
        part = ("train", "test", "train", "validate", "train", "test")[number % 6]
        lines.append(f"{path.relative_to(clips)},{path.parts[-3]},{path.parent.name},{part}")
    (clips / "mine.csv").write_text("\n".join(lines))
    return clips / "mine.csv"


def test_a_table_of_clips_is_a_data_set(run, tmp_path, clips_table):
    result = run("--methods", "chance", "--repeats", "1", "--groups", "artist", dataset=clips_table)
    assert result.code == 0, result.err
    assert "mine, 18 clips in 3 classes" in result.out
    assert "1 x 3 folds, grouped by artist" in result.out
    # Other labels or clips are other data.
    clips_table.write_text(clips_table.read_text().replace("0.wav,calm", "0.wav,sad"))
    words = ["--methods", "chance", "--repeats", "1", "--groups", "artist", "--max-cells", "1"]
    assert "3 cells planned, 0 done" in run(*words, dataset=clips_table).out
    other = clips_table.rename(clips_table.with_name("4qaed.csv"))
    assert "table:4qaed, 18" in run(*words, dataset=other).out


def test_a_fixed_split_is_told_as_one(run, tmp_path, clips_table):
    words = ["--dataset", str(clips_table), "--split", "part", "--methods", "chance", "net"]
    where = ["--results", str(tmp_path / "results"), "--report", str(tmp_path / "report")]
    latex = tmp_path / "table.tex"
    code = table1([*words, *where, "--jobs", "1", "--latex", str(latex)], available=available)
    assert code == 0
    rows = read_csv(tmp_path)
    assert [(row["dataset"], row["n_folds"]) for row in rows] == [("mine:part", "1")] * 2
    assert rows[0]["published"] == rows[0]["f1_macro_std"] == ""
    assert float(rows[0]["ci95_low"]) <= float(rows[0]["f1_macro_mean"])
    assert len((tmp_path / "report" / "comparisons.csv").read_text().splitlines()) == 1
    text = (tmp_path / "report" / "table1.md").read_text()
    assert "one fixed split: 9 training and 6 test clips, 3 not used" in text
    assert "macro F1 on the 6 test clips of one fixed split" in text
    assert "over the finished folds" not in text
    assert "±" not in latex.read_text()
    stored = CellResults(tmp_path / "results").rows()
    assert [(row["n_splits"], row["n_train"], row["n_test"]) for row in stored] == [(1, 9, 6)] * 2
    assert table1(["status", *words, *where[:2]], available=available) == 0


@pytest.mark.parametrize(
    ("dataset", "split", "message"),
    [
        (None, "group", "has 'artist calm 0' in the column group"),
        (None, "year", "has no column year"),
        ("4qaed", "70_15_15", "Data set '4qaed' has no fixed split '70_15_15'. Those of MERGE"),
        ("merge-balanced", "60", "has no fixed split '60'. Those of MERGE have (70_15"),
        (".", "part", "Data set '.' has no fixed split 'part'"),
    ],
)
def test_splits_that_are_not_there(clips_table, capsys, dataset, split, message):
    words = ["--dataset", dataset or str(clips_table), "--split", split]
    assert table1(words, available=available) == 2
    assert message in capsys.readouterr().err


def test_a_split_has_no_folds(capsys):
    with pytest.raises(SystemExit):
        table1(["--split", "part", "--folds", "3", "--groups=artist"])
    assert "--split has no folds: leave out --folds, --groups" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        table1(["search", "--split", "part"])
    assert "search does not know '--split'" in capsys.readouterr().err


def test_latex_has_all_kinds_of_folds(run, tmp_path):
    result = run(
        *("--methods", "chance", "--repeats", "1", "--groups", "none", "artist"),
        *("--latex", tmp_path / "new" / "table.tex"),
    )
    assert result.code == 0
    text = (tmp_path / "new" / "table.tex").read_text()
    assert text.count(r"\begin{tabular}") == 2
    assert text.index("not grouped") < text.index("grouped by artist")


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
