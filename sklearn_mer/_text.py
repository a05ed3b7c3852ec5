"""Names that anybody gave, and errors, as text that files, tables and pictures can hold."""

import re
import textwrap
from difflib import get_close_matches
from pathlib import PurePath
from traceback import TracebackException

# Characters that XML or a terminal does not take, and halves of surrogate pairs, which file
# names that are not UTF-8 have and no file takes.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def plain_text(text):
    """Return text without control characters, except tabs and line ends."""
    return _CONTROL.sub("\ufffd", str(text).replace("\r\n", "\n"))


def plain_line(text):
    """Return text as one line without control characters."""
    return plain_text(" ".join(str(text).split()))


def did_you_mean(word, allowed):
    """Return a sentence that names the allowed word nearest to another, empty if none is near."""
    names = {name.lower().lstrip("-"): name for name in allowed}
    near = get_close_matches(str(word).lower().lstrip("-"), names, n=1, cutoff=0.65)
    return f" Did you mean {names[near[0]]!r}?" if near else ""


def portable_traceback(error):
    """Return a traceback that names frames by package and file, not by somebody's folders."""
    report = TracebackException.from_exception(error)
    for frame in report.stack:
        frame.filename = "/".join(PurePath(frame.filename).parts[-3:])
    return "".join(report.format())


def error_line(report):
    """Return the error at the end of a traceback as one line."""
    lines = report.rpartition("Traceback (most recent call last):\n")[2].splitlines()
    while len(lines) > 1 and lines[0].startswith(" "):
        del lines[0]
    return textwrap.shorten(" ".join(lines), 400, placeholder=" ...")


def pipe_table(head, lines, *, n_left=1):
    """Return a Markdown table with padded columns, `n_left` of them aligned to the left."""
    lines = [[plain_line(cell).replace("|", "\\|") for cell in line] for line in [head, *lines]]
    columns = []
    for number, column in enumerate(zip(*lines, strict=True)):
        width = max(map(len, column))
        pad, rule = (str.ljust, ":{}") if number < n_left else (str.rjust, "{}:")
        head, *body = [f" {pad(cell, width)} " for cell in column]
        columns.append([head, rule.format("-" * (width + 1)), *body])
    return "\n".join(f"|{'|'.join(row)}|" for row in zip(*columns, strict=True))


def csv_text(table, *, float_format="%.2f"):
    """Return a DataFrame as CSV; text that a spreadsheet takes for a formula gets an apostrophe."""
    safe = table.map(_no_formula).rename(columns=_no_formula)
    return safe.to_csv(index=False, float_format=float_format)


def _no_formula(value):
    if not isinstance(value, str):
        return value
    text = plain_text(value)
    # Spreadsheets strip white space first.
    return f"'{text}" if text.lstrip().startswith(("=", "+", "-", "@")) else text
