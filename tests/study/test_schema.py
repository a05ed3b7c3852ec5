"""What a file may hold that somebody else has written."""

import copy
import json
import subprocess
import sys

import pytest
from jsonschema import Draft202012Validator
from sklearn.svm import SVC
from study_fakes import done

from sklearn_mer.methods import Method
from sklearn_mer.study import ResultsError, plan_cells
from sklearn_mer.study._keys import json_digest
from sklearn_mer.study._schema import SCHEMA, check_record, read_record
from sklearn_mer.study._score import CellResult

RECORD = json.loads(SCHEMA.read_text())
IDENTITY = RECORD["properties"]["identity"]


@pytest.fixture
def records(data, protocol, results):
    """A finished record and a failed one, by status, as they are in their files."""
    cells = plan_cells([Method("svm", SVC())], data, protocol)
    results.record(cells[0], done(history=[{"epoch": 1, "dur": 0.5}], epochs=1))
    results.record(cells[1], CellResult("failed", traceback="ValueError: no\n"))
    found = [json.loads(path.read_text()) for path in results.folder.rglob("*.json")]
    return {record["status"]: record for record in found}


@pytest.mark.parametrize("status", ["done", "failed"])
def test_what_we_write_is_allowed(records, status):
    check_record(records[status])
    for schema, found in ((RECORD, records[status]), (IDENTITY, records[status]["identity"])):
        assert set(found) == set(schema["properties"]) == set(schema["required"])


WRONG = [
    ("f1_macro", 7.0, "number from 0 to 1"),
    ("f1_macro", "0.4", "a number from 0 to 1, or null"),
    ("f1_macro", True, "a number from 0 to 1, or null"),
    ("f1_macro", None, "given, as the cell is done"),
    ("f1_macro", 0.41, "0.4, as the confusion matrix gives"),
    ("f1_macro", 0.4 + 1e-8, "as the confusion matrix gives"),
    ("f1_macro", float("nan"), "a finite number"),
    ("accuracy", -0.1, "number from 0 to 1"),
    ("accuracy", 0.5, "as the confusion matrix gives"),
    ("f1_per_class", [0.4, 0.4, 0.4], "a list of 4, as labels are"),
    ("f1_per_class", [0.4, 0.4, 0.4, None], "0.4, as the confusion matrix gives"),
    ("f1_per_class", [0.4, 0.4, 0.4, "0.4"], "number from 0 to 1"),
    ("confusion", [[5, 5], [5, 5]], "4 x 4 whole numbers"),
    ("confusion", [[5, 0, 0, 0]] * 3 + [[5, 0, 0]], "4 x 4 whole numbers"),
    ("confusion", [[5.0, 0, 0, 0]] * 4, "a whole number from 0"),
    ("confusion", [[6, -1, 0, 0]] * 4, "a whole number from 0"),
    ("confusion", [[50, 0, 0, 0]] * 4, "20 clips in all as n_test, not 200"),
    ("labels", ["Q1"], "at least two"),
    ("labels", ["Q1", "Q1", "Q2", "Q3"], "all different"),
    ("labels", ["Q1", 2, "Q3", "Q4"], "all of one type"),
    ("labels", [[1], [2], [3], [4]], "texts or numbers"),
    ("labels", [1, 2.5, 3, 4], "all of one type"),
    ("labels", [True, 2, 3, 4], "all of one type"),
    ("fit_seconds", -1.0, "at least 0"),
    ("fit_seconds", float("inf"), "a finite number"),
    ("fit_seconds", None, "given, as the cell is done"),
    ("peak_memory_mb", -1, "at least 0"),
    ("status", "fine", "'done' or 'failed'"),
    ("traceback", "no", "null, as the cell is done"),
    ("epochs", -1, "a whole number from 0"),
    ("epochs", {"head": 1.5}, "a whole number from 0"),
    ("epochs", True, "a whole number from 0"),
    ("history", [1], "lists of epochs"),
    ("history", {"head": {"epoch": 1}}, "lists of epochs"),
    ("history", [{"epoch": "1"}], "lists of epochs"),
    ("history", [{"epoch": True}], "each with numbers by name"),
    ("history", "long", "a list of epochs"),
    ("n_test", 21, "21 clips in all"),
    ("n_test", 0, "at least 1"),
    ("n_splits", 0, "at least 1"),
    ("code", "c0de", "32 hexadecimal digits"),
    ("ended_at", "yesterday", "a time with its zone"),
    ("ended_at", "2026-01-31T12:00:00", "a time with its zone"),
    ("ended_at", "2026-02-31T12:00:00+00:00", "a time with its zone"),
    ("code", "0" * 32 + "\n", "32 hexadecimal digits"),
    ("key", "0" * 32, "the digest of the identity"),
    ("params", {}, "what identity.parameters is of"),
    ("device", None, "text"),
    ("device", "\ud800", "text that can be written"),
    ("best_params", {"C": 2**64}, "more than 64 bits"),
    ("best_params", {"C": 1e308}, "a finite number"),
    ("identity", [], "an object"),
    ("repeat", 1, "the field 'repeat' is unknown"),
    ("f1_macro) VALUES (1); --", 1, "is unknown; allowed are key, identity"),
]


@pytest.mark.parametrize(("name", "value", "message"), WRONG)
def test_other_values_are_refused_by_name(records, name, value, message):
    record = records["done"] | {name: value}
    with pytest.raises(ValueError, match=message.replace("(", "[(]")) as caught:
        check_record(record)
    if message.startswith("21 clips"):
        name = "confusion"
    assert name.partition(")")[0] in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("traceback", None, "given, as the cell failed"),
        ("f1_macro", 0.5, "null, as the cell failed"),
        ("fit_seconds", 1.0, "null, as the cell failed"),
    ],
)
def test_a_failed_cell_has_a_traceback_and_no_score(records, name, value, message):
    with pytest.raises(ValueError, match=f"{name}.*{message}"):
        check_record(records["failed"] | {name: value})


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("method", "", "a name"),
        ("repeat", 2, "from 0 to 1"),
        ("repeat", -1, "a whole number from 0"),
        ("fold", 3, "from 0 to 2"),
        ("fold", "0", "a whole number from 0"),
        ("groups", 1, "text or null"),
        ("data", "short", "a digest"),
        ("versions", {"numpy": 2}, "a version, as text"),
        ("versions", "2", "names and versions, both text"),
        ("more", 1, "is unknown"),
    ],
)
def test_an_identity_is_checked_too(records, name, value, message):
    record = copy.deepcopy(records["done"])
    record["identity"][name] = value
    record["key"] = json_digest("cell", record["identity"])  # is not what it is refused for
    with pytest.raises(ValueError, match=rf"identity\.{name}.*{message}"):
        check_record(record)


@pytest.mark.parametrize(
    "name", [*RECORD["required"], *(f"identity.{name}" for name in IDENTITY["required"])]
)
def test_a_missing_field_is_named(records, name):
    record = copy.deepcopy(records["done"])
    owner = record["identity"] if "." in name else record
    del owner[name.rpartition(".")[2]]
    with pytest.raises(ValueError, match=f"the field '{name}' is missing"):
        check_record(record)


def test_a_class_that_does_not_occur_has_no_score(records):
    record = records["done"] | {"labels": ["a", "b", "c"], "n_test": 3, "accuracy": 2 / 3}
    record |= {"confusion": [[1, 0, 0], [1, 1, 0], [0, 0, 0]]}
    record |= {"f1_per_class": [2 / 3, 2 / 3, None], "f1_macro": 2 / 3}
    check_record(record)
    with pytest.raises(ValueError, match=r"f1_per_class.*null, as the confusion"):
        check_record(record | {"f1_per_class": [2 / 3, 2 / 3, 0.0]})


def test_parameters_are_those_of_the_key(records):
    record = copy.deepcopy(records["done"])
    record["params"]["params"]["C"] = 2.0
    record["identity"]["parameters"] = json_digest("parameters", record["params"])
    with pytest.raises(ValueError, match="the field 'key' is"):
        check_record(record)
    check_record(record | {"key": json_digest("cell", record["identity"])})


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "cannot be read"),
        (b"not JSON", "cannot be read"),
        (b"\xff\xfe", "cannot be read"),
        (b"[" * 2000 + b"]" * 2000, "nested too deeply"),
        (b'{"key": ' + b"[" * 2000 + b"]" * 2000 + b"}", "nested too deeply"),
        (b'{"a":' * 200_000, "nested too deeply|cannot be read"),
        (b'{"key": ' + b"9" * 5000 + b"}", "cannot be read"),
        (b'{"key": 1e999}', "the field 'key' is inf"),
        (b'{"key": NaN}', "the field 'key' is nan"),
        (b"[1]", "it holds a list, and must hold an object"),
        (b"null", "it holds a NoneType"),
        (b"{}", "the field 'key' is missing"),
    ],
)
def test_a_file_that_holds_something_else_is_named(tmp_path, content, message):
    path = tmp_path / "cell.json"
    path.write_bytes(content)
    with pytest.raises(ResultsError, match=message) as caught:
        read_record(path)
    assert str(path) in str(caught.value)


def test_a_file_that_is_too_large_is_not_read(tmp_path):
    path = tmp_path / "cell.json"
    with open(path, "wb") as file:
        file.truncate(2**30)
    with pytest.raises(ResultsError, match="it has more than 20 MiB"):
        read_record(path)


def test_the_error_names_file_cell_and_field(records, tmp_path):
    path = tmp_path / "cell.json"
    path.write_text(json.dumps(records["done"] | {"f1_macro": 7.0}))
    expected = r"cell\.json \(method 'svm', repeat 0, fold 0\): the field 'f1_macro' is 7.0, and"
    with pytest.raises(ResultsError, match=expected):
        read_record(path)


def test_nothing_that_reads_no_results_loads_the_library_of_schemas():
    code = "import sys, sklearn_mer.study; print('jsonschema' in sys.modules)"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "False"


def test_the_schema_is_one():
    Draft202012Validator.check_schema(RECORD)
