"""Models that come with the package, by their names."""

from pathlib import Path

#: Names of the models.
READY = ("default", "full")
# What "default" hears: these dimensions without the descriptors that take most of the time, chosen
# by score and cost on the training clips of one fold. More bring nothing. Without the loudness,
# some foreign sounds are called familiar.
_QUICK = ("dynamics", "rhythm", "tone_colour", "harmony")
_SLOW = {
    "dynamics": "rms low_energy_rate pauses crest_factor integrated_level peak_to_loudness "
    "loudness_range dynamic_range level level_slope level_trend crescendo decrescendo",
    "rhythm": "attack_density attack_time attack_leap attack_slope percussive",
    "tone_colour": "lsp band_flatness band_crest inharmonicity normalized_flux zero_crossings",
}
_FOLDER = Path(__file__).parent / "data"
# Random directions per group: more bring nothing. A file stays below 2 MB.
_N_COMPONENTS = {"default": 4000, "full": 2000}


def make_ready(name, **params):
    """Return the unfitted classifier of a ready model.

    Its fitted state holds parameters, and no rows of training clips.

    Parameters
    ----------
    name : {"default", "full"}
        "default" hears descriptors alone, those that are computed quickly; "full" all descriptors
        and what three taggers hear.
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

    own = {"max_exact": 1, "approximation": "fourier", "n_components": _N_COMPONENTS[name]}
    if name == "default":
        own |= {"taggers": (), "descriptors": _quick_descriptors()}
    return EmotionFusion(random_state=0, **own, **params)


def _quick_descriptors():
    from ..features import EmotionFeatures, describe_columns

    table = describe_columns(_QUICK)
    slow = {f"{dimension}__{name}" for dimension in _SLOW for name in _SLOW[dimension].split()}
    names = dict.fromkeys(table["dimension"] + "__" + table["descriptor"])
    return EmotionFeatures(columns=[name for name in names if name not in slow])


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
