"""Which fields are written, and what is in them."""

import math

from .._quadrants import QUADRANTS
from ._errors import TagError

WORDS = {"Q1": "Happy", "Q2": "Aggressive", "Q3": "Sad", "Q4": "Relaxed"}
#: Fields that are numbers, and the columns of `sklearn-mer predict` that they are.
NUMBERS = {f"MOOD_{word.upper()}": quadrant for quadrant, word in WORDS.items()}
NUMBERS |= {"VALENCE": "valence", "AROUSAL": "arousal"}
#: {field: its key in each kind of tag}; None in ID3 stands for a TXXX frame of the field's name.
FIELDS = {"MOOD": {"id3": "TMOO", "mp4": "MOOD", "asf": "WM/Mood", "plain": "MOOD"}}
FIELDS |= {name: {"id3": None, "mp4": name, "asf": name, "plain": name} for name in NUMBERS}
#: What ``--fields`` takes, and the fields that it stands for.
KINDS = {"mood": ("MOOD",), "numbers": tuple(NUMBERS)}
_DIGITS = 4


def emotion_fields(row, kinds=tuple(KINDS)):
    """Return the fields of a song's tags.

    Parameters
    ----------
    row : mapping
        What is known of a song, under the names of the columns of ``sklearn-mer predict``:
        ``quadrant``, ``Q1`` to ``Q4``, ``valence`` and ``arousal``; numbers may be text.
    kinds : sequence of {"mood", "numbers"}, default=("mood", "numbers")
        The word (``MOOD``), the numbers, or both.

    Returns
    -------
    dict of str to str
        Text of each field; numbers have four decimals.

    Raises
    ------
    TagError
        If the row lacks a column, or its values are none of an emotion.

    See Also
    --------
    write_fields : Write them into a file.
    sklearn_mer.songs.predict_songs : Where the numbers come from.

    Examples
    --------
    >>> from sklearn_mer.tags import emotion_fields
    >>> row = {"quadrant": "Q1", "Q1": 0.7, "Q2": 0.1, "Q3": 0.0, "Q4": 0.2}
    >>> emotion_fields(row | {"valence": 0.8, "arousal": 0.6})["VALENCE"]
    '0.8000'
    >>> emotion_fields(row, ["mood"])
    {'MOOD': 'Happy'}
    """
    fields = {}
    for kind in kinds:
        for name in KINDS[kind]:
            fields[name] = _word(row) if name == "MOOD" else _number(row, NUMBERS[name])
    return fields


def check_fields(fields):
    """Raise an error unless these are fields as `emotion_fields` returns them."""
    for name, text in dict(fields).items():
        if name not in FIELDS:
            raise ValueError(f"{name!r:.40} is no field; the fields are {', '.join(FIELDS)}.")
        if not isinstance(text, str) or not text.isascii() or not text.isprintable():
            raise ValueError(f"{name} is {text!r:.40}; it must be printable ASCII text.")


def _word(row):
    quadrant = row.get("quadrant")
    if quadrant not in WORDS:
        raise TagError(f"quadrant is {quadrant!r:.40}; the quadrants are {', '.join(WORDS)}")
    return WORDS[quadrant]


def _number(row, column):
    lowest = 0 if column in QUADRANTS else -1
    try:
        number = float(row.get(column))
    except (TypeError, ValueError):
        number = math.nan
    if not lowest <= number <= 1:
        raise TagError(f"{column} is {row.get(column)!r:.40}; it must be from {lowest} to 1")
    return f"{round(number, _DIGITS) + 0.0:.{_DIGITS}f}"
