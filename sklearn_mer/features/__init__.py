"""Descriptors of clips, as tables."""

from ._catalogue import describe_columns
from ._emotion import EmotionFeatures
from ._summary import SummaryFeatures

__all__ = ["EmotionFeatures", "SummaryFeatures", "describe_columns"]
