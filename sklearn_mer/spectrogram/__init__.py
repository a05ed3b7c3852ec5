"""Clips to spectrograms."""

from ._mel import MelSpectrogram

__all__ = ["MelSpectrogram"]
