"""Files that are written whole or not at all, and what is said where that fails."""

import uuid
from contextlib import contextmanager, suppress


def replace_file(path, content):
    """Write text or bytes to a file in one step, so that no reader sees half; return its path.

    Threads and processes may write the same file at the same time: one of them is the last.

    Parameters
    ----------
    path : Path
        Its folder is made where it does not exist.
    content : str or bytes-like
        Text is written as UTF-8, its line ends as they are.

    Returns
    -------
    Path
        The path.

    Raises
    ------
    OSError
        If the file cannot be written; it names the path. A file that was there remains.
    """
    part = path.with_name(f".{path.name}.{uuid.uuid4().hex}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
        return part.replace(path)
    except BaseException as error:
        with suppress(OSError):  # the first error counts
            part.unlink()
        if isinstance(error, OSError):  # a full disk is told without a name
            error.filename = str(path)
        raise


def why_not(error):
    """Return what an error of the file system says, in words that fit files and folders."""
    if isinstance(error, FileExistsError | NotADirectoryError):
        return "it, or what should hold it, is a file or a link to nothing"
    return error.strerror or str(error)


@contextmanager
def told(what, advice, kind=ValueError):
    """Turn an error of the file system into one that says what failed, why, and what to do."""
    try:
        yield
    except OSError as error:
        raise kind(f"{what}: {why_not(error)}. {advice}") from error
