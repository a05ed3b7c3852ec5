"""Clips to spectrograms."""

from ._frontend import (
    SHORTEST,
    check_shape,
    fit_default,
    fit_frontend,
    mean_and_deviation,
    stays_on_disk,
    transform_clips,
)
from ._mel import MelSpectrogram

__all__ = [
    "SHORTEST",
    "MelSpectrogram",
    "check_shape",
    "fit_default",
    "fit_frontend",
    "mean_and_deviation",
    "stays_on_disk",
    "transform_clips",
]
