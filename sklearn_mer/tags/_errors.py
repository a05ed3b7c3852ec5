"""What is told of a file whose tags are left alone."""

from contextlib import contextmanager

from .._files import why_not


class TagError(ValueError):
    """Why the tags of a file cannot be read or written; the file is as it was."""


@contextmanager
def left_alone():
    """Turn errors of the file system into those of a file that is left alone."""
    try:
        yield
    except FileNotFoundError as error:
        raise TagError("no such file") from error
    except OSError as error:
        raise TagError(why_not(error)) from error
