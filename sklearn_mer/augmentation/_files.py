"""Altered copies stored as files."""

import io

from scipy.io import wavfile

from .._files import replace_file
from ..audio import UnusableAudio, digest_of, map_clips


def stored_copies(clips, loader, alter, *, cache, step, settings, n_copies, n_jobs, verbose):
    """Return the paths of the altered copies of each clip, and write missing ones.

    Parameters
    ----------
    clips : Clips
        Clips given as files.
    loader : AudioLoader
        Loads each waveform.
    alter : callable
        Takes a waveform and the number of the copy, and returns the altered waveform.
    cache : ClipCache
        Determines the paths of the copies.
    step : str
        Name of the folder in the cache.
    settings : JSON-able
        Everything that a copy depends on, apart from clip, loader and number.
    n_copies : int
        Number of copies per clip.
    n_jobs, verbose
        See `map_clips`.

    Returns
    -------
    list of list of str
        ``n_copies`` absolute paths per clip.

    Raises
    ------
    AudioError
        If clips cannot be used; the message names each of them.
    OSError
        If the copies cannot be written.
    """
    key = [settings, loader.signature()]

    def store(index):
        try:
            content = clips.content_digest(index)
            paths = [cache.path(step, digest_of([content, key, i])) for i in range(n_copies)]
        except OSError as error:
            raise UnusableAudio(error.strerror or str(error)) from error
        paths = [path.absolute().with_suffix(".wav") for path in paths]
        missing = [i for i, path in enumerate(paths) if not path.exists()]
        waveform = loader.heard(clips, index) if missing else None
        for i in missing:
            write_wav(paths[i], alter(waveform, i), loader.sample_rate)
        return [str(path) for path in paths]

    return map_clips(store, clips, n_jobs=n_jobs, verbose=verbose, label=step)


def write_wav(path, waveform, sample_rate):
    """Write a float32 WAV file atomically; its bytes depend on the arguments only."""
    content = io.BytesIO()
    # soundfile would write the current time to the header of a float file, and caches further on
    # are keyed by the content of the file.
    wavfile.write(content, sample_rate, waveform)
    try:
        replace_file(path, content.getbuffer())
    except OSError as error:
        raise OSError(
            error.errno,
            f"An altered copy cannot be written to {path} ({error.strerror}). Copies of files are "
            "files: name a folder that can be written by `cache=` or SKLEARN_MER_CACHE, or pass "
            "waveforms (from AudioLoader) instead of paths",
        ) from error
