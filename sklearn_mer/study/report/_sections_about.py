"""The sections about the run: what was not computed, and with what settings the rest was."""

import json
from collections import Counter

from ..cells._methods import method_parameters
from . import _html


def not_run(content, pictures):
    """Rows without weights, cells that failed, cells that were not computed."""
    parts = [*_without_weights(content), *_failed(content), *_missing(content)]
    if not parts:
        parts = [_html.paragraph("Nothing: all planned cells of all rows are finished.")]
    return _html.section("not-run", "What was not run", *parts)


def _without_weights(content):
    lines = [[method.title, method.missing] for method in content.methods if method.missing]
    if lines:
        yield "<h3>Weights not here</h3>"
        yield _html.table(["Method", "Why"], lines, long=[1])


def _failed(content):
    cells = [row for rows in content.failed.values() for row in rows]
    if not cells:
        return
    yield "<h3>Failed cells</h3>"
    yield _html.paragraph("The same command tries them again.")
    errors = {}  # the same error in many folds is one line
    for row in cells:
        errors.setdefault((row["method"], _last_line(row)), []).append(row)
    lines = [
        [content.titles[method], error, _places(rows)] for (method, error), rows in errors.items()
    ]
    yield _html.table(["Method", "Last line of the traceback", "Repeat.fold"], lines, long=[1, 2])
    for (method, error), rows in errors.items():
        summary = f"Traceback of {content.titles[method]}: {error}"
        yield _html.details(summary, _html.preformatted((rows[0]["traceback"] or "").strip()))


def _last_line(row):
    return ((row["traceback"] or "").strip() or "no traceback").splitlines()[-1]


def _places(rows):
    return ", ".join(f"{row['repeat']}.{row['fold']}" for row in rows)


def _missing(content):
    planned = dict(zip(content.table["method"], content.table["n_planned"], strict=True))
    known = {key: content.n_folds(key) + len(content.failed[key]) for key in planned}
    missing = Counter({key: planned[key] - known[key] for key in planned})
    lines = [
        [content.titles[key], f"{missing[key]} of {planned[key]}"]
        for key in planned
        if missing[key]
    ]
    if lines:
        yield "<h3>Not computed yet</h3>"
        yield _html.paragraph("The same command goes on from here.")
        yield _html.table(["Method", "Cells"], lines)


def settings(content, pictures):
    """Command, versions and parameters."""
    times = sorted(row["ended_at"] for rows in content.done.values() for row in rows)
    about = {"Versions": content.versions}
    if times:
        about["Cells ended"] = f"{times[0]} to {times[-1]}"
    command = [_html.paragraph("The command:"), _html.preformatted(content.command)]
    folded = [
        _html.details(method.title, _html.preformatted(_parameters(method)))
        for method in content.methods
    ]
    note = "Parameters of the rows; those that cannot change a score are left out:"
    parts = [*(command if content.command else []), _html.facts(about), _html.paragraph(note)]
    return _html.section("settings", "Settings", *parts, *folded)


def _parameters(method):
    return json.dumps(method_parameters(method), indent=2, ensure_ascii=False)
