"""Clips shorter than `duration`: noted when they are decoded, the shortest named once a call."""

import warnings

import numpy as np

from ._cache import digest_of
from ._waveforms import SHORTEST

# Seconds below which a clip is named in a warning.
SHORT = 5.0

_STEP = "short"
_N_NAMED = 10


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
    key = digest_of([clips.content_digest(index), loader.signature()])
    seconds = cache.get(_STEP, key)
    if seconds is not None:
        clips.short[index] = float(seconds)
    elif index in clips.short:
        cache.put(_STEP, key, np.array(clips.short[index]))


def warn_of_short_clips(clips):
    """Name the clips of which less than 5 s are heard in one warning, the first time it is called.

    Parameters
    ----------
    clips : Clips
        The clips of one call of an estimator.
    """
    short = {index: seconds for index, seconds in clips.short.items() if seconds < SHORT}
    # Of arrays that look like no sound another warning tells.
    if not short or clips.short_named or (not clips.are_files and clips.audio.shape[1] < SHORTEST):
        return
    clips.short_named = True
    named = [f"{clips.name(index)} ({short[index]:.2f} s)" for index in sorted(short)]
    more = f" and {len(named) - _N_NAMED} more" if len(named) > _N_NAMED else ""
    warnings.warn(
        f"{len(named)} of {len(clips)} clips are shorter than {SHORT:g} s: emotions are recognised "
        f"less often in {', '.join(named[:_N_NAMED])}{more}. Give longer clips; if all are that "
        "short, fit on such clips with `duration` set to their length.",
        UserWarning,
        stacklevel=3,
    )
