"""Reading what libsndfile lacks, with the optional PyAV."""

import math
import os

import numpy as np

from ._errors import STOPS_EARLY, TRUNCATED, UnusableAudio


def read_with_av(path, offset, duration, *, reason, is_known=True):
    """Read m4a, aac, wma and others.

    Parameters
    ----------
    path : str or path-like
        The file.
    offset : float
        Seconds skipped at the start. They are decoded, so that the samples are exact.
    duration : float or None
        Largest number of seconds read; decoding ends there.
    reason : str
        Why libsndfile cannot read the file; named if PyAV cannot either.
    is_known : bool, default=True
        Whether PyAV knows the format, and is worth to be installed.

    Returns
    -------
    samples : ndarray of shape (n_samples, n_channels), float32
        The samples.
    rate : int
        Their sample rate in Hz.

    Raises
    ------
    UnusableAudio
        If PyAV is missing, or cannot read the file.
    """
    blocks, n_read, start, stop = [], 0, 0, math.inf
    for block, rate in blocks_with_av(path, reason=reason, is_known=is_known):
        if not n_read:
            start = round(offset * rate)
            stop = math.inf if duration is None else start + max(1, round(duration * rate))
        n_before, n_read = n_read, n_read + len(block)
        if n_read > start:
            blocks.append(block[max(0, start - n_before) : min(n_read, stop) - n_before])
        if n_read >= stop:
            break
    return np.concatenate(blocks or [block[:0]]), rate


def blocks_with_av(path, *, reason, is_known=True):
    """Read a file from its start, a little at a time.

    Parameters
    ----------
    path, reason, is_known : str or path-like, str, bool
        As for `read_with_av`.

    Yields
    ------
    samples : ndarray of shape (n_samples, n_channels), float32
        The next samples.
    rate : int
        Their sample rate in Hz.

    Raises
    ------
    UnusableAudio
        If PyAV is missing, cannot read the file, or finds less in it than its header says.
    """
    try:
        import av
    except ImportError:
        hint = '; for such files install the extra: pip install "sklearn-mer[audio]"'
        raise UnusableAudio(f"cannot be decoded ({reason}){hint * is_known}") from None
    try:
        # Tags in another encoding are no matter of the sound.
        container = av.open(os.fspath(path), metadata_errors="ignore")
    except (av.FFmpegError, ValueError) as error:
        if _is_mp4(path):
            reason = "it is truncated or damaged: its index (moov) cannot be read"
        raise UnusableAudio(f"cannot be decoded ({reason})") from error
    with container:
        if not container.streams.audio:
            raise UnusableAudio("cannot be decoded (no audio found in it)")
        yield from _checked_blocks(av, container, reason)


def _checked_blocks(av, container, reason):
    stream = container.streams.audio[0]
    n_read = 0
    try:
        for block, rate in _blocks(av, container, stream):
            n_read += len(block)
            yield block, rate
    except (av.FFmpegError, ValueError) as error:
        if n_read:
            raise UnusableAudio(STOPS_EARLY) from error
    if not n_read:
        raise UnusableAudio(f"cannot be decoded ({reason})")
    if n_read < _length(av, container, stream) * rate:
        raise UnusableAudio(TRUNCATED)


def _blocks(av, container, stream):
    # Interleaved: PyAV reads beyond the memory of planar frames of more than 8 channels.
    resampler = av.AudioResampler(format="flt")
    for frame in container.decode(stream):
        for piece in resampler.resample(frame):
            samples = piece.to_ndarray().astype(np.float32)
            # The rate of the stream may be half of that of its frames (HE-AAC).
            yield samples.reshape(-1, piece.layout.nb_channels), piece.sample_rate


def _length(av, container, stream):
    """Seconds that the file holds at least, by its header; 0 if it does not say."""
    if stream.duration is not None and "mp4" in container.format.name:
        seconds = float(stream.duration * stream.time_base)
    elif container.duration is not None and "matroska" in container.format.name:
        seconds = container.duration / av.time_base
    else:
        return 0.0  # other lengths are estimates
    return seconds - max(1.0, 0.05 * seconds)


def _is_mp4(path):
    with open(path, "rb") as file:
        return file.read(8)[4:] == b"ftyp"
