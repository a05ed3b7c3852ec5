"""The classes whose instances may be in a file of a model. No other class is looked up."""

from functools import cache
from importlib import import_module
from inspect import signature

import numpy as np

from .._compat import CALIBRATION_PARTS
from .._saved import SAVED
from ._errors import ModelFileError

# Rooms whose public estimators are saved.
_ROOMS = (
    "sklearn_mer.audio",
    "sklearn_mer.augmentation",
    "sklearn_mer.embeddings",
    "sklearn_mer.embeddings.pretraining",
    "sklearn_mer.features",
    "sklearn_mer.methods",
    "sklearn_mer.spectrogram",
)
# Of other libraries, by their public names.
_OTHERS = (
    "imblearn.pipeline.Pipeline",
    "sklearn.calibration.CalibratedClassifierCV",
    "sklearn.decomposition.PCA",
    "sklearn.discriminant_analysis.LinearDiscriminantAnalysis",
    "sklearn.ensemble.ExtraTreesClassifier",
    "sklearn.ensemble.RandomForestClassifier",
    "sklearn.feature_selection.VarianceThreshold",
    "sklearn.impute.SimpleImputer",
    "sklearn.kernel_approximation.Nystroem",
    "sklearn.kernel_approximation.RBFSampler",
    "sklearn.linear_model.LogisticRegression",
    "sklearn.linear_model.RidgeClassifier",
    "sklearn.model_selection.StratifiedKFold",
    "sklearn.naive_bayes.GaussianNB",
    "sklearn.pipeline.FeatureUnion",
    "sklearn.pipeline.Pipeline",
    "sklearn.preprocessing.FunctionTransformer",
    "sklearn.preprocessing.LabelBinarizer",
    "sklearn.preprocessing.MaxAbsScaler",
    "sklearn.preprocessing.MinMaxScaler",
    "sklearn.preprocessing.Normalizer",
    "sklearn.preprocessing.RobustScaler",
    "sklearn.preprocessing.StandardScaler",
    "sklearn.svm.LinearSVC",
    "sklearn.svm.SVC",
    "sklearn.tree.DecisionTreeClassifier",
    "sklearn.tree.ExtraTreeClassifier",
    *CALIBRATION_PARTS,
)
_NETS = "sklearn_mer.nets"


def find_class(name):
    """Return an allowed class by its name in files."""
    if name in _OTHERS:
        module, _, own = name.rpartition(".")
        try:
            return getattr(import_module(module), own)
        except (ImportError, AttributeError) as error:
            raise ModelFileError(
                f"it needs {name}, which the installed version has not. `model_info` shows the "
                "versions that it was saved with"
            ) from error
    if isinstance(name, str):
        found = _found_alone(name) or _own().get(name)
        if found is not None:
            return found
    raise ModelFileError(f"it names the class {name!r:.200}, which is none of those allowed")


def class_name(cls):
    """Return the name of a class in files, None if it is not allowed."""
    for name in _OTHERS:
        if name.endswith(f".{cls.__name__}") and find_class(name) is cls:
            return name
    return next((name for name, own in _own().items() if own is cls), None)


def is_network(name):
    """Return whether a class by its name in files is one of the library's networks."""
    return name is not None and name.startswith(f"{_NETS}.")


def from_elsewhere(name):
    """Return whether a class by its name in files is another library's."""
    return name in _OTHERS


def _found_alone(name):
    """Return a class of this library without importing others, None if it cannot be."""
    room, _, own = name.rpartition(".")
    if room == "sklearn_mer":
        return SAVED.get(own)
    return _saved_class(room, own) if room in (*_ROOMS, _NETS) else None


def _saved_class(room, name):
    """Return a public estimator or network of a sub-package, None for all else."""
    module = import_module(room)
    thing = getattr(module, name) if name in module.__all__ else None
    is_saved = hasattr(thing, "get_params") or hasattr(thing, "load_state_dict")
    return thing if isinstance(thing, type) and is_saved else None


@cache
def _own():
    """Return {name: class} of this library: public estimators, networks, registered helpers."""
    found = {
        f"{room}.{name}": cls
        for room in (*_ROOMS, _NETS)
        for name in import_module(room).__all__
        if (cls := _saved_class(room, name)) is not None
    }
    # All is imported: helpers are registered.
    return found | {f"sklearn_mer.{name}": cls for name, cls in SAVED.items()}


@cache
def parameter_defaults(cls):
    """Return {name: default} of the parameters of an estimator class; empty for other classes.

    The default of a parameter that has none is `inspect.Parameter.empty`.
    """
    if not hasattr(cls, "_get_param_names"):
        return {}
    parameters = signature(cls.__init__).parameters
    return {name: parameters[name].default for name in cls._get_param_names()}


#: Parameters that name places on a machine, which files do not, and what stands for them there.
PLACES = {"cache": True, "data_home": None, "memory": None}
#: Attributes of a pre-trained embedding that are its weights.
WEIGHTS = ("network_", "_extras_")
#: Scalars of numpy that are saved.
SCALARS = {
    *(np.bool_, np.str_, np.float16, np.float32, np.float64),
    *(np.int8, np.int16, np.int32, np.int64, np.uint8, np.uint16, np.uint32, np.uint64),
}
