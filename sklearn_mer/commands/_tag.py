"""``sklearn-mer tag``: moods in the tags of files."""

import os
import sys
from collections import Counter

from .._optional import import_optional
from ..songs import UNFAMILIAR, check_window, iter_songs, short_note
from ..tags import (
    KINDS,
    Journal,
    TagError,
    check_writable,
    emotion_fields,
    read_fields,
    undo_fields,
    write_fields,
)
from ._model import open_model
from ._predict import find_songs
from ._rows import name_of, read_table, row_of


def tag(options):
    """Show, write or take back the fields of songs; return the exit status."""
    for package in ("mutagen", "av"):
        import_optional(package, "sklearn-mer tag", "tags")
    paths = find_songs(options.songs)
    journal = Journal(options.journal)
    journal.check(options.write and not options.undo)  # complains before a song is heard
    counts = Counter()
    if options.undo:
        for path in paths:
            counts[_told(path, _undo, path, journal, options.write)] += 1
    else:
        wanted = {name for kind in options.fields for name in KINDS[kind]}
        left = [path for path in paths if not _is_settled(path, wanted, options, counts)]
        for path, row in _rows(left, options):
            counts[_told(path, _tag, path, row, journal, options)] += 1
    _sum_up(counts, len(paths), options)
    return int(counts["left alone"] > 0)


def _told(path, do, *args):
    """Do something with a song and print what it says; return how it ended."""
    try:
        end, text = do(*args)
    except TagError as error:
        end, text = "left alone", f"left alone: {' '.join(str(error).split())}"
    if text:
        print(f"{name_of(path)}: {text}", flush=True)
    return end


def _is_settled(path, wanted, options, counts):
    """Say whether a song need not be heard: it cannot be tagged, or has all fields."""

    def look():
        present = read_fields(path)
        if options.overwrite or not wanted <= present.keys():
            check_writable(os.path.realpath(path))
            return "open", ""
        return "has all", f"has {_listed(present, wanted)}"

    end = _told(path, look)
    if end != "open":
        counts[end] += 1
    return end != "open"


def _rows(paths, options):
    """Yield each path with its row of `sklearn-mer predict`."""
    if options.table is not None:
        table = read_table(options.table, ("path", "quadrant", "error"))
        rows = {os.path.abspath(row["path"]): row for row in table}
        for path in paths:
            missing = {"error": f"{options.table} has no row of it"}
            yield path, rows.get(os.path.abspath(name_of(path)), missing)
    elif paths:
        model = open_model(options.model)
        shortest = check_window(model, options.window, options.hop).shortest
        n_heard = n_short = 0
        how = {"window": options.window, "hop": options.hop, "n_jobs": options.jobs}
        for song in iter_songs(model, paths, **how):
            n_heard += not song.error
            n_short += song.seconds < shortest
            yield song.path, row_of(song, model.classes_.tolist(), "")
        if note := short_note(n_short, n_heard, shortest):
            print(note, file=sys.stderr)


def _tag(path, row, journal, options):
    if row["error"]:
        raise TagError(row["error"])
    familiarity = _familiarity(row)
    if familiarity < UNFAMILIAR and not options.unfamiliar:
        return "unfamiliar", f"not tagged: its familiarity is {familiarity:.3f}"
    fields = emotion_fields(row, options.fields)
    how = {"overwrite": options.overwrite, "journal": journal, "dry_run": not options.write}
    done = write_fields(path, fields, **how)
    if not done.fields:
        return "has all", f"has {_listed(done.kept or fields, fields)}"
    text = f"{'set' if options.write else 'would set'} {_listed(done.fields, fields)}"
    if done.kept:
        text += f"; keeps {_listed(done.kept, fields)}"
    if done.n_names > 1:
        text += f"; hard links to it ({done.n_names - 1}) keep the old file"
    return "tagged", text


def _familiarity(row):
    try:
        return float(row.get("familiarity") or "nan")
    except ValueError as error:
        raise TagError(f"familiarity is {row['familiarity']!r:.40}, no number") from error


def _listed(fields, names):
    return ", ".join(f"{name}={fields[name]}" for name in fields if name in names)


def _undo(path, journal, write):
    n_writes = undo_fields(path, journal=journal, dry_run=not write)
    if not n_writes:
        return "has none", ""
    times = "once" if n_writes == 1 else f"{n_writes} times"
    return "tagged", f"{'is' if write else 'would be'} as before it was tagged ({times})"


def _sum_up(counts, n_songs, options):
    done = "taken back" if options.undo else "tagged"
    parts = [f"{counts['tagged']} of {n_songs} songs {'' if options.write else 'would be '}{done}"]
    if counts["has all"]:
        parts.append(f"{counts['has all']} had all fields")
    if counts["has none"]:
        parts.append(f"{counts['has none']} have nothing to take back")
    if counts["unfamiliar"]:
        parts.append(
            f"{counts['unfamiliar']} unlike the music that the model was trained on (familiarity "
            f"below {UNFAMILIAR}; --unfamiliar tags them too)"
        )
    if counts["left alone"]:
        parts.append(f"{counts['left alone']} left alone")
    text = ", ".join(parts) + "."
    if not options.write:
        text += " Nothing is written without --write."
    print(text, file=sys.stderr)
