"""Private functions and classes of other libraries; they are imported here only."""

from numbers import Integral

from sklearn.base import _fit_context
from sklearn.model_selection._search import BaseSearchCV
from sklearn.utils import _safe_indexing
from sklearn.utils._param_validation import (
    HasMethods,
    Hidden,
    Interval,
    Options,
    StrOptions,
    validate_parameter_constraints,
    validate_params,
)
from sklearn.utils.metaestimators import _BaseComposition as BaseComposition

# Private classes that `CalibratedClassifierCV` holds.
CALIBRATION_PARTS = (
    "sklearn.calibration._CalibratedClassifier",
    "sklearn.calibration._SigmoidCalibration",
    "sklearn.calibration._TemperatureScaling",
)


def tree_class():
    """Return the class of the nodes of a tree, which few need."""
    from sklearn.tree._tree import Tree

    return Tree


# Joblib knows no n_jobs of 0.
N_JOBS = [
    Interval(Integral, 1, None, closed="left"),
    Interval(Integral, None, -1, closed="right"),
    None,
]

__all__ = [
    "CALIBRATION_PARTS",
    "N_JOBS",
    "BaseComposition",
    "BaseSearchCV",
    "HasMethods",
    "Hidden",
    "Interval",
    "Options",
    "StrOptions",
    "_fit_context",
    "_safe_indexing",
    "tree_class",
    "validate_parameter_constraints",
    "validate_params",
]
