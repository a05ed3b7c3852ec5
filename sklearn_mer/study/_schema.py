"""What a file of the results may hold. Nothing is counted that was not checked here."""

import json
import math
import re
from datetime import datetime
from numbers import Real

from ._cells import key_of, parameters_digest

MAX_BYTES = 20 * 2**20
MAX_DEPTH = 40
MAX_INTEGER = 2**63
MAX_NUMBER = 1e300
TOLERANCE = 1e-9
HEX = re.compile("[0-9a-f]{32}")
IDENTITY = {
    "method": str,
    "recipe": str,
    "dataset": str,
    "groups": (str, None),
    "repeat": int,
    "fold": int,
    "seed": int,
    "data": str,
    "parameters": str,
    "split": str,
    "versions": dict,
}
RECORD = {
    "key": str,
    "identity": dict,
    "params": dict,
    "n_splits": int,
    "n_repeats": int,
    "n_train": int,
    "n_test": int,
    "status": str,
    "f1_macro": (float, None),
    "accuracy": (float, None),
    "f1_per_class": (list, None),
    "confusion": (list, None),
    "labels": (list, None),
    "fit_seconds": (float, None),
    "score_seconds": (float, None),
    "epochs": (int, dict, None),
    "best_params": (dict, None),
    "history": (list, dict, None),
    "peak_memory_mb": (float, None),
    "device": str,
    "traceback": (str, None),
    "code": str,
    "ended_at": str,
}
# What a finished cell has, and what a failed one lacks.
SCORES = ("f1_macro", "accuracy", "f1_per_class", "confusion", "labels")
SECONDS = ("fit_seconds", "score_seconds")


class ResultsError(Exception):
    """A results folder, or a file in it, cannot be used; the message says what to do."""


def read_record(path):
    """Read the file of a cell and check it."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ValueError(f"it has more than {MAX_BYTES // 2**20} MiB")
        record = json.loads(path.read_bytes().decode("utf-8"))
    except FileNotFoundError:
        raise
    except (OSError, ValueError, RecursionError) as error:
        what = "it is nested too deeply" if isinstance(error, RecursionError) else error
        raise ResultsError(f"{path} cannot be read as the result of a cell: {what}.") from error
    try:
        check_record(record)
    except ValueError as error:
        raise ResultsError(f"{path}{_cell_of(record)}: {error}") from error
    return record


def _cell_of(record):
    """Return which cell a record says it is of, as far as it does."""
    identity = record.get("identity") if isinstance(record, dict) else None
    if not isinstance(identity, dict):
        return ""
    named = [f"{name} {ascii(identity.get(name))[:60]}" for name in ("method", "repeat", "fold")]
    return f" ({', '.join(named)})"


def check_record(record):
    """Check what a file holds."""
    _check_plain(record, "the file", 0)
    _check_fields(record, RECORD, "")
    _check_fields(record["identity"], IDENTITY, "identity.")
    _check_identity(record)
    _check_numbers(record)
    _check_training(record)
    if record["status"] not in ("done", "failed"):
        _refuse("status", record["status"], "'done' or 'failed'")
    if record["status"] == "done":
        _check_done(record)
    else:
        _check_failed(record)
    _check_time(record["ended_at"])


def _refuse(field, value, allowed):
    text = ascii(value)
    shown = text if len(text) <= 80 else f"{text[:77]}..."
    raise ValueError(f"the field {field!r} is {shown}, and must be {allowed}.")


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


def _check_fields(found, wanted, prefix):
    if not isinstance(found, dict):
        raise ValueError(f"it holds a {type(found).__name__}, and must hold an object.")
    if missing := [name for name in wanted if name not in found]:
        raise ValueError(f"the field '{prefix}{missing[0]}' is missing.")
    if unknown := [name for name in found if name not in wanted]:
        raise ValueError(
            f"the field {prefix + unknown[0][:40]!a} is unknown; allowed are {', '.join(wanted)}."
        )
    for name, types in wanted.items():
        types = types if isinstance(types, tuple) else (types,)
        if not any(_is(found[name], kind) for kind in types):
            allowed = " or ".join("null" if kind is None else kind.__name__ for kind in types)
            _refuse(prefix + name, found[name], allowed)


def _is(value, kind):
    if kind is None:
        return value is None
    if isinstance(value, bool):
        return False
    return isinstance(value, Real if kind is float else kind)


def _check_identity(record):
    identity = record["identity"]
    for name in ("data", "parameters", "split"):
        if not HEX.fullmatch(identity[name]):
            _refuse(f"identity.{name}", identity[name], "a digest of 32 hexadecimal digits")
    for name in ("method", "recipe", "dataset"):
        if not identity[name]:
            _refuse(f"identity.{name}", identity[name], "a name")
    if not all(isinstance(version, str) for version in identity["versions"].values()):
        _refuse("identity.versions", identity["versions"], "names and versions, both text")
    if (expected := parameters_digest(record["params"])) != identity["parameters"]:
        _refuse("params", record["params"], f"what identity.parameters is of, not of {expected}")
    if (expected := key_of(identity)) != record["key"]:
        _refuse("key", record["key"], f"the digest of the identity, {expected}")


def _check_numbers(record):
    least = {"n_splits": 2, "n_repeats": 1, "n_train": 1, "n_test": 1}
    for name, low in least.items():
        if record[name] < low:
            _refuse(name, record[name], f"at least {low}")
    for name, of in {"repeat": "n_repeats", "fold": "n_splits"}.items():
        below = record[of]
        if not 0 <= record["identity"][name] < below:
            _refuse(f"identity.{name}", record["identity"][name], f"from 0 to {below - 1}")
    for name in (*SECONDS, "peak_memory_mb"):
        if record[name] is not None and record[name] < 0:
            _refuse(name, record[name], "at least 0")
    if record["code"] and not HEX.fullmatch(record["code"]):
        _refuse("code", record["code"], "a digest of 32 hexadecimal digits, or empty")


def _check_done(record):
    for name in (*SCORES, *SECONDS):
        if record[name] is None:
            _refuse(name, None, "given, as the cell is done")
    if record["traceback"] is not None:
        _refuse("traceback", record["traceback"], "null, as the cell is done")
    _check_confusion(record)
    f1, accuracy = confusion_scores(record["confusion"])
    _check_score("accuracy", record["accuracy"], accuracy)
    if len(record["f1_per_class"]) != len(f1):
        _refuse("f1_per_class", record["f1_per_class"], f"a list of {len(f1)}, as labels are")
    for found, expected in zip(record["f1_per_class"], f1, strict=True):
        _check_score("f1_per_class", found, expected)
    known = [value for value in f1 if value is not None]
    _check_score("f1_macro", record["f1_macro"], sum(known) / len(known))


def _check_confusion(record):
    labels, confusion = record["labels"], record["confusion"]
    kinds = {type(label) for label in labels}
    if len(labels) < 2 or len(kinds) != 1 or not kinds <= {str, int, float, bool}:
        _refuse("labels", labels, "a list of at least two texts or numbers, all of one type")
    if len(set(labels)) < len(labels):
        _refuse("labels", labels, "all different")
    n = len(labels)
    square = len(confusion) == n and all(isinstance(r, list) and len(r) == n for r in confusion)
    if not square or not all(_is(v, int) and v >= 0 for row in confusion for v in row):
        _refuse("confusion", confusion, f"{n} x {n} whole numbers from 0, as labels are")
    if (total := sum(map(sum, confusion))) != record["n_test"]:
        _refuse("confusion", confusion, f"{record['n_test']} clips in all as n_test, not {total}")


def confusion_scores(confusion):
    """Return the F1 of each class (None for one that does not occur) and the accuracy."""
    hits = [row[i] for i, row in enumerate(confusion)]
    columns = zip(*confusion, strict=True)
    counts = [sum(row) + sum(column) for row, column in zip(confusion, columns, strict=True)]
    f1 = [2 * hit / count if count else None for hit, count in zip(hits, counts, strict=True)]
    return f1, sum(hits) / sum(map(sum, confusion))


def _check_score(name, found, expected):
    if expected is None or found is None:
        if found is not expected:
            _refuse(name, found, f"{expected or 'null'}, as the confusion matrix gives")
    elif not _is(found, float) or not 0 <= found <= 1:
        _refuse(name, found, "a number from 0 to 1")
    elif not math.isclose(found, expected, rel_tol=0, abs_tol=TOLERANCE):
        _refuse(name, found, f"{expected:.6g}, as the confusion matrix gives")


def _check_training(record):
    epochs = record["epochs"]
    stages = epochs.values() if isinstance(epochs, dict) else [epochs or 0]
    if not all(_is(number, int) and number >= 0 for number in stages):
        _refuse("epochs", epochs, "whole numbers from 0")
    history = record["history"]
    stages = history.values() if isinstance(history, dict) else [history or []]
    well = all(isinstance(stage, list) for stage in stages) and all(
        isinstance(epoch, dict) and all(_is(value, float) for value in epoch.values())
        for stage in stages
        for epoch in stage
    )
    if not well:
        _refuse("history", history, "lists of epochs, each with numbers by name")


def _check_failed(record):
    for name in (*SCORES, *SECONDS):
        if record[name] is not None:
            _refuse(name, record[name], "null, as the cell failed")
    if not record["traceback"]:
        _refuse("traceback", record["traceback"], "given, as the cell failed")


def _check_time(text):
    try:
        aware = datetime.fromisoformat(text).utcoffset() is not None
    except ValueError:
        aware = False
    if not aware:
        _refuse("ended_at", text, "a time with its zone, such as 2026-01-31T12:00:00+00:00")
