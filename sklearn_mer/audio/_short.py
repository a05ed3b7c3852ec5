"""Clips shorter than `duration`: noted when they are decoded, the shortest named once a call."""

import warnings
from contextlib import contextmanager
from contextvars import ContextVar

import numpy as np

from ._cache import digest_of
from ._waveforms import SHORTEST

# A clip is named in a warning if it is shorter than so many seconds, and than that share of the
# duration: what was trained on clips of 5 s knows those of 4 s.
SHORT = 5.0
_SHARE = 0.5

_STEP = "short"
_N_NAMED = 3
_WHEN = ContextVar("when short clips are named", default="each call")
_is_told = False


@contextmanager
def name_short_clips(when):
    """Say when short clips are named in this thread, by whoever hears many in parts.

    Parameters
    ----------
    when : {"never", "once"}
        "once" is once in this process.
    """
    token = _WHEN.set(when)
    try:
        yield
    finally:
        _WHEN.reset(token)


def short_limit(duration):
    """Return below how many seconds a clip is short.

    Parameters
    ----------
    duration : float
        Seconds that are heard of a clip.

    Returns
    -------
    float
        Seconds.
    """
    return min(SHORT, _SHARE * duration)


def note_length(loader, clips, index, seconds):
    """Note the length of a clip that is shorter than the loader's `duration`.

    Parameters
    ----------
    loader : AudioLoader
        Loads the clip.
    clips : Clips
        The clips.
    index : int
        Position of the clip.
    seconds : float
        What is heard of it.
    """
    clips.short[index, loader.offset, loader.duration] = seconds
    if seconds < short_limit(loader.duration):
        clips.too_short[index] = seconds


def remember_length(cache, loader, clips, index):
    """Store the length of a clip that is short, or recall it where the clip was not decoded.

    Parameters
    ----------
    cache : ClipCache
        Holds what was computed of the clip.
    loader : AudioLoader
        Loads the clip.
    clips : Clips
        The clips.
    index : int
        Position of the clip.
    """
    if loader.duration is None:
        return
    noted = index, loader.offset, loader.duration
    key = digest_of([clips.content_digest(index), loader.signature()])
    seconds = cache.get(_STEP, key)
    if seconds is not None:
        note_length(loader, clips, index, float(seconds))
    elif noted in clips.short:
        cache.put(_STEP, key, np.array(clips.short[noted]))


def warn_of_short_clips(clips):
    """Name the clips of which too little is heard in one warning, the first time it is called.

    Parameters
    ----------
    clips : Clips
        The clips of one call of an estimator.
    """
    global _is_told
    short = clips.too_short
    if _WHEN.get() == "never" or (_WHEN.get() == "once" and _is_told):
        return
    # Of arrays that look like no sound another warning tells.
    if not short or clips.short_named or (not clips.are_files and clips.audio.shape[1] < SHORTEST):
        return
    clips.short_named = True
    _is_told = _is_told or _WHEN.get() == "once"
    named = [f"{clips.name(index)} ({short[index]:.2f} s)" for index in sorted(short)]
    more = f" and {len(named) - _N_NAMED} more" if len(named) > _N_NAMED else ""
    warnings.warn(
        f"{len(named)} of {len(clips)} clips are shorter than {SHORT:g} s: emotions are recognised "
        f"less often in {', '.join(named[:_N_NAMED])}{more}. Give longer clips; if all are that "
        "short, fit on such clips with `duration` set to their length.",
        UserWarning,
        stacklevel=3,
    )
