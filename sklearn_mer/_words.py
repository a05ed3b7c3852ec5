"""Words of a command line as values; they import nothing large."""

import argparse
from pathlib import Path


def count(text, least=1, most=None):
    """Read a whole number."""
    try:
        number = int(text)
    except ValueError:
        number = least - 1
    if number < least or (most is not None and number > most):
        upper = "on" if most is None else f"to {most}"
        raise argparse.ArgumentTypeError(
            f"must be a whole number from {least} {upper}, got {text[:40]!r}"
        )
    return number


def positive(text):
    """Read a number above 0."""
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError(f"must be a number above 0, got {text[:40]!r}")
    return number


def not_empty(text):
    """Read text; a variable of the shell may have no value."""
    if not text.strip():
        raise argparse.ArgumentTypeError("is empty; give a value, or leave it out")
    return text


def path(text):
    """Read a path; ``~`` is the home folder."""
    return Path(not_empty(text)).expanduser()
