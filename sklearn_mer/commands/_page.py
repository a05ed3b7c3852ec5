"""``sklearn-mer page`` and ``predict --page``: songs as a page for a browser."""

import base64
import hashlib
import json
import math
import os
import re
import sys
import tempfile
from errno import EISDIR
from importlib.resources import files
from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from .._files import replace_file
from .._text import plain_line
from ..songs import QUADRANTS, UNFAMILIAR
from ._rows import name_of, read_table

_COLUMNS = ("path", "quadrant", *QUADRANTS, "valence", "arousal", "seconds", "error")
# A song of hours has more windows than a picture of it has pixels.
_MOST_POINTS = 200
# What a line of a playlist would not hold, or a player would strip.
_NO_LINE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]|\\s$")
# Turns the direction of text: "a\u202egpj.mp3" would look like a picture.
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")


def page(options):
    """Make a page of a table of ``predict --csv``; return the exit status."""
    out = options.out or options.table.with_suffix(".html")
    write_page(out, read_table(options.table, _COLUMNS))
    return 0


def check_page(path):
    """Raise an error if a page cannot be written there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.is_dir():
        raise IsADirectoryError(EISDIR, os.strerror(EISDIR), str(path))
    with tempfile.TemporaryFile(dir=path.parent):
        pass


def write_page(path, rows, curves=None):
    """Write a page that needs no other file, and no network.

    Parameters
    ----------
    path : Path
        The page. One that is there is replaced.
    rows : iterable of dict
        Rows of ``sklearn-mer predict``, of numbers or of text.
    curves : dict of str to DataFrame, default=None
        What `predict_over_time` tells of songs, by the names in their rows.
    """
    folder, curves = path.absolute().parent, curves or {}
    songs, failed, n_lost = [], [], 0
    for row in rows:
        if row["error"]:
            failed.append((_shown(row["path"]), _shown(row["error"])))
            continue
        file = file_of(row["path"])
        n_lost += not os.path.exists(file)
        songs.append(_song(row, file, folder) | _curve(curves.get(row["path"])))
    replace_file(path, _html(songs, failed))
    if n_lost:
        print(
            f"{n_lost} of {len(songs)} songs are not where the table says, and the page will not "
            "play them. Paths are looked up from the folder where the command runs: it should be "
            "the one where predict ran.",
            file=sys.stderr,
        )
    print(f"{path} shows {len(songs)} songs; open it in a browser.", file=sys.stderr)


def file_of(name):
    r"""Return the absolute path of the file that `name_of` named; ``\xe9`` may stand for a byte."""
    path = os.path.abspath(name)
    if os.path.exists(path) or "\\" not in path:
        return path
    text = path.replace("\\n", "\n").replace("\\r", "\r")
    bytes_ = re.sub(
        rb"\\x([89a-f][0-9a-f])",
        lambda match: bytes.fromhex(match[1].decode()),
        text.encode("utf-8", "surrogateescape"),
    )
    found = os.fsdecode(bytes_)
    return found if name_of(found) == path and os.path.exists(found) else path


def _song(row, file, folder):
    numbers = {name: _number(row, name) for name in ("valence", "arousal", "seconds")}
    if row["quadrant"] not in QUADRANTS:
        raise ValueError(f"{row['path']}: the quadrant is {row['quadrant']!r:.40}, not Q1 to Q4.")
    uri = Path(file).as_uri()
    return numbers | {
        "name": _shown(os.path.basename(row["path"])),
        "folder": _shown(os.path.dirname(row["path"])),
        "url": _relative(file, folder) or uri,
        # Players read a line as a path or, if need be, as an address.
        "entry": uri if _NO_LINE.search(file) else file,
        "quadrant": row["quadrant"],
        "shares": [_number(row, name) for name in QUADRANTS],
        "familiarity": _number(row, "familiarity")
        if row.get("familiarity") not in (None, "")
        else None,
    }


def _shown(text):
    return _TURNS.sub("\ufffd", plain_line(text))


def _number(row, name):
    try:
        number = float(row[name])
    except (TypeError, ValueError):
        number = math.nan
    if not math.isfinite(number):
        raise ValueError(f"{row['path']}: {name} is {row[name]!r:.40}, no number.")
    return round(number, 4)


def _relative(file, folder):
    """Return the address from the page of a song beside or below it, so that both can be moved."""
    if not file.startswith(os.path.join(folder, "")):
        return None
    return "./" + quote(os.fsencode(os.path.relpath(file, folder).replace(os.sep, "/")))


def _curve(curve):
    if curve is None:
        return {}
    curve = curve[["start", "end", "valence", "arousal"]].dropna()  # but silent windows
    if len(curve) < 2:
        return {}
    curve = curve.iloc[:: math.ceil(len(curve) / _MOST_POINTS)]
    middle = (curve["start"] + curve["end"]) / 2
    columns = {"times": middle.round(1), "valences": curve["valence"].round(3)}
    columns["arousals"] = curve["arousal"].round(3)
    return {"curve": {name: column.tolist() for name, column in columns.items()}}


def _html(songs, failed):
    sources = {name: _source(f"songs.{name}") for name in ("html", "css", "js")}
    data = {"songs": songs, "unfamiliar": UNFAMILIAR}
    # ASCII without what could end the element: a name is never part of the page's language.
    text = json.dumps(data, allow_nan=False, separators=(",", ":"))
    for character in "<>&":
        text = text.replace(character, f"\\u{ord(character):04x}")
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    return environment.from_string(sources["html"]).render(
        style=Markup(sources["css"]),
        script=Markup(sources["js"]),
        data=Markup(text),
        digests={name: _digest(sources[name]) for name in ("css", "js")},
        failed=failed,
        n_songs=len(songs),
        unfamiliar=UNFAMILIAR,
        tells_familiarity=any(song["familiarity"] is not None for song in songs),
        has_curves=any("curve" in song for song in songs),
    )


def _source(name):
    return (files(__package__) / "page" / name).read_text(encoding="utf-8")


def _digest(text):
    """Return how a policy names a script or a style."""
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"
