import csv
import errno
import io
import json
import os
import subprocess
import sys
import warnings
from pathlib import Path

import pytest
from fake_estimators import Failing, Interrupted
from sklearn.dummy import DummyClassifier
from study_runs import Lacking, available

from sklearn_mer import available_methods
from sklearn_mer.datasets import get_data_home
from sklearn_mer.methods import Method
from sklearn_mer.study import CellResults, _study, main, table1
from sklearn_mer.study._options import QUICK_METHODS, parse_options

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
        *("Absent", "weights missing", "", "55.70", "", "", "")
    ]
    assert "absent: No file x." in result.out


def test_a_row_that_is_asked_for_by_name_must_have_its_weights(run):
    result = run("--methods", "chance", "absent", available=lacking)
    assert result.code == 2
    assert "absent: No file x." in result.err
    assert result.out == ""


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
    assert read_csv(tmp_path)[0]["n_folds"] == "3"


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
    assert read_csv(tmp_path)[0]["n_folds"] == "6"
    assert told in run("--methods", "chance", "--repeats", "2", command=["status"]).out


def test_grouped_folds_are_other_cells(run, tmp_path):
    run("--methods", "chance", "--repeats", "1")
    grouped = run("--methods", "chance", "--repeats", "1", "--groups", "artist")
    assert "1 x 3 folds, grouped by artist, seed 1; 3 cells planned, 0 done" in grouped.out
    rows = CellResults(tmp_path / "results").rows()
    assert [r["groups"] for r in rows].count("artist") == 3
    assert "The results also have" not in grouped.out


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


def test_quick_runs_few_folds_of_what_is_trained_and_says_which_data(run, monkeypatch, tmp_path):
    monkeypatch.setenv("SKLEARN_MER_DATA", str(tmp_path / "nothing here"))
    result = run("--quick", "--methods", "chance", "net", "--folds", "4", dataset=None)
    assert result.code == 0
    assert "synthetic, 200 clips in 4 classes (4qaed is not there)" in result.out
    assert "Synthesised clips are used instead of 4QAED." in result.err
    assert "Recipe:    default" in result.out
    assert "Limit:     9 minutes" in result.out
    assert [r["n_folds"] for r in read_csv(tmp_path)] == ["4", "2"]
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
    from sklearn_mer.study import StudyData

    merge = StudyData("merge-complete", data.X, data.y)
    monkeypatch.setattr(_study, "open_dataset", lambda name, **how: merge)
    assert "The paper's figures are for New-4QAED" in run("--methods", "chance").out


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


@pytest.mark.parametrize(
    "wrong",
    [
        ["--jobs", "0"],
        ["--jobs", "two"],
        ["--jobs", "1000000"],
        ["--repeats", "1e3"],
        ["--recipe", "mine"],
        ["--on-error", "warn"],
        ["--max-minutes", "-1"],
        ["--max-minutes", "5min"],
        ["--data-home"],
        *([name, ""] for name in ("--dataset", "--data-home", "--results", "--report", "--log")),
        *([name, " "] for name in ("--settings", "--address", "--scheduler")),
    ],
)
def test_options_out_of_range(wrong, capsys):
    with pytest.raises(SystemExit) as caught:
        parse_options(["table1", *wrong])
    assert caught.value.code == 2
    told = capsys.readouterr().err.rpartition(": error: ")[2]
    assert f"argument {wrong[0]}: " in told
    assert "invalid" not in told or "choose from" in told  # not argparse's words for a type


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["statsu"], "'statsu' is no sub-command. Did you mean 'status'? Choose from table1,"),
        (["xyz", "--quick"], "'xyz' is no sub-command. Choose from table1,"),
        (["--datset", "x"], "table1 does not know '--datset'. Did you mean '--dataset'?"),
        (["status", "--result=x"], "status does not know '--result=x'. Did you mean '--results'?"),
        (["table1", "--grid", "x"], "table1 does not know '--grid'. See table1.py table1 --help"),
        (["import", "--dataset", "x", "y"], "import does not know '--dataset'. See table1.py"),
        (["table1", "x"], "table1 does not know 'x'. See"),
    ],
)
def test_misspelt_words(argv, message, capsys):
    with pytest.raises(SystemExit) as caught:
        parse_options(argv, prog="table1.py", default="table1")
    assert caught.value.code == 2
    assert message in capsys.readouterr().err


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
    ("backend", "wrong"),
    [
        ("dask", ["--backend", "dask"]),
        ("dask", ["--scheduler", "tcp://10.0.0.1:8786"]),
        ("ray", ["--backend", "ray", "--scheduler", "tcp://10.0.0.1:8786"]),
        ("ray", ["--backend", "ray"]),
        ("ray", ["--address", "auto"]),
    ],
)
def test_a_backend_and_its_address_go_together(backend, wrong, capsys):
    with pytest.raises(SystemExit):
        parse_options(["table1", *wrong])
    assert "ADDRESS go together" in capsys.readouterr().err
    address = {"dask": "--scheduler", "ray": "--address"}[backend]
    assert parse_options(["table1", "--backend", backend, address, "auto"]).backend == backend


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


def test_defaults_are_the_papers_protocol():
    options = parse_options(["table1"])
    assert (options.recipe, options.repeats, options.folds, options.jobs) == ("paper", 10, 10, 2)
    assert (options.device, options.groupings, options.max_minutes) == ("auto", (None,), None)
    assert options.results == options.report == Path("results")


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


def test_the_script_runs_a_registered_method_on_a_folder(clips, tmp_path):
    result = script(
        *("--dataset", clips, "--methods", "svm", "--recipe", "default", "--jobs", "1"),
        *("--repeats", "1", "--folds", "3", "--groups", "artist"),
        *("--results", tmp_path / "results", "--report", tmp_path / "report"),
        SKLEARN_MER_CACHE=str(tmp_path / "cache"),
    )
    assert result.returncode == 0, result.stderr
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


def test_help_loads_no_torch():
    code = (
        "import sys\n"
        "from sklearn_mer.study import main\n"
        "try:\n    main(['table1', '--help'])\n"
        "except SystemExit:\n    assert 'torch' not in sys.modules"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    for words in ("what:", "how long:", "where:", "cluster:", *available_methods()):
        assert words in result.stdout


def test_the_console_command_needs_a_sub_command(capsys):
    with pytest.raises(SystemExit):
        main(["--quick"])
    capsys.readouterr()
    with pytest.raises(SystemExit):
        main(["--help"])
    told = capsys.readouterr().out
    for command in ("table1", "search", "status", "export", "import"):
        assert command in told


def test_a_log_tells_the_run(run, tmp_path):
    run("--methods", "chance", "--repeats", "1", "--log", tmp_path / "log")
    lines = (tmp_path / "log").read_text().splitlines()
    assert "Data set:  clips, 18 clips" in lines[0]
    assert lines[-1].endswith("end: 3 cells done, 0 failed by this run")
