"""Clips to tables of descriptors."""

from ._summary import SummaryFeatures

__all__ = ["SummaryFeatures"]
