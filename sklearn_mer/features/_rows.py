"""Descriptors of one clip, with one cache entry per dimension."""

from functools import lru_cache

import numpy as np

from ..audio import digest_of, remember_length
from ._descriptor import DIMENSIONS
from ._selection import descriptors_of, whole_dimension
from .analysis import Sound

# One is increased when values of its dimension change: older entries of the cache are not used, and
# what was fitted on older values is refused. Dynamics 2: peak_to_loudness of silence. Rhythm 2:
# fluctuations of short clips; 3: onsets and tempo. The others 2: voices.
VERSIONS = dict.fromkeys(DIMENSIONS, 2) | {"rhythm": 3, "harmony": 1, "form": 1}


class DescriptorRows:
    """Rows of descriptors, read from the cache or computed.

    Parameters
    ----------
    loader : AudioLoader
        Loads the waveforms.
    columns : sequence of str
        Names of the columns.
    cache : ClipCache or None
        Cache of the descriptors.
    """

    def __init__(self, loader, columns, cache):
        self.loader = loader
        self.cache = cache
        self.groups, self.chosen = _groups(tuple(columns))

    def __call__(self, clips, index):
        """Return the row of the clip at `index`, of shape (n_columns,) and type float32."""
        clip = _Clip(clips, index, self.loader)
        parts = [self._describe(clip, group) for group in self.groups]
        if self.cache is not None and clip.digest is not None:
            remember_length(self.cache, self.loader, clips, index)
        return np.concatenate(parts)[self.chosen]

    def _describe(self, clip, group):
        if self.cache is None or clip.digest is None:
            return group.compute(clip.sound)
        values = self.cache.get(group.step, self._key(clip, group, group.whole))
        if values is not None:
            return values[group.in_whole]
        key = self._key(clip, group, group.columns)
        values = None if group.is_whole else self.cache.get(group.step, key)
        if values is None:
            values = group.compute(clip.sound)
            self.cache.put(group.step, key, values)
        return values

    def _key(self, clip, group, columns):
        settings = ["EmotionFeatures", VERSIONS[group.dimension], columns]
        return digest_of([clip.digest, self.loader.signature(), settings])


@lru_cache(maxsize=16)
def _groups(columns):
    """Return the groups that contain columns, and the positions of these among all of the groups.

    Kept, since songs are transformed one by one.
    """
    groups = [_Group(descriptors) for descriptors in descriptors_of(columns)]
    computed = [column for group in groups for column in group.columns]
    return groups, np.flatnonzero(np.isin(computed, columns))


class _Group:
    """Selected descriptors of one dimension."""

    def __init__(self, descriptors):
        dimension = descriptors[0].dimension
        self.descriptors = descriptors
        self.columns = columns_of(descriptors)
        self.whole = columns_of(whole_dimension(dimension))
        self.is_whole = self.columns == self.whole
        self.in_whole = np.isin(self.whole, self.columns)
        self.dimension = dimension
        self.step = f"emotion_{dimension}"

    def compute(self, sound):
        return np.concatenate([descriptor.describe(sound) for descriptor in self.descriptors])


class _Clip:
    """A clip that is decoded at the first access to its sound."""

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
            return None  # missing or unreadable: the loader raises an error with the reason

    @property
    def sound(self):
        if self._sound is None:
            # Not filled: repeated or silent seconds would count as music.
            waveform = self.loader.heard(self.clips, self.index)
            self._sound = Sound(waveform, self.loader.sample_rate)
        return self._sound


def columns_of(descriptors):
    """Return the names of the columns of descriptors."""
    return [column for descriptor in descriptors for column in descriptor.columns]
