"""Cross-validation with groups, and Bayesian search."""

from ._bayes import BayesSearchCV
from ._split import LabelledGroupKFold, RepeatedStratifiedGroupKFold

__all__ = ["BayesSearchCV", "LabelledGroupKFold", "RepeatedStratifiedGroupKFold"]
