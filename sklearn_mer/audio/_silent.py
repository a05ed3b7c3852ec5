"""Silent clips: noted when they are decoded, named once a call."""

import warnings

from ._waveforms import SHORTEST

# -80 dB: dither and coding noise stay below, sound does not.
SILENCE = 1e-4

_N_NAMED = 10


def note_silence(clips, index, samples):
    """Note a clip that is silent. It is not cached, so that each call decodes it and names it.

    Parameters
    ----------
    clips : Clips
        The clips.
    index : int
        Position of the clip.
    samples : ndarray of shape (n_samples,)
        What is heard of it.
    """
    if max(samples.max(), -samples.min()) <= SILENCE:
        clips.silent.add(index)


def warn_of_silent_clips(clips):
    """Name the silent clips in one warning, the first time it is called.

    Parameters
    ----------
    clips : Clips
        The clips of one call of an estimator.
    """
    # Of arrays that look like no sound another warning tells.
    is_sound = clips.are_files or clips.audio.shape[1] >= SHORTEST
    if not clips.silent or clips.silent_named or not is_sound:
        return
    clips.silent_named = True
    named = [clips.name(index) for index in sorted(clips.silent)]
    more = f" and {len(named) - _N_NAMED} more" if len(named) > _N_NAMED else ""
    warnings.warn(
        f"{len(named)} of {len(clips)} clips are silent (no sample above {SILENCE:g}), or their "
        f"channels cancel each other in the mix to mono: {', '.join(named[:_N_NAMED])}{more}. "
        "Nothing can be recognised in them: replace them or leave them out.",
        UserWarning,
        stacklevel=3,
    )
