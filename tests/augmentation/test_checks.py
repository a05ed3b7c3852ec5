"""Checks of scikit-learn and imbalanced-learn."""

import pytest
from imblearn.utils.estimator_checks import estimator_checks_generator as imblearn_checks
from sklearn.utils.estimator_checks import parametrize_with_checks

from sklearn_mer.augmentation import (
    BandStop,
    Compose,
    Gain,
    PitchShift,
    PowerShift,
    SevenBandEQ,
    TimeMask,
    TimeShift,
    TimeStretch,
    _base,
)

SAMPLERS = [
    *(
        cls(random_state=0, n_copies=n_copies)
        for cls, n_copies in [(TimeShift, 1), (PowerShift, 2), (TimeStretch, 1), (PitchShift, 1)]
    ),
    *(cls(random_state=0) for cls in (TimeMask, BandStop, SevenBandEQ, Gain)),
    Compose(steps=[("mask", TimeMask()), ("stop", BandStop())], random_state=0),
]


@pytest.fixture(scope="module")
def kept_copies(tmp_path_factory):
    # The checks of imbalanced-learn repeatedly use the same 1000 rows.
    return tmp_path_factory.mktemp("copies")


@parametrize_with_checks(SAMPLERS)
def test_scikit_learn_checks(estimator, check):
    check(estimator)


# They take 1000 rows.
LONG = (TimeStretch, PitchShift, BandStop, SevenBandEQ, Compose)


# imbalanced-learn's own decorator gives pytest a generator, which pytest 10 will refuse.
@pytest.mark.parametrize(
    ("estimator", "check"),
    [
        pytest.param(
            estimator,
            check,
            id=f"{type(estimator).__name__}-{check.func.__name__}",
            marks=[pytest.mark.slow] if isinstance(estimator, LONG) else [],
        )
        for sampler in SAMPLERS
        for estimator, check in imblearn_checks(sampler)
    ],
)
def test_imbalanced_learn_checks(estimator, check, kept_copies, monkeypatch):
    monkeypatch.setattr(_base, "_WORTH_CACHING", 1)
    estimator.set_params(cache=str(kept_copies))
    check(estimator)
