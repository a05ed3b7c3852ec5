"""Tags set in a copy that then replaces the file, and taken back."""

import hashlib
import os
import shutil
import signal
import stat
import tempfile
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from ._errors import TagError, left_alone
from ._fields import check_fields
from ._formats import open_song
from ._heard import packets_and_texts
from ._journal import Journal
from ._patch import apply_patch, make_patch

try:
    import fcntl
except ImportError:  # Windows, which itself refuses to replace files in use
    fcntl = None

_PREFIX = ".sklearn-mer-"
_STALE = 3600.0  # seconds after which no process is still at work on its copy


@dataclass(frozen=True)
class Written:
    """What `write_fields` did, or would do.

    Parameters
    ----------
    fields : dict of str to str
        What was set.
    kept : dict of str to str
        Other values that the file had, and still has.
    n_names : int
        Hard links to the file; the others keep the file without the new fields.
    """

    fields: dict
    kept: dict
    n_names: int


def write_fields(path, fields, *, overwrite=False, journal=None, dry_run=False):
    """Set fields in the tags of a file.

    A copy is written beside the file; once it is seen that the copy has the same audio, pictures
    and other tags, and a line of the journal tells how to go back, it replaces the file in one
    step. At any error, and after a kill, the file is as it was.

    Parameters
    ----------
    path : str or path-like
        An audio file; of a symbolic link, the file that it stands for.
    fields : dict of str to str
        As `emotion_fields` returns them.
    overwrite : bool, default=False
        Whether to replace other values that the file has in these fields. If False, they stay.
    journal : Journal or None, default=None
        Where the write is noted. None for the default.
    dry_run : bool, default=False
        Only find out what would be written.

    Returns
    -------
    Written
        ``fields``, what was set; ``kept``, other values that stayed; ``n_names``, the number of
        hard links to the file: the others keep the old one.

    Raises
    ------
    TagError
        Why the file was left alone.
    ValueError
        If `fields` has other names, or values that are no ASCII text.
    ImportError
        If the extra ``tags`` is not installed.

    See Also
    --------
    undo_fields : Take it back.

    Examples
    --------
    >>> from sklearn_mer.tags import read_fields, undo_fields, write_fields
    >>> write_fields("song.mp3", {"MOOD": "Happy"}).fields  # doctest: +SKIP
    {'MOOD': 'Happy'}
    >>> read_fields("song.mp3")  # doctest: +SKIP
    {'MOOD': 'Happy'}
    >>> undo_fields("song.mp3")  # doctest: +SKIP
    1
    """
    check_fields(fields)
    path = os.path.realpath(path)
    with left_alone():
        before = check_writable(path)
        song = open_song(path)
        present = song.read()
        new = {name: text for name, text in fields.items() if present.get(name) != text}
        kept = {} if overwrite else {name: present[name] for name in new if name in present}
        new = {name: text for name, text in new.items() if name not in kept}
        if new and not dry_run:
            with _copy_of(path, before) as part:
                song.write(part, new)
                _check(song, part, present | new)
                entry = {"fields": new, **_how_to_go_back(path, part, before)}
                _finish(part, path)
                _same(path, before)
                (Journal() if journal is None else journal).add(entry)
                os.replace(part, path)
    return Written(new, kept, before.st_nlink)


def undo_fields(path, *, journal=None, dry_run=False):
    """Make of a file what it was before the first write of tags that the journal knows.

    The file is known by its content, so that it may have been moved or copied; all its bytes, and
    its time, are those of before.

    Parameters
    ----------
    path : str or path-like
        The file.
    journal : Journal or None, default=None
        Where the writes are noted. None for the default.
    dry_run : bool, default=False
        Only find out how many writes would be taken back.

    Returns
    -------
    int
        Number of writes that were taken back; 0 if there was none.

    Raises
    ------
    TagError
        Why the file was left alone: among others, if somebody has changed it since.

    See Also
    --------
    write_fields : What is undone.
    Journal : What was there before.
    """
    path = os.path.realpath(path)
    with left_alone():
        before = check_writable(path)
        journal = Journal() if journal is None else journal
        digest = _digest(path)
        chain = journal.way_back(path, digest)
        if not chain and journal.knows_other(path, digest):
            raise TagError("was changed since it was tagged, by another program")
        if dry_run:
            return len(chain)
        for entry in chain:
            with _copy_of(path, before) as part:
                apply_patch(entry["patch"], path, part)
                if _digest(part) != entry["before"]:
                    raise TagError("the journal does not lead back to its old content")
                _finish(part, path, entry["mtime_ns"])
                _same(path, before)
                os.replace(part, path)
            before = os.stat(path)
    return len(chain)


def check_writable(path):
    """Raise an error unless a file may be replaced.

    Parameters
    ----------
    path : str
        The file.

    Returns
    -------
    os.stat_result
        What is known of it.

    Raises
    ------
    TagError, OSError
        Why not.
    """
    known = os.stat(path)
    if not stat.S_ISREG(known.st_mode):
        raise TagError("is no file")
    if not known.st_mode & 0o222 or not os.access(path, os.W_OK):
        raise TagError("is read-only")
    if not os.access(os.path.dirname(path), os.W_OK):
        raise TagError("its folder is read-only")
    if hasattr(os, "geteuid") and os.geteuid() not in (0, known.st_uid):
        raise TagError("belongs to another user, and would change its owner")
    if _is_being_written(path):
        raise TagError("is in use: another program has it open for writing")
    return known


def _is_being_written(path):
    """Say whether a process has a file open for writing, where the system tells (Linux)."""
    if not hasattr(fcntl, "F_SETLEASE"):
        return False
    with open(path, "rb") as file, suppress(OSError):
        # Who opens the file at this moment sends a signal, by default one that ends the process.
        fcntl.fcntl(file, fcntl.F_SETSIG, signal.SIGURG)
        try:
            fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        except BlockingIOError:
            return True
        fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    return False


@contextmanager
def _copy_of(path, known):
    """Make an empty file beside another, with its owner; remove it in the end."""
    folder = os.path.dirname(path)
    _sweep(folder)
    # mutagen looks at the extension too.
    extension = os.path.splitext(path)[1]
    handle, part = tempfile.mkstemp(extension, _PREFIX, folder)
    try:
        try:
            _give_to(handle, known)
        finally:
            os.close(handle)
        yield part
    finally:
        with suppress(FileNotFoundError):
            os.unlink(part)


def _give_to(handle, known):
    """Give a new file the owner and the group of another."""
    made = os.fstat(handle)
    if (made.st_uid, made.st_gid) != (known.st_uid, known.st_gid):
        try:
            os.fchown(handle, known.st_uid, known.st_gid)
        except OSError as error:
            raise TagError("its owner and group could not be kept") from error


@lru_cache(maxsize=1000)
def _sweep(folder):
    """Remove the copies that killed processes have left in a folder."""
    for path in Path(folder).glob(f"{_PREFIX}*"):
        with suppress(OSError):
            if time.time() - path.stat().st_mtime > _STALE:
                path.unlink()


def _check(song, part, expected):
    """Raise an error unless a copy has the fields, and all else as the file has."""
    copy = open_song(part)
    if copy.read() != expected:
        raise TagError("the new fields cannot be read back")
    if copy.others() != song.others():
        raise TagError("mutagen would change its other tags")
    ours, theirs = packets_and_texts(part), packets_and_texts(song.path)
    if ours[0] != theirs[0]:
        raise TagError("its audio or its pictures would not stay as they are")
    if ours[1] != theirs[1]:
        raise TagError("players would no longer see its other tags")


def _how_to_go_back(path, part, known):
    patch = make_patch(path, part)
    entry = {
        "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "song": path,
        "before": _digest(path),
        "after": _digest(part),
        "mtime_ns": known.st_mtime_ns,
        "patch": patch,
    }
    with _copy_of(path, known) as again:
        apply_patch(patch, part, again)
        if _digest(again) != entry["before"]:
            raise TagError("the way back could not be found")
    return entry


def _finish(part, path, mtime_ns=None):
    """Give a copy the mode and attributes of the file, and bring it to the disk."""
    shutil.copystat(path, part)
    known = os.stat(part)
    os.utime(part, ns=(known.st_atime_ns, time.time_ns() if mtime_ns is None else mtime_ns))
    with open(part, "r+b") as file:
        os.fsync(file.fileno())


def _same(path, known):
    """Raise an error if a file has changed meanwhile."""
    now = os.stat(path)
    names = ("st_ino", "st_size", "st_mtime_ns")
    if any(getattr(now, name) != getattr(known, name) for name in names):
        raise TagError("was changed by another program while it was tagged")


def _digest(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
