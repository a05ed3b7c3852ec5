"""Every public estimator of the package, through scikit-learn's checks."""

import importlib
import pkgutil
import re
from inspect import isabstract
from pathlib import Path

import pytest
from cases import CASES, make
from sklearn.base import BaseEstimator, clone
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks
from skorch import NeuralNet
from tiled import Tiled

import sklearn_mer
from sklearn_mer import (
    CNNGRU,
    CRNN,
    CNNBaseline,
    HybridMER,
    KernelFusion,
    MelSpectrogram,
    SampleCNN,
    ShortChunkCNN,
    SummaryFeatures,
    SVMBaseline,
)
from sklearn_mer.augmentation import PowerShift

# The other test modules that put estimators through the checks.
MODULES_WITH_CHECKS = [
    code
    for path in Path(__file__).parent.rglob("test_*.py")
    if path != Path(__file__)
    and re.search("parametrize_with_checks|check_estimator", code := path.read_text("utf-8"))
]

# Methods that hear waveforms are blind to their sign and so to scikit-learn's blobs (their tag
# `poor_score`); with descriptors, or through `Tiled`, the checks ask for an accuracy of .83.
PLAIN = SummaryFeatures(duration=None)
# Spectrograms of about the smallest size that the networks take.
MEL = MelSpectrogram(duration=2.5, normalize=True, n_mels=64)
ESTIMATORS = [
    SVMBaseline(features=PLAIN),
    SVMBaseline(features="columns"),
    KernelFusion([("all", "columns")]),
    KernelFusion([("all", "columns")], max_exact=20, n_components=15, random_state=0),
    CNNBaseline(frontend=Tiled(), batch_size=8, max_epochs=1, lr=0.01),
    CNNGRU(frontend=Tiled(), n_units=8, max_epochs=2, lr=0.01),
    HybridMER(
        frontend=Tiled(),
        features=StandardScaler(),
        augment=PowerShift(),
        dnn_max_epochs=2,
        cnn_max_epochs=1,
        n_dnns=2,
        dnn_lr=0.005,
    ),
]

# Real descriptors, spectrograms or waveforms of every clip.
REAL = [
    SVMBaseline(),
    SampleCNN(width=1, max_epochs=1),
    CNNBaseline(frontend=MEL, max_epochs=1),
    HybridMER(augment=None, max_epochs=1),
    HybridMER(frontend=MEL, features=PLAIN, augment=None, max_epochs=1),
]
# Their checks take long. The last differ from those above by their networks, or the search, alone.
SLOW_ESTIMATORS = [
    *REAL,
    SVMBaseline(features="columns", search="bayes", n_trials=2),
    CRNN(frontend=Tiled(96, 96), width=2, batch_size=8, max_epochs=2, lr=0.01),
    ShortChunkCNN(
        frontend=Tiled(n_frames=16),
        segment_length=16,
        segments_per_epoch=2,
        width=8,
        max_epochs=2,
        lr=0.01,
    ),
]

# Rows of Table 1 whose class has no entry above, and no other test module: as in the other tests.
ESTIMATORS += [
    make(key)
    for key in CASES
    if (cls := type(make(key))).__module__.startswith("sklearn_mer.methods")
    and cls not in map(type, ESTIMATORS + SLOW_ESTIMATORS)
    and not any(cls.__name__ in code for code in MODULES_WITH_CHECKS)
]

# The checks that need a classifier that has learned; the others get one epoch.
NEED_TRAINING = ("check_classifiers_train", "check_class_weight_classifiers")


@parametrize_with_checks(ESTIMATORS)
def test_scikit_learn_checks(estimator, check):
    if "max_epochs" in estimator.get_params() and check.func.__name__ not in NEED_TRAINING:
        estimator = clone(estimator).set_params(max_epochs=1)
    check(estimator)


@pytest.mark.slow
@parametrize_with_checks(SLOW_ESTIMATORS)
def test_scikit_learn_checks_of_slow_estimators(estimator, check):
    check(estimator)


def test_checks_ask_for_accuracy_where_it_can_be_had():
    blind = [type(e) for e in ESTIMATORS if e.__sklearn_tags__().classifier_tags.poor_score]
    assert blind == [SVMBaseline]
    blind = [e for e in SLOW_ESTIMATORS if e.__sklearn_tags__().classifier_tags.poor_score]
    assert blind == REAL


def public_estimators():
    packages = [
        importlib.import_module(f"sklearn_mer.{module.name}")
        for module in pkgutil.iter_modules(sklearn_mer.__path__)
        if not module.name.startswith("_")
    ]
    public = {
        value
        for module in [sklearn_mer, *packages]
        for value in (getattr(module, name) for name in module.__all__)
        if isinstance(value, type) and issubclass(value, BaseEstimator)
    }
    # Neither base classes nor skorch's nets, which take arrays alone; the classifiers that hold
    # the nets are checked.
    complete = (cls for cls in public if hasattr(cls, "fit") and not isabstract(cls))
    checked = (cls for cls in complete if not issubclass(cls, NeuralNet))
    return sorted(checked, key=lambda cls: cls.__name__)


@pytest.mark.parametrize("cls", public_estimators(), ids=lambda cls: cls.__name__)
def test_every_public_estimator_is_checked(cls):
    if cls in {type(estimator) for estimator in ESTIMATORS + SLOW_ESTIMATORS}:
        return
    checked = [code for code in MODULES_WITH_CHECKS if re.search(rf"\b{cls.__name__}\b", code)]
    assert checked, "no test module with parametrize_with_checks names it"
