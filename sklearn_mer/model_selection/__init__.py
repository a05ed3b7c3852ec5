"""Cross-validation with groups, Bayesian search, statistics of overlapping folds."""

from ._bayes import BayesSearchCV
from ._split import LabelledGroupKFold, RepeatedStratifiedGroupKFold
from ._statistics import (
    FEWEST_FOLDS,
    ROPE,
    bayesian_correlated_t_test,
    compare_rows,
    corrected_interval,
    corrected_t_test,
    equal_runs,
    holm_correction,
    printed_interval,
)

__all__ = [
    "FEWEST_FOLDS",
    "ROPE",
    "BayesSearchCV",
    "LabelledGroupKFold",
    "RepeatedStratifiedGroupKFold",
    "bayesian_correlated_t_test",
    "compare_rows",
    "corrected_interval",
    "corrected_t_test",
    "equal_runs",
    "holm_correction",
    "printed_interval",
]
