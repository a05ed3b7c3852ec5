"""Rows of ``sklearn-mer predict``, and where they are written."""

import csv
import json
import math
import os
import sys

from ..songs import QUADRANTS, UNFAMILIAR, short_note, unfamiliar_note, valence_arousal

MOODS = ("mood_happy", "mood_aggressive", "mood_sad", "mood_relaxed")
COLUMNS = ("path", "quadrant", *QUADRANTS, "valence", "arousal", "familiarity", "seconds", *MOODS)
COLUMNS += ("model", "error")
TEXTS = ("path", "quadrant", "model", "error")  # the others are numbers
_DIGITS = 6


def row_of(song, classes, model):
    """Return the row of a `Song`, {column: value}; what is not known is None."""
    row = dict.fromkeys(COLUMNS) | {"path": name_of(song.path), "model": model}
    row["error"] = " ".join(song.error.split())
    if song.error:
        return row
    proba = dict.fromkeys(QUADRANTS, 0.0) | dict(
        zip(classes, song.probabilities.tolist(), strict=True)
    )
    sides = valence_arousal([song.probabilities], classes)
    numbers = proba | dict(zip(MOODS, proba.values(), strict=True))
    numbers |= dict(zip(("valence", "arousal"), (float(side[0]) for side in sides), strict=True))
    if not math.isnan(song.familiarity):
        numbers["familiarity"] = song.familiarity
    row |= {name: round(value, _DIGITS) for name, value in numbers.items()}
    return row | {"quadrant": str(song.predicted), "seconds": round(song.seconds, 3)}


def name_of(path):
    r"""Return a path as text on one line: bytes that are not UTF-8 as ``\xe9``.

    A relative path that a spreadsheet would take for a formula begins with ``./``.
    """
    text = os.fsencode(path).decode("utf-8", "backslashreplace")
    text = text.replace("\r", "\\r").replace("\n", "\\n")
    return f"./{text}" if text.lstrip().startswith(("=", "+", "-", "@")) else text


def read_table(path, columns):
    """Return the rows of a table of `sklearn-mer predict`, which must have some columns.

    Raises
    ------
    ValueError
        If it is none.
    """
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            table = csv.DictReader(file)
            rows = [row for row in table if row.get("path")]
    except (UnicodeDecodeError, csv.Error) as error:
        raise ValueError(f"{path} is no table of text ({error}).") from error
    lacking = [name for name in columns if name not in (table.fieldnames or ())]
    if lacking:
        raise ValueError(
            f"{path} is no table of sklearn-mer predict: it has no column {', '.join(lacking)}."
        )
    return rows


class Tally:
    """What is told of all rows at the end, without keeping them.

    Parameters
    ----------
    shortest : float
        Seconds; in shorter songs, emotions are recognised less often.

    Attributes
    ----------
    n_failed : int
        Number of songs that could not be used.
    """

    def __init__(self, shortest):
        self._shortest = shortest
        self.n_failed = self._n_heard = self._n_short = self._n_known = self._n_unfamiliar = 0

    def add(self, row):
        """Count a row, of numbers or of text."""
        self.n_failed += bool(row["error"])
        if row["seconds"] not in (None, ""):
            self._n_heard += 1
            self._n_short += float(row["seconds"]) < self._shortest
        if row["familiarity"] not in (None, ""):
            self._n_known += 1
            self._n_unfamiliar += float(row["familiarity"]) < UNFAMILIAR

    def lines(self, n_songs, file=None):
        """Return what is to be told of so many songs, whose rows are in a file if not shown."""
        failed = f"{self.n_failed} of {n_songs} songs could not be used" if self.n_failed else ""
        if failed:
            failed += f": see the column error of {file}." if file else "."
        unfamiliar = unfamiliar_note(self._n_unfamiliar, self._n_known)
        short = short_note(self._n_short, self._n_heard, self._shortest)
        return [line for line in (failed, short, unfamiliar) if line]


class CsvFile:
    """A table that is readable after each row.

    Parameters
    ----------
    path : Path
        The file.
    model : str
        What the rows of a file to resume must have been computed with.
    tally : Tally
        Counts the rows that are there.
    resume : bool
        Whether the file may be there.

    Attributes
    ----------
    done : set of str
        Names of the songs that have a row.
    """

    def __init__(self, path, model, tally, *, resume):
        self.path, self.done = path, set()
        if path.exists() and not resume:
            raise ValueError(
                f"{path} is there. --resume adds what it lacks; to begin anew, delete it or name "
                "another file."
            )
        if path.exists():
            self._read(model, tally)
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = open(path, "a", encoding="utf-8", newline="")  # noqa: SIM115
        self._writer = csv.DictWriter(self._file, COLUMNS, lineterminator="\n")
        if not self._file.tell():
            self._writer.writeheader()

    def _read(self, model, tally):
        content = self.path.read_bytes()
        end = content.rfind(b"\n") + 1
        rows = csv.DictReader(content[:end].decode("utf-8", "replace").splitlines(True))
        if end and tuple(rows.fieldnames or ()) != COLUMNS:
            raise ValueError(
                f"{self.path} is no table of sklearn-mer predict of this version; name another "
                "file with --csv."
            )
        for row in rows:
            if row["model"] != model:
                raise ValueError(
                    f"{self.path} was written with another model, --window or --hop; name another "
                    "file with --csv, so that one table holds one kind of numbers."
                )
            self.done.add(row["path"])
            tally.add(row)
        if end < len(content):  # a kill has left half a row
            os.truncate(self.path, end)

    def write(self, row):
        """Add a row."""
        self._writer.writerow(row)
        self._file.flush()

    def close(self):
        """End the file."""
        self._file.close()


class JsonLines:
    """Standard output, a JSON object a line."""

    _before, _between, _after, _nothing = "", "\n", "\n", ""

    def __init__(self):
        self._n_rows = 0

    def write(self, row):
        """Print a row."""
        text = json.dumps(row, ensure_ascii=False, allow_nan=False)
        print(self._between if self._n_rows else self._before, text, sep="", end="", flush=True)
        self._n_rows += 1

    def close(self):
        """Print what is left."""
        print(end=self._after if self._n_rows else self._nothing, flush=True)


class JsonArray(JsonLines):
    """Standard output, one JSON array."""

    _before, _between, _after, _nothing = "[\n", ",\n", "\n]\n", "[]\n"


class Lines:
    """Standard output, a line a song for people."""

    def write(self, row):
        """Print a row."""
        print(line_of(row), flush=True)

    def close(self):
        """Nothing is left."""


def line_of(row):
    """Return a row as a line for people."""
    if row["error"]:
        return f"--        {row['path']}: {row['error']}"
    sides = f"valence {row['valence']:+.2f}  arousal {row['arousal']:+.2f}"
    if row["familiarity"] is not None:
        sides += f"  familiarity {row['familiarity']:.2f}"
    best = 100 * max(row[name] for name in QUADRANTS)
    seconds = math.floor(row["seconds"])
    clock = f"{seconds // 60}:{seconds % 60:02d}"
    return f"{row['quadrant']} {best:3.0f} %  {sides}  {clock:>6}  {row['path']}"


def sink_of(options, model, tally):
    """Return where the rows go."""
    if options.csv is not None:
        return CsvFile(options.csv, model, tally, resume=options.resume)
    if options.json:
        return JsonArray()
    if options.jsonl:
        return JsonLines()
    if not sys.stdout.isatty():
        return Lines()
    print(
        "quadrant and its probability, expected side of Russell's plane (no ratings), familiarity "
        f"(below {UNFAMILIAR}: unlike the training music), length"
    )
    return Lines()
