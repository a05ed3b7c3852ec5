"""Songs that are unlike the music that a classifier was fitted on."""

#: A song of a lower familiarity is unlike the training music.
UNFAMILIAR = 0.05


def tells_familiarity(classifier):
    """Return whether a classifier tells how familiar clips are.

    Parameters
    ----------
    classifier : classifier
        Fitted.

    Returns
    -------
    bool
        Whether it does.
    """
    return hasattr(classifier, "predict_proba_and_familiarity")


def unfamiliar_note(n_unfamiliar, n_songs):
    """Return a sentence if most songs are unlike the training music, else the empty string.

    Parameters
    ----------
    n_unfamiliar : int
        Number of songs with a familiarity below `UNFAMILIAR`.
    n_songs : int
        Number of songs with a familiarity.

    Returns
    -------
    str
        What to tell.
    """
    if 2 * n_unfamiliar <= n_songs:
        return ""
    who = "The song is" if n_songs == 1 else f"{n_unfamiliar} of {n_songs} songs are"
    return (
        f"{who} unlike the music that the model was trained on (familiarity below {UNFAMILIAR}); "
        "do not rely on what is predicted."
    )
