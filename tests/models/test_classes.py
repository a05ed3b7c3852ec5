"""The classes that are saved."""

import importlib

import pytest
from sklearn.base import BaseEstimator
from skorch import NeuralNet

import sklearn_mer
from sklearn_mer import methods
from sklearn_mer._saved import SAVED, saved_as
from sklearn_mer.models import ModelFileError
from sklearn_mer.models._classes import _OTHERS, class_name, find_class

# Public, but no part of a model that predicts.
NOT_SAVED = {"BayesSearchCV"}


def public_estimators():
    for room in sorted(sklearn_mer._SUBPACKAGES):
        module = importlib.import_module(f"sklearn_mer.{room}")
        for name in module.__all__:
            value = getattr(module, name)
            if isinstance(value, type) and issubclass(value, BaseEstimator):
                yield value


def test_every_public_estimator_has_a_name():
    without = {
        cls.__name__
        for cls in public_estimators()
        if class_name(cls) is None and not issubclass(cls, NeuralNet)
    }
    assert without == NOT_SAVED
    assert class_name(methods.SVMBaseline) == "sklearn_mer.methods.SVMBaseline"


def test_names_and_classes_belong_to_each_other():
    for name in [*_OTHERS, *(f"sklearn_mer.{own}" for own in SAVED)]:
        assert class_name(find_class(name)) == name


def test_the_documentation_lists_what_is_saved():
    doc = sklearn_mer.models.save_model.__doc__
    parts = {name.rpartition(".")[2] for name in _OTHERS}
    parts -= {"LabelBinarizer", "StratifiedKFold"}  # inside of others
    assert [name for name in sorted(parts) if not name.startswith("_") and name not in doc] == []


def test_a_lasting_name_has_one_class():
    cls = find_class("sklearn_mer.FeatureSource")
    assert saved_as("FeatureSource")(cls) is cls
    with pytest.raises(ValueError, match="saved as 'FeatureSource' already"):
        saved_as("FeatureSource")(int)
    assert SAVED["FeatureSource"] is cls


def test_names_that_nothing_has():
    of_methods = ("make_method", "Method", "_svm", "__all__")
    unknown = ("sklearn.svm.NuSVC", "sklearn_mer.Nothing", "methods.SVMBaseline", "")
    for name in (*unknown, *(f"sklearn_mer.methods.{one}" for one in of_methods), None, 3, [], {}):
        with pytest.raises((ModelFileError, TypeError)):
            find_class(name)
