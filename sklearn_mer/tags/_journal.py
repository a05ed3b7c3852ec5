"""What was written into files, line by line, so that it can be taken back."""

import json
import os
from pathlib import Path

import platformdirs

from .._files import told
from ._errors import TagError


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
    """

    def __init__(self, path=None):
        self.path = Path(default_journal() if path is None else path)
        self._by_after = self._by_song = None

    def entry_that_led_to(self, digest):
        """Return what was noted of the first write that led to a content.

        Parameters
        ----------
        digest : str
            The sha256 of a file.

        Returns
        -------
        dict or None
            The line; None if there is none.
        """
        self._read()
        return self._by_after.get(digest)

    def entries_of(self, song):
        """Return what was noted of a song.

        Parameters
        ----------
        song : str
            Its path, without symbolic links.

        Returns
        -------
        list of dict
            The lines, in the order in which they were written.
        """
        self._read()
        return self._by_song.get(song, [])

    def _read(self):
        if self._by_after is not None:
            return
        content = b""
        with told(f"the journal {self.path}", "Name another with --journal.", TagError):
            if self.path.exists():
                content = self.path.read_bytes()
        self._by_after, self._by_song = {}, {}
        for line in content.splitlines():
            if entry := _entry(line):  # None for a line that a kill has cut
                self._keep(entry)

    def _keep(self, entry):
        self._by_after.setdefault(entry["after"], entry)
        self._by_song.setdefault(entry["song"], []).append(entry)

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
        with told(f"the journal {self.path} cannot be written", "The song is as it was.", TagError):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with open(self.path, "a+b") as file:
                file.seek(0, os.SEEK_END)
                if file.tell():
                    file.seek(-1, os.SEEK_END)
                    # What a kill has cut does not spoil the next line.
                    line = line if file.read(1) == b"\n" else b"\n" + line
                file.write(line)
                file.flush()
                os.fsync(file.fileno())
        if self._by_after is not None:
            self._keep(entry)


def _entry(line):
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    needed = {"song", "before", "after", "mtime_ns", "patch"}
    return entry if isinstance(entry, dict) and needed <= entry.keys() else None
