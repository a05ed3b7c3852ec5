"""Clips: their three forms, how they are decoded, and the cache of what is computed from them.

Everywhere in this library, clips (X) are one of

1. a list, 1-D array or Series of paths of audio files;
2. a 2-D array, one waveform per row (n_clips, n_samples), at the estimator's sample rate;
3. a table (pandas DataFrame) with a column ``audio`` of paths and, optionally, numeric feature
   columns, as the data set loaders return.
"""

from ._cache import ClipCache, check_cache, default_cache_folder, digest_of
from ._clips import (
    AUDIO_COLUMN,
    Clips,
    check_clips,
    check_unique,
    file_digest,
    holds_audio,
    is_feature,
    never_cached,
)
from ._decode import UnusableAudio, start_is_read
from ._errors import AudioError
from ._loader import (
    HEARD_CONSTRAINTS,
    WAVEFORM_CONSTRAINTS,
    AudioLoader,
    ClipTransformer,
    as_input_of,
    fill,
    heard_duration,
    refuse_hearing,
)
from ._rows import CachedStep, LazyRows, compute_first_row, compute_rows, map_clips
from ._short import name_short_clips, remember_length, short_limit
from ._waveforms import doubt_of_waveforms
from ._windows import SongWindow, song_windows, window_files

__all__ = ["AudioError", "AudioLoader", "ClipCache", "default_cache_folder"]

# For developers of estimators.
__all__ += [
    "AUDIO_COLUMN",
    "HEARD_CONSTRAINTS",
    "WAVEFORM_CONSTRAINTS",
    "CachedStep",
    "ClipTransformer",
    "Clips",
    "LazyRows",
    "SongWindow",
    "UnusableAudio",
    "as_input_of",
    "check_cache",
    "check_clips",
    "check_unique",
    "compute_first_row",
    "compute_rows",
    "digest_of",
    "doubt_of_waveforms",
    "file_digest",
    "fill",
    "heard_duration",
    "holds_audio",
    "is_feature",
    "map_clips",
    "name_short_clips",
    "never_cached",
    "refuse_hearing",
    "remember_length",
    "short_limit",
    "song_windows",
    "start_is_read",
    "window_files",
]
