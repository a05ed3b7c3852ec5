"""Splitters that keep the clips of an artist together, and Bayesian search."""

from ._bayes import BayesSearchCV
from ._split import RepeatedStratifiedGroupKFold

__all__ = ["BayesSearchCV", "RepeatedStratifiedGroupKFold"]
