"""Clips: what they may be, how they are decoded, and the cache a clip.

Everywhere in this library, clips (X) are one of

1. a list, 1-D array or Series of paths of audio files;
2. a 2-D array, one waveform a row (n_clips, n_samples), at the estimator's sample rate;
3. a table (pandas DataFrame) with a column ``audio`` of paths and, if wanted, numeric feature
   columns: what the data set loaders return.
"""

from ._cache import ClipCache, check_cache, default_cache_folder, digest_of
from ._clips import AUDIO_COLUMN, Clips, check_clips, holds_audio
from ._decode import UnusableAudio, decode
from ._errors import AudioError
from ._loader import WAVEFORM_CONSTRAINTS, AudioLoader
from ._steps import apply_step, apply_to_first, stack_rows

__all__ = [
    "AUDIO_COLUMN",
    "WAVEFORM_CONSTRAINTS",
    "AudioError",
    "AudioLoader",
    "ClipCache",
    "Clips",
    "UnusableAudio",
    "apply_step",
    "apply_to_first",
    "check_cache",
    "check_clips",
    "decode",
    "default_cache_folder",
    "digest_of",
    "holds_audio",
    "stack_rows",
]
