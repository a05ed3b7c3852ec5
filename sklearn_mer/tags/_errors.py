"""What is told of a file whose tags are left alone."""

from contextlib import contextmanager

from .._files import why_not


class TagError(ValueError):
    """Why the tags of a file cannot be read or written; the file is as it was.

    See Also
    --------
    read_fields : Raises it.
    write_fields : Raises it.
    """


@contextmanager
def left_alone():
    """Turn any error into that of a file that is left alone: one, of a million, is not the end."""
    try:
        yield
    except (TagError, ImportError):
        raise
    except FileNotFoundError as error:
        raise TagError("no such file") from error
    except OSError as error:
        raise TagError(why_not(error)) from error
    except Exception as error:  # mutagen raises others than its own for damaged files
        raise TagError(f"cannot be tagged ({type(error).__name__}: {error})") from error
