"""Models that come with the package, by their names."""

from pathlib import Path

#: {name: the parameters of `EmotionFusion` beside those that both have}.
READY = {"default": {"taggers": ()}, "full": {}}
_FOLDER = Path(__file__).parent / "data"
# Random directions: more bring nothing. A file stays below 2 MB.
_PARAMETERS_ONLY = {"max_exact": 1, "approximation": "fourier", "n_components": 2000}


def make_ready(name, **params):
    """Return the unfitted classifier of a ready model.

    Its fitted state holds parameters, and no rows of training clips.

    Parameters
    ----------
    name : {"default", "full"}
        "default" hears descriptors alone, "full" also what three taggers hear.
    **params
        More parameters of `EmotionFusion`.

    Returns
    -------
    EmotionFusion
        The classifier.

    See Also
    --------
    load_model : Load a ready model, fitted.
    sklearn_mer.methods.make_method : The rows of Table 1.
    """
    if name not in READY:
        raise ValueError(f"There is no ready model {name!r:.80}; choose from {list(READY)}.")
    from ..methods import EmotionFusion  # takes torch, which `model_info` does not need

    return EmotionFusion(**READY[name], **_PARAMETERS_ONLY, random_state=0, **params)


def check_weights(path):
    """Raise a WeightsNotFoundError that names all weights that a ready model lacks."""
    from ..weights import WeightsNotFoundError, available_weights, missing_weights

    infos = available_weights().values()
    missing = missing_weights(info.name for info in infos if path in info.models)
    if missing:
        raise WeightsNotFoundError(f"The ready model {path!r} needs weights of taggers. {missing}")


def find_model(path):
    """Return the path of a file of a model, or of a ready one that is given by its name.

    Parameters
    ----------
    path : str or path-like
        The file, or "default" or "full".

    Returns
    -------
    pathlib.Path
        The file; a ready model's is there.

    Raises
    ------
    FileNotFoundError
        If the ready model is not in this installation.

    See Also
    --------
    load_model : Load the file that it finds.
    make_ready : The ready models before they are fitted.
    """
    if not isinstance(path, str) or path not in READY:
        return Path(path).expanduser()
    found = _FOLDER / f"{path}.mer"
    if not found.exists():
        raise FileNotFoundError(
            f"The ready model {path!r} is not in this installation. Build it with `sklearn-mer "
            f"build-model --model {path} --out {path}.mer`, which needs the data set 4QAED, and "
            f"load that file. (A file of your own that is named {path} is ./{path}.)"
        )
    return found
