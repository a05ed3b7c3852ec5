"""From an audio file to a mono waveform."""

import math
import os
import re
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

import numpy as np
import soundfile
import soxr

from ._errors import STOPS_EARLY, TRUNCATED, UnusableAudio
from ._mp3 import ForwardFile, forward_blocks, mp3_blocks, read_forward, read_mp3
from ._ogg import check_ogg
from ._pyav import blocks_with_av, read_with_av

# "data : 32000 (should be 16000)": the size in the header of a wav (data), wav64 (riff), rf64 (Riff
# size), aiff (SSND), 8svx (BODY) or au (Data Size), and what there is. Only the log shows it:
# libsndfile shortens a truncated file of these kinds without an error.
_SIZE_IN_LOG = re.compile(
    r"^ *(?:data|riff|Riff size|SSND|BODY|Data Size) *: (\d+) \(should be (\d+)\)", re.MULTILINE
)
# Writers that cannot go back, as in a pipe, declare a size near 2**31 or 2**32 for "unknown".
_UNKNOWN_SIZE = 2**31 - 2**16
_UNKNOWN_LENGTH = 2**63 - 1
# Endings of files that PyAV would not read either.
_OWN = {".wav", ".flac", ".ogg", ".mp3"}
# Formats whose writers may leave a size of zero for "unknown".
_STREAMED = {"WAV", "WAVEX", "RF64", "AU"}
# Audio is within [-1, 1]. Some files hold integers as floating point numbers, up to 2**31; powers
# of larger numbers exceed single precision.
_LARGEST_SAMPLE = 2.0**32
# Channels that cancel each other leave rounding errors and coding noise, below this share.
_CANCELLED = 1e-4
_NO_SAMPLES = "holds no samples (zero length)"
# What was read of a file, see `start_is_read`.
_START = ContextVar("_START", default=(None, None, None, None))


def decode(path, *, sample_rate, offset=0.0, duration=None):
    """Decode, mix to mono, cut and resample one file.

    Time and memory depend on `offset` and `duration`, not on the length of the file.

    Parameters
    ----------
    path : str or path-like
        The file.
    sample_rate : int
        Sample rate of the result in Hz.
    offset : float, default=0.0
        Seconds skipped at the start.
    duration : float or None, default=None
        Largest number of seconds kept. None keeps all.

    Returns
    -------
    ndarray of shape (n_samples,), float32
        The waveform. All zero if the channels cancel each other.

    Raises
    ------
    UnusableAudio
        If the file is missing, empty, no audio, damaged, truncated, shorter than `offset`, or has
        samples that are not finite.
    """
    _check_file(path)
    try:
        mono, source_rate = _mixed(path, offset, duration)
        mono = _resample(mono, source_rate, sample_rate)
    except MemoryError as error:
        raise UnusableAudio(
            "is too long to be held in memory, or its header is wrong; set `duration` (in seconds)"
        ) from error
    check_peak(mono)
    return np.ascontiguousarray(mono, dtype=np.float32)


@contextmanager
def start_is_read(path, mono, rate, *, is_all):
    """Let `decode` take what was read of a file, so that it is not read again.

    Parameters
    ----------
    path : str or path-like
        The file.
    mono : ndarray of shape (n_samples,), float32
        Its first samples, mixed. Where more are needed, the file is read.
    rate : int
        Their sample rate in Hz.
    is_all : bool
        Whether the file has no more.
    """
    token = _START.set((os.fspath(path), mono, rate, is_all))
    try:
        yield
    finally:
        _START.reset(token)


def _mixed(path, offset, duration):
    of, mono, rate, is_all = _START.get()
    if of == os.fspath(path):
        start = round(offset * rate)
        end = math.inf if duration is None else start + max(1, round(duration * rate))
        if start < len(mono) and (end <= len(mono) or is_all):
            return mono[start : min(end, len(mono))], rate
    samples, rate = _read(path, offset, duration)
    if not len(samples):
        raise UnusableAudio(f"no samples after offset={offset} s: the file is shorter than that")
    return mix(samples), rate


def check_peak(samples):
    """Raise `UnusableAudio` if samples are not finite, or far too large for audio.

    Parameters
    ----------
    samples : ndarray of shape (n_samples,)
        The samples.
    """
    peak = np.abs(samples).max()
    if not np.isfinite(peak):
        raise UnusableAudio("has NaN or infinite samples")
    if peak > _LARGEST_SAMPLE:
        raise UnusableAudio(f"has samples of {peak:.2g}, where audio is within [-1, 1]")


def _check_file(path):
    if _has_surrogates(os.fspath(path)):
        raise UnusableAudio("its path is not UTF-8; rename it")
    if not os.path.exists(path):
        raise UnusableAudio("no such file")
    if not os.path.isfile(path):
        raise UnusableAudio("not a file")
    try:
        with open(path, "rb") as file:
            is_empty = not file.read(1)
    except OSError as error:
        raise UnusableAudio(f"cannot be opened ({error.strerror})") from error
    if is_empty:
        raise UnusableAudio("the file is empty (0 bytes)")


def _has_surrogates(text):
    # Halves of pairs stand for bytes that are not UTF-8, which libsndfile does not get.
    return any("\ud800" <= character <= "\udfff" for character in text)


def _resample(mono, source_rate, sample_rate):
    if source_rate == sample_rate:
        return mono
    resampled = soxr.resample(mono, source_rate, sample_rate, quality="HQ")
    # A file of one or two samples has none left at a lower rate.
    return resampled if len(resampled) else mono[:1]


def decode_blocks(path):
    """Decode one file from its start to its end, a little at a time.

    Parameters
    ----------
    path : str or path-like
        The file.

    Yields
    ------
    samples : ndarray of shape (n_samples, n_channels), float32
        The next samples, those that `decode` mixes and resamples.
    rate : int
        Their sample rate in Hz.

    Raises
    ------
    UnusableAudio
        As by `decode`. What is found out at the end of the file is raised there.
    """
    _check_file(path)
    file, how = _open(path, 0.0, None)
    if file is None:
        yield from blocks_with_av(path, **how)
        return
    with file:
        if file.frames == 0:
            raise UnusableAudio(_NO_SAMPLES)
        try:
            blocks = mp3_blocks if file.subtype.startswith("MPEG") else _frame_blocks
            for block in blocks(file):
                yield block, file.samplerate
        except soundfile.LibsndfileError as error:
            raise UnusableAudio(STOPS_EARLY) from error


def mix(samples):
    """Mix channels to one.

    Parameters
    ----------
    samples : ndarray of shape (n_samples, n_channels)
        The samples.

    Returns
    -------
    ndarray of shape (n_samples,)
        Their mean; all zero if the channels cancel each other.
    """
    if samples.shape[1] == 1:
        return samples[:, 0]
    with np.errstate(over="ignore", invalid="ignore"):  # infinite values are found later
        mono = samples.mean(axis=1)
    if np.abs(mono).max() <= _CANCELLED * max(samples.max(), -samples.min()):
        mono[:] = 0
    return mono


def _read(path, offset, duration):
    file, how = _open(path, offset, duration)
    if file is None:
        return read_with_av(path, offset, duration, **how)
    with file:
        return _read_open(file, offset, duration), file.samplerate


def _open(path, offset, duration):
    """Return the file as libsndfile opens it; else None and why PyAV is to read it."""
    try:
        file = soundfile.SoundFile(path)
    except soundfile.LibsndfileError as error:
        is_known = Path(path).suffix.lower() not in _OWN
        return None, {"reason": _reason(error), "is_known": is_known}
    except OSError as error:
        raise UnusableAudio(error.strerror or str(error)) from error
    try:
        if _is_shortened(file):
            raise UnusableAudio(TRUNCATED)
        reason = _needs_av(file, path, offset, duration)
    except UnusableAudio:
        file.close()
        raise
    if reason:
        file.close()
        return None, {"reason": reason}
    return file, {}


def _needs_av(file, path, offset, duration):
    """Return why libsndfile opens a file, but does not read it whole; "" if it does."""
    if file.format == "OGG":
        end = math.inf if duration is None else offset + duration
        # Positions in a file of Opus are at 48 kHz.
        rate = 48000 if file.subtype == "OPUS" else file.samplerate
        if check_ogg(path, end * rate):
            return "it holds several streams, one behind the other"
    if file.frames == _UNKNOWN_LENGTH:
        return "its header gives no length"  # a streamed flac; libsndfile fails at its end
    if file.frames == 0 and file.format in _STREAMED:
        return "its header says zero length"
    return ""


def _reason(error):
    # libsndfile's message for any file without an mp3 frame.
    if "does not exist" in error.error_string:
        return "no audio found in it"
    return error.error_string.rstrip(".")


def _read_open(file, offset, duration):
    rate = file.samplerate
    start = round(offset * rate)
    n_wanted = math.inf if duration is None else max(1, round(duration * rate))
    if file.frames == 0:
        raise UnusableAudio(_NO_SAMPLES)
    try:
        if file.subtype.startswith("MPEG"):
            return read_mp3(file, start, n_wanted)
        return _read_frames(file, start, n_wanted, offset)
    except soundfile.LibsndfileError as error:
        raise UnusableAudio(STOPS_EARLY) from error


def _read_frames(file, start, n_wanted, offset):
    if start >= file.frames:
        seconds = file.frames / file.samplerate
        raise UnusableAudio(f"lasts {seconds:.2f} s, not longer than offset={offset} s")
    n_wanted = min(n_wanted, file.frames - start)
    if file.seekable():
        file.seek(start)
        samples = file.read(n_wanted, dtype="float32", always_2d=True)
    else:  # GSM and some kinds of ADPCM
        samples = read_forward(file, start, n_wanted)
    if len(samples) < n_wanted and file.format != "OGG":
        raise UnusableAudio(TRUNCATED)
    return samples


def _frame_blocks(file):
    n_read = 0
    with ForwardFile(file.name) as sound:
        for block in forward_blocks(sound):
            n_read += len(block)
            yield block
    if n_read < file.frames and file.format != "OGG":
        raise UnusableAudio(TRUNCATED)


def _is_shortened(file):
    sizes = [(int(said), int(found)) for said, found in _SIZE_IN_LOG.findall(file.extra_info)]
    return any(found < said < _UNKNOWN_SIZE for said, found in sizes)
