"""Whole songs: any length, window by window, and the numbers that are told of them."""

from .._quadrants import QUADRANTS, valence_arousal
from ._over_time import predict_over_time
from ._songs import Song, iter_songs, predict_songs

__all__ = ["predict_over_time", "predict_songs", "valence_arousal"]

# For the command line.
__all__ += ["QUADRANTS", "Song", "iter_songs"]
