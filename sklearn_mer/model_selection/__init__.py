"""Repeated grouped cross-validation, and Bayesian search."""

from ._bayes import BayesSearchCV
from ._split import RepeatedStratifiedGroupKFold

__all__ = ["BayesSearchCV", "RepeatedStratifiedGroupKFold"]
