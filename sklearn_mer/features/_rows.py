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
        self.groups = [_Group(descriptors) for descriptors in descriptors_of(columns)]
        computed = [c for group in self.groups for c in group.columns]
        self.chosen = np.flatnonzero(np.isin(computed, list(columns)))

    def make_row(self, index):
        """Return the row (n_columns,) of the clip at `index`, float32."""
        clip = _Clip(self.clips, index, self.loader)
        parts = [self._describe(clip, group) for group in self.groups]
        return np.concatenate(parts)[self.chosen]

    def _describe(self, clip, group):
        if self.cache is None or clip.digest is None:
            return group.compute(clip.sound)
        values = self.cache.get(group.step, self._key(clip, group.whole))
        if values is not None:
            return values[group.in_whole]
        key = self._key(clip, group.columns)
        values = None if group.is_whole else self.cache.get(group.step, key)
        if values is None:
            values = group.compute(clip.sound)
            self.cache.put(group.step, key, values)
        return values

    def _key(self, clip, columns):
        settings = ["EmotionFeatures", _VERSION, columns]
        return digest_of([clip.digest, self.loader.signature(), settings])


class _Group:
    """Descriptors of one dimension, and what is the same for every clip."""

    def __init__(self, descriptors):
        dimension = descriptors[0].dimension
        self.descriptors = descriptors
        self.columns = columns_of(descriptors)
        self.whole = columns_of(whole_dimension(dimension))
        self.is_whole = self.columns == self.whole
        self.in_whole = np.isin(self.whole, self.columns)
        self.step = f"emotion_{dimension}"

    def compute(self, sound):
        return np.concatenate([descriptor.describe(sound) for descriptor in self.descriptors])


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


def columns_of(descriptors):
    """Return the names of all columns of some descriptors."""
    return [column for descriptor in descriptors for column in descriptor.columns]
