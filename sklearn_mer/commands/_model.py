"""Models as the commands use them."""

import hashlib

import numpy as np

from ..models import find_model, load_model
from ..songs import QUADRANTS, check_song_classifier


def open_model(path):
    """Load a classifier of quadrants.

    Parameters
    ----------
    path : str
        The file, or the name of a ready model.

    Returns
    -------
    classifier
        Fitted.

    Raises
    ------
    OSError, ValueError, TypeError
        If it cannot be loaded, is no classifier with probabilities, or its classes are others.
    """
    model = load_model(path)
    check_song_classifier(model)
    classes = np.asarray(getattr(model, "classes_", [])).tolist()
    if not classes or not set(classes) <= set(QUADRANTS):
        raise ValueError(
            f"{path} holds a {type(model).__name__} with the classes {classes[:8]}; the command "
            f"line needs a classifier of the quadrants {', '.join(QUADRANTS)}. In Python, "
            "predict_songs and predict_over_time take any classes."
        )
    return model


def digest_of_run(path, window, hop):
    """Return a short digest of a model file, the window and the hop."""
    with open(find_model(path), "rb") as file:
        digest = hashlib.file_digest(file, "sha256")
    digest.update(repr((window, hop)).encode())
    return digest.hexdigest()[:12]
