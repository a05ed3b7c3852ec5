"""The rows of Table 1: which class, which settings, what the paper reports."""

from dataclasses import dataclass, field

from ._cnn import CNNBaseline
from ._hybrid import HybridMER
from ._svm import SVMBaseline

PAPER = "Louro et al., Improving Deep Learning Methodologies for Music Emotion Recognition"
RECIPES = ("ours", "paper")


@dataclass(frozen=True)
class Method:
    """A row of Table 1.

    Parameters
    ----------
    key : str
        Its name in this library.
    title : str
        Its name in the paper.
    cls : type
        The estimator.
    published : dict of float
        The paper's macro F1 in percent, a data set.
    paper_settings : dict
        The paper's training settings: what its recipe ``paper`` sets beside the defaults.
    paper : str
        Where the figures are from.
    """

    key: str
    title: str
    cls: type
    published: dict
    paper_settings: dict = field(default_factory=dict)
    paper: str = PAPER


def _published(original, complete, balanced):
    return {"4qaed": original, "merge-complete": complete, "merge-balanced": balanced}


_SGD = {
    "optimizer": "sgd",
    "lr": 0.01,
    "weight_decay": 0.0,
    "schedule": "constant",
    "standardize": False,
}

_METHODS = (
    Method("svm", "SVM Baseline", SVMBaseline, _published(75.59, 69.79, 69.82)),
    Method(
        "cnn",
        "DL Baseline",
        CNNBaseline,
        _published(60.62, 61.66, 60.28),
        {**_SGD, "batch_size": 150, "max_epochs": 200},
    ),
    Method(
        "hybrid",
        "Hybrid Augmented",
        HybridMER,
        _published(68.04, 67.85, 80.24),
        {
            **_SGD,
            "batch_size": 300,
            "head_max_epochs": 100,
            "train_cnn": True,
            "cnn_optimizer": "adam",
            "cnn_lr": 0.005,
            "cnn_batch_size": 120,
            "cnn_max_epochs": 450,
            "dnn_optimizer": "sgd",
            "dnn_lr": 0.01,
            "dnn_batch_size": 150,
            "dnn_max_epochs": 200,
        },
    ),
)


def available_methods():
    """Return the rows of Table 1 that this library has.

    Returns
    -------
    dict of str to Method
        With ``key``, ``title``, ``cls``, ``published`` (macro F1 in percent, a data set) and
        ``paper``.

    Examples
    --------
    >>> from sklearn_mer.methods import available_methods
    >>> available_methods()["cnn"].published["4qaed"]
    60.62
    """
    return {method.key: method for method in _METHODS}


def make_method(key, recipe="ours", **params):
    """Return the estimator of a row of Table 1, unfitted.

    Parameters
    ----------
    key : str
        See `available_methods`.
    recipe : {"ours", "paper"}, default="ours"
        "paper": the authors' training settings, where known. "ours": settings that are sound
        and affordable on a CPU of two cores; the defaults of the class.
    **params
        Parameters of the estimator, which go before the recipe's.

    Returns
    -------
    estimator

    Raises
    ------
    ValueError
        For an unknown key or recipe.

    Examples
    --------
    >>> from sklearn_mer.methods import make_method
    >>> make_method("cnn", recipe="paper", random_state=0).batch_size
    150
    """
    methods = available_methods()
    if key not in methods:
        raise ValueError(f"No method {key!r}; available are {', '.join(methods)}.")
    if recipe not in RECIPES:
        raise ValueError(f"No recipe {recipe!r}; there are {', '.join(RECIPES)}.")
    method = methods[key]
    settings = method.paper_settings if recipe == "paper" else {}
    return method.cls(**{**settings, **params})
