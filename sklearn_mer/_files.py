"""Files that are written whole or not at all, and what is said where that fails."""

import os
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


def write_durably(path, text, part, *, replace=True):
    """Write a file in one step, so that neither a kill nor a power failure leaves half of it.

    Parameters
    ----------
    path : Path
        In a folder that exists.
    text : str
        Written as UTF-8.
    part : Path
        Where it is written first, in the same folder; a kill may leave this file behind.
    replace : bool, default=True
        Whether to replace a file that is there. If False, the one that is there stays.

    Raises
    ------
    OSError
        If the file cannot be written. A file that was there remains.
    """
    try:
        with open(part, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if not replace:
            try:
                os.link(part, path)  # replaces nothing, as a renaming would
            except OSError:  # the file is there, or the file system has no hard links
                replace = not path.exists()
        if replace:
            os.replace(part, path)
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    with suppress(OSError):  # so that the name outlasts a power failure
        handle = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


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
