"""Whole songs: any length, window by window, and the numbers that are told of them."""

from .._quadrants import QUADRANTS, valence_arousal
from ._familiarity import UNFAMILIAR, tells_familiarity, unfamiliar_note
from ._hearing import check_window, short_note
from ._over_time import check_song_classifier, predict_over_time
from ._songs import Song, iter_songs, predict_songs

__all__ = ["predict_over_time", "predict_songs", "valence_arousal"]

# For the command line.
__all__ += ["QUADRANTS", "UNFAMILIAR", "Song", "check_song_classifier", "check_window"]
__all__ += ["iter_songs", "short_note", "tells_familiarity", "unfamiliar_note"]
