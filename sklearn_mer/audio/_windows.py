"""A song of any length as windows, of which one at a time is in memory."""

import collections
import os
import tempfile
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache

import numpy as np
import soundfile

from .._text import plain_line
from ._clips import never_cached
from ._decode import decode_blocks, mix
from ._errors import UnusableAudio
from ._silent import SILENCE


@dataclass(frozen=True, eq=False)
class SongWindow:
    """A part of a song.

    Parameters
    ----------
    start, end : float
        Seconds from the start of the song.
    samples : ndarray of shape (n_samples,), float32
        What is heard, mixed to mono.
    rate : int
        Sample rate of the file in Hz.
    is_only : bool
        Whether the song has no other window.
    """

    start: float
    end: float
    samples: np.ndarray
    rate: int
    is_only: bool

    @property
    def is_silent(self):
        """Whether no sample is above -80 dB, or the channels cancel each other."""
        return bool(max(self.samples.max(), -self.samples.min()) <= SILENCE)


def song_windows(path, window, hop):
    """Decode a song once, from its start to its end, and yield its windows.

    Memory depends on window and hop, not on the length of the song. A song shorter than
    a window is one. What is left behind the last window is left out if it is shorter than half a
    hop; else one more window ends where the song does.

    Parameters
    ----------
    path : str or path-like
        The file.
    window, hop : float
        Seconds of a window, and from the start of one to the start of the next.

    Yields
    ------
    SongWindow
        The next window.

    Raises
    ------
    UnusableAudio
        As by `decode`. Damage is found where it is, so that windows before it are yielded.
    """
    stream = _Stream(decode_blocks(path))
    if not stream.read_to(1):
        raise UnusableAudio("holds no samples (zero length)")
    rate = stream.rate
    n_window = max(1, round(window * rate))
    if not stream.read_to(n_window):
        yield stream.window(0, stream.end, is_only=True)
        return
    number, start, is_last = 0, 0, False
    while not is_last:
        number += 1
        following = round(number * hop * rate)
        # From `start` on, samples are held until it is known whether this window is the last.
        is_last = not stream.read_to(following + n_window, keep_from=start)
        rest = stream.end - (start + n_window)
        has_tail = is_last and rest > 0 and 2 * rest >= hop * rate
        is_only = number == 1 and is_last and not has_tail
        yield stream.window(start, start + n_window, is_only=is_only)
        start = following
    if has_tail:
        yield stream.window(stream.end - n_window, stream.end, is_only=False)


class _Stream:
    """The samples of a file that were read last."""

    def __init__(self, blocks):
        self.blocks = blocks
        self.pieces = collections.deque()
        self.begin = self.end = 0
        self.rate = self.n_channels = None

    def read_to(self, position, keep_from=0):
        """Read on and return whether there are so many samples; drop those before `keep_from`."""
        self._drop_before(keep_from)
        while self.end < position:
            samples, rate = next(self.blocks, (None, None))
            if samples is None:
                return False
            if self.rate is None:
                self.rate, self.n_channels = rate, samples.shape[1]
            if (rate, samples.shape[1]) != (self.rate, self.n_channels):
                raise UnusableAudio(
                    f"changes its sample rate or its number of channels {self.end / self.rate:.2f} "
                    "s behind its start: convert it to another format"
                )
            self.pieces.append(samples)
            self.end += len(samples)
        return True

    def window(self, start, end, *, is_only):
        """Return samples that were read and not dropped."""
        samples = np.concatenate(self.pieces)[start - self.begin : end - self.begin]
        samples = np.array(mix(samples), dtype=np.float32)
        return SongWindow(start / self.rate, end / self.rate, samples, self.rate, is_only)

    def _drop_before(self, position):
        while self.pieces and self.begin + len(self.pieces[0]) <= position:
            self.begin += len(self.pieces.popleft())


@contextmanager
def window_files():
    """Make files of windows, for estimators that read files; nothing of them is cached.

    Yields
    ------
    callable
        Takes a `SongWindow` and the path of the song, and returns the path of a file with the same
        samples, whose name tells both. It is there until the next call.
    """
    with ExitStack() as stack:

        @cache
        def folder():  # most songs of one window need none
            path = stack.enter_context(tempfile.TemporaryDirectory(prefix="sklearn_mer_"))
            stack.enter_context(never_cached(path))
            return path

        def write(window, song):
            for entry in os.scandir(folder()):
                os.unlink(entry)
            name = plain_line(os.path.splitext(os.path.basename(song))[0])[:40]
            path = os.path.join(folder(), f"{name} at {window.start:g} s.wav")
            # Single precision holds each sample as it was decoded.
            soundfile.write(path, window.samples, window.rate, subtype="FLOAT", format="WAV")
            return path

        yield write
