import subprocess
import sys
from pathlib import Path

import pytest

from sklearn_mer import available_methods
from sklearn_mer.study import main
from sklearn_mer.study._options import parse_options


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


def test_defaults_are_the_papers_protocol():
    options = parse_options(["table1"])
    assert (options.recipe, options.repeats, options.folds, options.jobs) == ("paper", 10, 10, 2)
    assert (options.device, options.groupings, options.max_minutes) == ("auto", (None,), None)
    assert options.results == options.report == Path("results")


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
