"""The one place where private parts of other libraries are imported."""

from sklearn.base import _fit_context
from sklearn.utils._param_validation import HasMethods, Hidden, Interval, StrOptions

__all__ = ["HasMethods", "Hidden", "Interval", "StrOptions", "_fit_context"]
