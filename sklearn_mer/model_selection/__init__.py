"""Splitters for cross-validation that keep the clips of an artist together."""

from ._split import RepeatedStratifiedGroupKFold

__all__ = ["RepeatedStratifiedGroupKFold"]
