"""Attributes of `Sound` for pitch, voices and notes."""

import numpy as np

from . import _contours, _creak, _modulation, _notes, _peaks, _pitch
from ._lazy_property import lazy_property

# Smaller extents are not audible.
_SMALLEST_VIBRATO = 10.0  # cents
_SMALLEST_TREMOLO = 0.5  # dB


class VoicesAndNotes:
    """Attributes of `Sound` for pitch, voices and notes.

    Their frame rate, `peaks.frame_rate`, is twice that of other attributes.
    """

    @lazy_property
    def peaks(self):
        """Peaks of the spectrum above noise: `Peaks`."""
        return _peaks.find_peaks(self.waveform, self.sample_rate)

    @lazy_property
    def voices(self):
        """Fundamental frequencies of all voices of each frame: `Voices`."""
        return _pitch.find_voices(self.peaks)

    @lazy_property
    def contours(self):
        """Voices followed over time: `Contours`."""
        return _contours.follow(self.voices, self.peaks.frame_rate)

    @lazy_property
    def layers(self):
        """Number of voices of each frame of `peaks` (n_pitch_frames,)."""
        return _notes.count_layers(self.contours, len(self.peaks.count))

    @lazy_property
    def melody(self):
        """Point of `contours` that is the melody in each frame of `peaks`; -1 for none."""
        return _notes.follow_melody(self.contours, len(self.peaks.count))

    @lazy_property
    def notes(self):
        """Notes of all voices: `Notes`."""
        return _notes.split_notes(self.contours, self.peaks.frame_rate)

    @lazy_property
    def melody_notes(self):
        """Notes of the melody: `Notes`."""
        return _notes.melody_notes(self.notes, self.melody)

    @lazy_property
    def vibrato(self):
        """Vibrato of the notes in cents: `Modulation`."""
        response = _modulation.window_response(self.peaks.window, power=2)
        return _modulation.find_modulation(
            self.contours.cents, self.notes, self.peaks.frame_rate, _SMALLEST_VIBRATO, response
        )

    @lazy_property
    def tremolo(self):
        """Tremolo of the notes in dB: `Modulation`."""
        level = 20 * np.log10(np.maximum(self.contours.magnitude, 1e-30))
        response = _modulation.window_response(self.peaks.window, power=1)
        return _modulation.find_modulation(
            level, self.notes, self.peaks.frame_rate, _SMALLEST_TREMOLO, response
        )

    @lazy_property
    def glides(self):
        """Glissandi of all voices: `Glides`."""
        return _modulation.find_glides(self.contours, self.peaks.frame_rate)

    @lazy_property
    def creak(self):
        """Creak of each frame of `rms`: `Creak`."""
        return _creak.find_creak(self.waveform, self.sample_rate, self.n_frames, self.frame_rate)
