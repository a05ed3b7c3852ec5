"""What was written into files, line by line, so that it can be taken back."""

import errno
import json
import os
from contextlib import contextmanager
from pathlib import Path

import platformdirs

from .._files import told
from ._errors import TagError

_ANOTHER = "Name another file (--journal)."


def default_journal():
    """Return where the journal is unless another file is named.

    Returns
    -------
    pathlib.Path
        ``tags.jsonl`` in the folder of this library for what programs note (on Linux
        ``~/.local/state/sklearn_mer``). The file need not be there.
    """
    return Path(platformdirs.user_state_dir("sklearn_mer", appauthor=False), "tags.jsonl")


class Journal:
    """A file with a line for each write of tags: a JSON object.

    A line holds ``time``; ``song``, the path; ``fields``, what was set; ``before`` and ``after``,
    the sha256 of the whole file; ``mtime_ns``, its time before; and ``patch``, the old bytes that
    differ. It is on the disk before the song is replaced.

    Parameters
    ----------
    path : str, path-like or None, default=None
        The file, which is made where it does not exist. None for `default_journal`.

    See Also
    --------
    write_fields : Notes in it what it replaces.
    undo_fields : Puts back what is noted.
    """

    def __init__(self, path=None):
        self.path = Path(default_journal() if path is None else path)
        self._entries = None

    def check(self, write):
        """Raise an error unless the file can be used.

        Parameters
        ----------
        write : bool
            Whether lines will be added; the file is then made.

        Raises
        ------
        TagError
            Why not.
        """
        if write:
            with self._opened():
                pass
        else:
            self._read()

    def way_back(self, song, digest):
        """Return what was noted of the writes that led to a content.

        Parameters
        ----------
        song : str
            Path of the file, without symbolic links. Of several files that became equal, its own
            entries count first.
        digest : str
            The sha256 of the file.

        Returns
        -------
        list of dict
            The lines, the last write first; ``before`` of the last one in the list is the content
            before the first write.
        """
        self._read()
        chain, number = [], len(self._entries)
        while earlier := [i for i in self._by_after.get(digest, []) if i < number]:
            own = [i for i in earlier if self._entries[i]["song"] == song]
            number = max(own or earlier)
            chain.append(self._entries[number])
            digest = chain[-1]["before"]
        return chain

    def knows_other(self, song, digest):
        """Return whether a song was tagged, and had another content before.

        Parameters
        ----------
        song : str
            Path of the file, without symbolic links.
        digest : str
            The sha256 of the file.

        Returns
        -------
        bool
            True if somebody else must have changed the file since.
        """
        self._read()
        old = self._old.get(song, set())
        return bool(old) and digest not in old

    @contextmanager
    def _opened(self):
        with told(f"the journal {self.path} cannot be written", _ANOTHER, TagError):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            # Without a buffer, so that lines of several processes do not mix.
            with open(self.path, "a+b", buffering=0) as file:
                yield file

    def _read(self):
        if self._entries is not None:
            return
        content = b""
        with told(f"the journal {self.path} cannot be read", _ANOTHER, TagError):
            if self.path.exists():
                content = self.path.read_bytes()
        self._entries, self._by_after, self._old = [], {}, {}
        for line in content.splitlines():
            if entry := _entry(line):  # None for a line that a kill has cut
                self._keep(entry)

    def _keep(self, entry):
        self._by_after.setdefault(entry["after"], []).append(len(self._entries))
        self._old.setdefault(entry["song"], set()).add(entry["before"])
        self._entries.append(entry)

    def add(self, entry):
        """Write a line, to the disk.

        Parameters
        ----------
        entry : dict
            What it says.

        Raises
        ------
        TagError
            If it cannot be written.
        """
        line = json.dumps(entry).encode("ascii") + b"\n"
        with self._opened() as file:
            if file.seek(0, os.SEEK_END):
                file.seek(-1, os.SEEK_END)
                # What a kill has cut does not spoil the next line.
                line = line if file.read(1) == b"\n" else b"\n" + line
            if file.write(line) < len(line):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            os.fsync(file.fileno())
        if self._entries is not None:
            self._keep(entry)


def _entry(line):
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    needed = {"song", "before", "after", "mtime_ns", "patch"}
    return entry if isinstance(entry, dict) and needed <= entry.keys() else None
