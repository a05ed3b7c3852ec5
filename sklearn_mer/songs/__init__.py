"""Whole songs, and the numbers that are told of them."""

from .._quadrants import valence_arousal

__all__ = ["valence_arousal"]
