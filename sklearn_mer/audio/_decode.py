"""From an audio file to a mono waveform."""

import os
import re
from pathlib import Path

import numpy as np
import soundfile
import soxr

_SIZE_IN_LOG = re.compile(r"^ ?(?:data|SSND) : (\d+) \(should be (\d+)\)", re.MULTILINE)
_TRUNCATED = "is truncated: it holds less audio than its header says"
_UNKNOWN_LENGTH = 2**63 - 1
_OGG_HEADER = 27
_LARGEST_OGG_PAGE = _OGG_HEADER + 255 + 255 * 255


class UnusableAudio(ValueError):
    """The reason why one clip cannot be used; `map_clips` gathers these into an `AudioError`."""


def decode(path, *, sample_rate, offset=0.0, duration=None):
    """Decode, mix to mono, cut and resample one file.

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
        The waveform.

    Raises
    ------
    UnusableAudio
        If the file is missing, empty, no audio, truncated, shorter than `offset`, or has samples
        that are not finite.
    """
    _check_file(path)
    samples, source_rate = _read(path, offset, duration)
    if not len(samples):
        raise UnusableAudio(f"no samples after offset={offset} s: the file is shorter than that")
    if not np.isfinite(samples).all():
        raise UnusableAudio("has NaN or infinite samples")
    mono = samples.mean(axis=1) if samples.shape[1] > 1 else samples[:, 0]
    if source_rate != sample_rate:
        resampled = soxr.resample(mono, source_rate, sample_rate, quality="HQ")
        # A file of one or two samples has none left at a lower rate.
        mono = resampled if len(resampled) else mono[:1]
    return np.ascontiguousarray(mono, dtype=np.float32)


def _check_file(path):
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


def _read(path, offset, duration):
    try:
        file = soundfile.SoundFile(path)
    except soundfile.LibsndfileError as error:
        return _read_with_av(path, offset, duration, reason=_reason(error))
    except OSError as error:
        raise UnusableAudio(error.strerror or str(error)) from error
    with file:
        if file.frames < _UNKNOWN_LENGTH:
            return _read_open(file, offset, duration), file.samplerate
    # A streamed flac has no length in its header; libsndfile fails at its end.
    return _read_with_av(path, offset, duration, reason="its header gives no length")


def _reason(error):
    # libsndfile's message for any file without an mp3 frame.
    if "does not exist" in error.error_string:
        return "no audio found in it"
    return error.error_string.rstrip(".")


def _read_open(file, offset, duration):
    if _is_truncated(file, missing=0):
        raise UnusableAudio(_TRUNCATED)
    if file.frames == 0:
        raise UnusableAudio("holds no samples (zero length)")
    start = round(offset * file.samplerate)
    if start >= file.frames:
        seconds = file.frames / file.samplerate
        raise UnusableAudio(f"lasts {seconds:.2f} s, not longer than offset={offset} s")
    wanted = file.frames - start
    if duration is not None:
        wanted = min(wanted, max(1, round(duration * file.samplerate)))
    try:
        file.seek(start)
        samples = file.read(wanted, dtype="float32", always_2d=True)
    except soundfile.LibsndfileError as error:
        raise UnusableAudio("is damaged or truncated: decoding stops early") from error
    if _is_truncated(file, missing=wanted - len(samples)):
        raise UnusableAudio(_TRUNCATED)
    return samples


def _is_truncated(file, missing):
    # libsndfile only estimates the length of an mp3 without a table of contents: intact files were
    # found to be 0.8 s shorter. A larger gap shows a damaged file.
    if file.format == "MP3":
        return missing > max(file.samplerate, 0.05 * file.frames)
    if file.format == "OGG":
        return not _has_last_ogg_page(file.name)
    # libsndfile shortens a truncated wav or aiff without an error; only its log shows it.
    # (Streaming writers declare a size near 2**32 for "unknown".)
    sizes = _SIZE_IN_LOG.search(file.extra_info)
    cut = sizes is not None and int(sizes[2]) < int(sizes[1]) < 2**31
    return cut or missing > 0


def _has_last_ogg_page(path):
    # libsndfile decodes up to the last complete page, and may not report a missing one.
    with open(path, "rb") as file:
        file.seek(max(0, os.path.getsize(path) - _LARGEST_OGG_PAGE))
        end = file.read()
    page = end[max(0, end.rfind(b"OggS")) :]
    if len(page) < _OGG_HEADER:
        return False
    is_last, n_segments = page[5] & 4, page[_OGG_HEADER - 1]
    segments = page[_OGG_HEADER : _OGG_HEADER + n_segments]
    return bool(is_last) and len(page) >= _OGG_HEADER + n_segments + sum(segments)


def _read_with_av(path, offset, duration, *, reason):
    """Read formats that soundfile lacks (m4a, aac, wma, ...) with the optional PyAV."""
    try:
        import av
    except ImportError:
        hint = (
            ""
            if Path(path).suffix.lower() in {".wav", ".flac", ".ogg", ".mp3"}
            else ('; for m4a and other formats install the extra: pip install "sklearn-mer[audio]"')
        )
        raise UnusableAudio(f"cannot be decoded ({reason}){hint}") from None
    try:
        samples, rate = _av_samples(av, path)
    except (av.FFmpegError, IndexError, ValueError) as error:
        raise UnusableAudio(f"cannot be decoded ({reason})") from error
    start = round(offset * rate)
    stop = None if duration is None else start + round(duration * rate)
    return samples[start:stop], rate


def _av_samples(av, path):
    with av.open(os.fspath(path)) as container:
        stream = container.streams.audio[0]
        resampler = av.AudioResampler(format="fltp")
        frames = [
            piece.to_ndarray()
            for frame in container.decode(stream)
            for piece in resampler.resample(frame)
        ]
        return np.concatenate(frames, axis=1).T.astype(np.float32), stream.rate
