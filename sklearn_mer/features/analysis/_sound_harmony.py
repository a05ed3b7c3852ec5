"""Attributes of `Sound` for harmony and form."""

from . import _chords, _similarity, _tonal
from ._lazy_property import lazy_property


class HarmonyAndForm:
    """Attributes of `Sound` for harmony and form."""

    @property
    def tonal_rate(self):
        """Frames per second of pitch classes: a quarter of `frame_rate`."""
        return self.sample_rate / _tonal.HOP

    @lazy_property
    def tonal_spectrum(self):
        """Long-window spectra from C2 to C7: `TonalSpectrum`."""
        return _tonal.tonal_spectrum(self.waveform, self.sample_rate)

    @lazy_property
    def tuning(self):
        """Deviation from A = 440 Hz in cents, and its clarity."""
        return _tonal.tuning(self.tonal_spectrum)

    @lazy_property
    def chroma(self):
        """Pitch classes, C first (12, n_tonal_frames); 0 without a pitch."""
        return _tonal.chroma(self.tonal_spectrum, self.tuning[0])

    @lazy_property
    def chroma_shares(self):
        """`chroma` that sums to 1 in each frame; NaN without a pitch."""
        return _tonal.shares(self.chroma)

    @lazy_property
    def key_strength(self):
        """Correlation of the whole clip with the 24 keys (24,), major first."""
        return _tonal.key_strength(self.chroma.mean(axis=1))

    @lazy_property
    def local_key_strength(self):
        """Correlation of 3 s around each frame with the 24 keys (24, n_tonal_frames)."""
        return _tonal.key_strength(_tonal.average(self.chroma, 3.0, self.tonal_rate))

    @lazy_property
    def chords(self):
        """Chord of each tonal frame: `Chords`."""
        return _chords.find_chords(self.chroma, self.tonal_rate)

    @lazy_property
    def similarity(self):
        """Self-similarity of timbre, harmony and level, in blocks of a quarter of a second."""
        return _similarity.similarities(
            self.mfcc,
            _tonal.hold(self.chroma, self.n_frames),
            self.envelope[::2][: self.n_frames],
            self.frame_rate,
        )
