"""What a file says about its model."""

import json
import platform
import re
from collections import Counter
from importlib.metadata import version

import numpy as np

from .._version import __version__
from ..audio import AUDIO_COLUMN, digest_of, file_digest
from ._classes import PLACES

KIND = "model of sklearn_mer"
#: Raised when older versions of this library could not read the files, or would misread them.
FORMAT = 1
_LIBRARIES = ("numpy", "scikit-learn", "scipy", "skorch", "torch")


def describe(estimator, card, training_data):
    """Return what `model_info` will."""
    classes = getattr(estimator, "classes_", None)
    return {
        "kind": KIND,
        "format": FORMAT,
        "estimator": type(estimator).__name__,
        "settings": _settings(estimator),
        "classes": None if classes is None else [_as_json(label) for label in classes],
        "n_features": getattr(estimator, "n_features_in_", None),
        "versions": {"python": platform.python_version(), **_versions()},
        "training_data": None if training_data is None else describe_data(*training_data),
        "card": _checked(card),
    }


def _versions():
    return {"sklearn-mer": __version__, **{name: version(name) for name in _LIBRARIES}}


def _settings(estimator):
    """Return parameters by name, without places on this machine."""
    params = sorted(estimator.get_params().items())
    return {key: _as_json(v) for key, v in params if key.rpartition("__")[2] not in PLACES}


def _as_json(value):
    """Return a value of JSON's types; of estimators the class, as their parameters have names."""
    value = value.item() if isinstance(value, np.generic) else value
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float) and np.isfinite(value):
        return value
    if isinstance(value, list | tuple):
        return [_as_json(one) for one in value]
    return type(value).__name__ if hasattr(value, "get_params") else _text(value)


def _text(value):
    return re.sub(" at 0x[0-9A-Fa-f]+", "", str(value))  # which differs from run to run


def _checked(card):
    if card is not None and not isinstance(card, dict):
        raise TypeError(f"card={card!r:.200} must be a dict, or None.")
    try:
        # As it will be read: tuples are lists, and numbers are names of keys.
        return json.loads(json.dumps(card, allow_nan=False))
    except (TypeError, ValueError) as error:
        raise TypeError(
            f"card holds what JSON cannot: {error}. Use dicts, lists, text, finite numbers of "
            "Python, booleans and None."
        ) from error


def describe_data(X, y):
    """Return number, classes and digest of clips; of files it depends on the bytes alone.

    Parameters
    ----------
    X, y : clips and labels
        As given to `fit`.

    Returns
    -------
    dict
        What `model_info` gives under ``training_data``.
    """
    labels = [str(label) for label in np.asarray(y).tolist()]
    columns = {str(name): X[name].to_numpy() for name in X} if hasattr(X, "columns") else {"": X}
    parts = []
    for name, values in columns.items():
        values = np.asarray(values)
        if name == AUDIO_COLUMN or (not name and values.dtype.kind in "OU"):
            parts.append([name, [file_digest(path) for path in values.ravel().tolist()]])
        else:
            numbers = values.astype(np.float64)
            parts.append([name, numbers.shape, digest_of(numbers.tobytes())])
    n_clips = len(next(iter(columns.values())))
    if n_clips != len(labels):
        raise ValueError(f"training_data has {n_clips} clips but {len(labels)} labels.")
    counts = dict(sorted(Counter(labels).items()))
    return {"n_clips": n_clips, "n_per_class": counts, "digest": digest_of([parts, labels])}


def doubt_of_versions(info):
    """Return what is to be said of other versions, None if there is nothing."""
    saved, here = info["versions"].get("scikit-learn"), version("scikit-learn")
    if not isinstance(saved, str) or saved.split(".")[:2] == here.split(".")[:2]:
        return None
    return (
        f"the model was saved with scikit-learn {saved:.40}, and {here} is installed, with which "
        "predictions may differ"
    )
