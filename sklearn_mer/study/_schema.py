"""What a file of the results may hold. Nothing counts that was not checked here."""

import json
import stat
from collections import Counter
from datetime import datetime
from functools import cache
from pathlib import Path

from ._keys import json_digest

MAX_BYTES = 20 * 2**20
MAX_DEPTH = 40
MAX_INTEGER = 2**63
MAX_NUMBER = 1e300
TOLERANCE = 1e-9
SCORES = ("f1_macro", "accuracy", "f1_per_class", "confusion", "labels")
SCHEMA = Path(__file__).with_name("cell.schema.json")


class ResultsError(Exception):
    """A results folder, or a file in it, cannot be used; the message says what to do."""


def read_record(path):
    """Read the file of a cell and check it."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):  # a pipe would be waited for
            raise ValueError("it is not a file")
        if status.st_size > MAX_BYTES:
            raise ValueError(f"it has more than {MAX_BYTES // 2**20} MiB")
        text = path.read_bytes().decode("utf-8")
        record = json.loads(text, object_pairs_hook=_object)
    except FileNotFoundError:
        raise
    except (OSError, ValueError, RecursionError) as error:
        what = "it is nested too deeply" if isinstance(error, RecursionError) else error
        raise ResultsError(f"{path} cannot be read as the result of a cell: {what}.") from error
    try:
        check_record(record)
    except ValueError as error:
        cell, identity = "", record.get("identity") if isinstance(record, dict) else None
        if isinstance(identity, dict):  # which cell, as far as it says so
            names = ("method", "repeat", "fold")
            cell = ", ".join(f"{name} {ascii(identity.get(name))[:60]}" for name in names)
        raise ResultsError(f"{path}{cell and f' ({cell})'}: {error}") from error
    return record


def _object(pairs):
    found = dict(pairs)
    if len(found) < len(pairs):
        ((twice, _),) = Counter(name for name, _ in pairs).most_common(1)
        raise ValueError(f"the field {twice[:40]!a} is there twice")
    return found


def check_record(record):
    """Check what a file holds: first each field by the schema, then fields against each other."""
    _check_plain(record, "the file", 0)
    for error in _validator().iter_errors(record):
        _refuse_by_schema(error)
    _check_history(record["history"])
    _check_identity(record)
    if record["status"] == "done":
        _check_scores(record)


@cache
def _validator():
    # Here and not above: only what reads or writes results needs this library.
    from jsonschema import Draft202012Validator, FormatChecker
    from jsonschema.validators import extend

    # In JSON Schema 5.0 is an integer, and no format is checked by itself.
    types = Draft202012Validator.TYPE_CHECKER.redefine("integer", lambda _, x: type(x) is int)
    formats = FormatChecker(formats=())
    formats.checks("date-time", raises=(TypeError, ValueError))(
        lambda text: datetime.fromisoformat(text).utcoffset() is not None  # it has a zone
    )
    validator = extend(Draft202012Validator, type_checker=types)
    return validator(json.loads(SCHEMA.read_text("utf-8")), format_checker=formats)


def _refuse_by_schema(error):
    """Raise an error of the schema in terms of fields and of what is allowed there."""
    field, value, schema = error.json_path.removeprefix("$")[1:], error.instance, error.schema
    inside = f"{field}." if field else ""
    if error.validator == "required":
        missing = next(name for name in error.validator_value if name not in value)
        raise ValueError(f"the field '{inside}{missing}' is missing.")
    if error.validator == "additionalProperties":
        unknown = next(name for name in value if name not in schema["properties"])
        known = ", ".join(schema["properties"])
        raise ValueError(f"the field {inside + unknown[:40]!a} is unknown; allowed are {known}.")
    if not field:
        raise ValueError(f"it holds a {type(value).__name__}, and must hold an object.")
    _refuse(field, value, schema["description"])


def _refuse(field, value, allowed):
    text = ascii(value)
    shown = text if len(text) <= 80 else f"{text[:77]}..."
    raise ValueError(f"the field {field[:80]!a} is {shown}, and must be {allowed}.")


def _check_plain(value, field, depth):
    """Refuse what JSON can hold and a result cannot, wherever it stands."""
    if depth > MAX_DEPTH:
        raise ValueError(f"the field {field!r} is nested too deeply, over {MAX_DEPTH} levels.")
    if isinstance(value, str):
        if not value.isascii() and value.encode("utf-8", "replace").decode() != value:
            _refuse(field, value, "text that can be written in UTF-8")
    elif isinstance(value, dict | list):
        for name, item in value.items() if isinstance(value, dict) else enumerate(value):
            _check_plain(name, field, depth)
            _check_plain(item, str(name)[:40] if depth == 0 else field, depth + 1)
    elif isinstance(value, int) and abs(value) >= MAX_INTEGER:
        raise ValueError(f"the field {field!r} holds an integer of more than 64 bits.")
    elif isinstance(value, float) and not abs(value) < MAX_NUMBER:
        _refuse(field, value, "a finite number")


def _check_history(history):
    """Check each epoch; by the schema it would take half a minute for a whole study."""
    for epochs in history.values() if isinstance(history, dict) else [history or []]:
        if not isinstance(epochs, list) or not all(isinstance(epoch, dict) for epoch in epochs):
            _refuse("history", history, "lists of epochs, each an object")
        for value in (value for epoch in epochs for value in epoch.values()):
            if type(value) not in (int, float):
                _refuse("history", history, "lists of epochs, each with numbers by name")


def _check_identity(record):
    identity = record["identity"]
    for name, of in {"repeat": "n_repeats", "fold": "n_splits"}.items():
        if identity[name] >= record[of]:
            _refuse(f"identity.{name}", identity[name], f"from 0 to {record[of] - 1}")
    if (expected := json_digest("parameters", record["params"])) != identity["parameters"]:
        _refuse("params", record["params"], f"what identity.parameters is of, not of {expected}")
    if (expected := json_digest("cell", identity)) != record["key"]:
        _refuse("key", record["key"], f"the digest of the identity, {expected}")


def _check_scores(record):
    confusion, n = record["confusion"], len(record["labels"])
    if len(confusion) != n or any(len(row) != n for row in confusion):
        _refuse("confusion", confusion, f"{n} x {n} whole numbers, as labels are")
    if (total := sum(map(sum, confusion))) != record["n_test"]:
        _refuse("confusion", confusion, f"{record['n_test']} clips in all as n_test, not {total}")
    hits = [row[i] for i, row in enumerate(confusion)]
    counts = [sum(row) + sum(other[i] for other in confusion) for i, row in enumerate(confusion)]
    f1 = [2 * hit / count if count else None for hit, count in zip(hits, counts, strict=True)]
    _check_score("accuracy", record["accuracy"], sum(hits) / total)
    if len(record["f1_per_class"]) != n:
        _refuse("f1_per_class", record["f1_per_class"], f"a list of {n}, as labels are")
    for found, expected in zip(record["f1_per_class"], f1, strict=True):
        _check_score("f1_per_class", found, expected)
    known = [value for value in f1 if value is not None]
    _check_score("f1_macro", record["f1_macro"], sum(known) / len(known))


def _check_score(name, found, expected):
    near = None not in (found, expected) and abs(found - expected) <= TOLERANCE
    if found is not expected and not near:
        wanted = "null" if expected is None else f"{expected:.6g}"
        _refuse(name, found, f"{wanted}, as the confusion matrix gives")
