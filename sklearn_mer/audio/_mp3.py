"""Reading mp3 files to their end."""

import io
import math
import os
import re
import warnings
from collections import Counter

import numpy as np
import soundfile

from ._errors import TRUNCATED, UnusableAudio
from ._mp3_frames import find_gap

_BLOCK = 2**20
# Larger than the ratio of any two bit rates: MPEG audio has 8 to 448 kbit/s.
_STRETCH = 64


def read_mp3(file, start, n_wanted):
    """Read samples of MPEG audio.

    Without a table of contents (Xing, Info), libsndfile estimates the length of an mp3 from its
    first frame, and ends there: a third of a file of variable bit rate may be heard.

    Parameters
    ----------
    file : SoundFile
        The file, of which only the header was read: mp3, or wav that contains it.
    start : int
        Number of samples to skip.
    n_wanted : int or inf
        Largest number of samples to read.

    Returns
    -------
    ndarray of shape (n_samples, n_channels), float32
        The samples.

    Raises
    ------
    UnusableAudio
        If decoding ends before the file, or the file is longer than it says.

    Warns
    -----
    UserWarning
        If bytes between the frames are no frame: names the file.
    """
    is_estimate = _is_estimate(file)
    with _StretchedFile(file.name, _STRETCH if is_estimate else 1) as content:
        with ForwardFile(content) as sound:
            samples = read_forward(sound, start, n_wanted)
        is_whole = len(samples) == n_wanted or not _frames_follow(content)
    n_missing = min(n_wanted, file.frames - start) - len(samples)
    _check_end(file, is_estimate, is_whole, start + len(samples), n_missing)
    _warn_of_gap(file, (start + n_wanted) / file.samplerate)
    return samples


def mp3_blocks(file):
    """Read all samples of MPEG audio, a block at a time.

    Parameters
    ----------
    file : SoundFile
        As for `read_mp3`.

    Yields
    ------
    ndarray of shape (n_samples, n_channels), float32
        The next samples.

    Raises
    ------
    UnusableAudio
        As by `read_mp3`, behind the last block.

    Warns
    -----
    UserWarning
        As by `read_mp3`, behind the last block.
    """
    is_estimate, n_read = _is_estimate(file), 0
    with _StretchedFile(file.name, _STRETCH if is_estimate else 1) as content:
        with ForwardFile(content) as sound:
            for block in forward_blocks(sound):
                n_read += len(block)
                yield block
        is_whole = not _frames_follow(content)
    _check_end(file, is_estimate, is_whole, n_read, file.frames - n_read)
    _warn_of_gap(file, math.inf)


def _is_estimate(file):
    """Whether the length of the file is estimated from its size."""
    return _announced(file.name, stretch=1.005) != file.frames


def _check_end(file, is_estimate, is_whole, n_read, n_missing):
    """Raise `UnusableAudio` where reading ended too early, after `n_read` samples."""
    # Players tolerate tables of contents that are a little wrong.
    if not is_estimate and n_missing > max(file.samplerate, 0.05 * file.frames):
        raise UnusableAudio(TRUNCATED)
    if is_whole:
        return
    if is_estimate:
        seconds = n_read / file.samplerate
        raise UnusableAudio(f"is damaged: decoding stops after {seconds:.2f} s")
    raise UnusableAudio(
        "holds more sound than its table of contents says, like files that were put one behind "
        "the other: convert it to another format, or set `duration`"
    )


def _warn_of_gap(file, end):
    # Not an error: the decoder finds the next frame, and most players say nothing.
    seconds = find_gap(file.name, end) if file.format == "MP3" else None
    if seconds is not None:
        warnings.warn(
            f"{file.name} is damaged {seconds:.2f} s behind its start: what follows there cannot "
            "be decoded and is left out, up to the next intact frame. Notes on stderr, such as "
            "'Illegal Audio-MPEG-Header', are of this file. Replace it, or leave it out.",
            UserWarning,
            stacklevel=2,
        )


def _announced(path, stretch):
    with _StretchedFile(path, stretch) as content, soundfile.SoundFile(content) as sound:
        return sound.frames


def _frames_follow(file):
    # The frames of a file begin with the same two bytes, and have at most 1441 bytes.
    rest = file.read(2**20)
    if len(rest) < 0.05 * os.path.getsize(file.name):
        return False
    starts = Counter(re.findall(rb"\xff[\xe0-\xff]", rest))
    return any(n_frames > max(5, len(rest) / 4096) for n_frames in starts.values())


def read_forward(file, start, n_wanted):
    """Read samples without seeking: in blocks, so that memory depends on what there is.

    Parameters
    ----------
    file : SoundFile
        The file, at its start.
    start : int
        Number of samples to skip.
    n_wanted : int or inf
        Largest number of samples to read.

    Returns
    -------
    ndarray of shape (n_samples, n_channels), float32
        The samples.
    """
    for _ in forward_blocks(file, start):
        pass
    blocks = list(forward_blocks(file, n_wanted))
    return np.concatenate(blocks) if len(blocks) != 1 else blocks[0]


def forward_blocks(file, n_wanted=math.inf):
    """Yield up to `n_wanted` samples of a file from where it is, in blocks."""
    while n_wanted:
        n_asked = min(n_wanted, _BLOCK)
        block = file.read(n_asked, dtype="float32", always_2d=True)
        yield block
        if len(block) < n_asked:
            return
        n_wanted -= n_asked


class ForwardFile(soundfile.SoundFile):
    """An audio file that is read without seeking.

    soundfile seeks after each block to the position that it has reached. Of the frame after a seek,
    libmpg123 reports errors on stderr, since it continues what earlier frames began; and the values
    would depend on the length of the blocks, by rounding errors.
    """

    def seekable(self):
        return False


class _StretchedFile(io.BufferedReader):
    """A file that says that it is longer than it is, and so changes libsndfile's estimate."""

    def __init__(self, path, factor):
        super().__init__(io.FileIO(path))
        self._factor = factor
        self._asks_for_size = False

    def seek(self, offset, whence=os.SEEK_SET):
        self._asks_for_size = whence == os.SEEK_END and offset == 0
        return super().seek(offset, whence)

    def tell(self):
        return math.ceil(super().tell() * (self._factor if self._asks_for_size else 1))
