"""How many seconds of a clip a fitted classifier hears."""

from dataclasses import dataclass

from ..audio import ClipTransformer, short_limit

# What `EmotionFeatures` and the front ends hear of a file by default.
_USUAL = 30.0


@dataclass(frozen=True)
class Windows:
    """Seconds of a window, from one to the next, and whether a window is all that is heard."""

    window: float
    hop: float
    is_usual: bool

    @property
    def shortest(self):
        """Seconds; in shorter songs, emotions are recognised less often."""
        return short_limit(self.window)


def check_window(classifier, window, hop):
    """Return the windows of songs.

    Parameters
    ----------
    classifier : classifier
        Fitted.
    window, hop : float or None
        What was given. None for what the classifier hears of a clip, and for half of a window.

    Returns
    -------
    Windows
        The seconds.

    Raises
    ------
    TypeError
        If the classifier hears no audio.
    ValueError
        If a window is longer than what the classifier hears of it, or too short to recognise
        anything, or `hop` is not positive.
    """
    heard = heard_seconds(classifier)
    window = heard if window is None else window
    hop = window / 2 if hop is None else hop
    least = short_limit(heard)
    name = type(classifier).__name__
    if not least <= window <= heard:
        raise ValueError(
            f"window={window} s, and this {name} hears {heard:g} s of a clip: give window from "
            f"{least:g} to {heard:g}. For longer windows, fit it with `duration` set to their "
            "length."
        )
    if not 0 < hop < float("inf"):
        raise ValueError(f"hop={hop} is no number of seconds above 0; half of a window is usual.")
    return Windows(float(window), float(hop), window == heard)


def short_note(n_short, n_songs, shortest):
    """Return a sentence if songs are too short, else the empty string.

    Parameters
    ----------
    n_short : int
        Number of songs that are shorter than `shortest`.
    n_songs : int
        Number of songs that could be used.
    shortest : float
        Seconds, of `Windows`.

    Returns
    -------
    str
        What to tell.
    """
    if not n_short:
        return ""
    who = "The song is" if n_songs == 1 else f"{n_short} of {n_songs} songs are"
    return (
        f"{who} shorter than {shortest:g} s: emotions are recognised less often. "
        "If all of yours are that short, fit on such clips with `duration` set to their length."
    )


def heard_seconds(classifier):
    """Return how many seconds of a clip are heard, the longest of all parts of a classifier."""
    parts = [part for part in _parts(classifier) if hasattr(part, "duration")]
    if not parts:
        raise TypeError(
            f"This {type(classifier).__name__} has no part that hears audio (a transformer of "
            "sklearn_mer): it was fitted on feature columns, and songs have none. Fit it on "
            "X[['audio']], or with features=EmotionFeatures()."
        )
    return max(
        float(part.offset + (_USUAL if part.duration is None else part.duration)) for part in parts
    )


def _parts(thing, seen=None):
    """Yield the transformers of clips that an estimator holds, at any depth."""
    seen = set() if seen is None else seen
    if id(thing) in seen:
        return
    seen.add(id(thing))
    if isinstance(thing, ClipTransformer):
        yield thing
        return
    # Ids are those of objects that the estimator keeps: those of new ones would come again.
    if isinstance(thing, list | tuple):
        inner = thing
    elif isinstance(thing, dict):
        inner = thing.values()
    elif hasattr(thing, "best_estimator_"):  # not the candidates of a search
        inner = [thing.best_estimator_]
    elif type(thing).__module__.partition(".")[0] in ("sklearn", "sklearn_mer", "imblearn"):
        inner = getattr(thing, "__dict__", {}).values()
    else:
        return
    for value in inner:
        yield from _parts(value, seen)
