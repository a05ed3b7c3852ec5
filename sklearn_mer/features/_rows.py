"""The descriptors of one clip, with one cache entry a dimension."""

import numpy as np

from ..audio import digest_of
from ._selection import descriptors_of, whole_dimension
from .analysis import Sound

# Raised when values change, so that older entries of the cache are not looked at.
_VERSION = 1


class DescriptorRows:
    """Makes the row of a clip: what the cache has is read, the rest is computed.

    Parameters
    ----------
    clips : Clips
    loader : AudioLoader
    columns : sequence of str
        The names of the columns of the row.
    cache : ClipCache or None
    """

    def __init__(self, clips, loader, columns, cache):
        self.clips = clips
        self.loader = loader
        self.cache = cache
        self.groups = descriptors_of(columns)
        computed = [c for group in self.groups for c in columns_of(group)]
        self.chosen = np.flatnonzero(np.isin(computed, list(columns)))

    def make_row(self, index):
        """Return the row (n_columns,) of the clip at `index`, float32."""
        clip = _Clip(self.clips, index, self.loader)
        parts = [self._describe(clip, group) for group in self.groups]
        return np.concatenate(parts)[self.chosen]

    def _describe(self, clip, group):
        if self.cache is None or clip.digest is None:
            return _compute(clip.sound, group)
        step = f"emotion_{group[0].dimension}"
        whole = whole_dimension(group[0].dimension)
        values = self.cache.get(step, self._key(clip, whole))
        if values is not None:
            return values[np.isin(columns_of(whole), columns_of(group))]
        key = self._key(clip, group)
        values = self.cache.get(step, key) if len(group) < len(whole) else None
        if values is None:
            values = _compute(clip.sound, group)
            self.cache.put(step, key, values)
        return values

    def _key(self, clip, group):
        settings = ["EmotionFeatures", _VERSION, columns_of(group)]
        return digest_of([clip.digest, self.loader.signature(), settings])


class _Clip:
    """A clip that is decoded when its sound is first asked for."""

    def __init__(self, clips, index, loader):
        self.clips = clips
        self.index = index
        self.loader = loader
        self._sound = None

    @property
    def digest(self):
        try:
            return self.clips.content_digest(self.index)
        except OSError:
            return None  # missing or unreadable: the loader says it better

    @property
    def sound(self):
        if self._sound is None:
            waveform = self.loader.waveform(self.clips, self.index)
            self._sound = Sound(waveform, self.loader.sample_rate)
        return self._sound


def columns_of(group):
    """Return the names of all columns of some descriptors."""
    return [column for descriptor in group for column in descriptor.columns]


def _compute(sound, group):
    return np.concatenate([descriptor.describe(sound) for descriptor in group])
