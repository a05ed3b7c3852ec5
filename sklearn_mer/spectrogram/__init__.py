"""Clips to spectrograms."""

from ._frontend import (
    SHORTEST,
    check_shape,
    fit_frontend,
    mean_and_deviation,
    stays_on_disk,
    transform_clips,
)
from ._mel import MelSpectrogram

__all__ = ["MelSpectrogram"]

# For developers of estimators.
__all__ += [
    "SHORTEST",
    "check_shape",
    "fit_frontend",
    "mean_and_deviation",
    "stays_on_disk",
    "transform_clips",
]
