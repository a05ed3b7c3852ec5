"""What a `Sound` knows about pitch, voices and notes."""

import numpy as np

from . import _contours, _creak, _modulation, _notes, _peaks, _pitch
from ._once import once

# Smaller ones are not heard as wavering.
_SMALLEST_VIBRATO = 10.0  # cents
_SMALLEST_TREMOLO = 0.5  # dB


class VoicesAndNotes:
    """The part of `Sound` about pitch, voices and notes.

    Its frames are half as far apart as those of the rest: `peaks.frame_rate`.
    """

    @once
    def peaks(self):
        """Peaks of the spectrum that stand out of noise: `Peaks`."""
        return _peaks.find_peaks(self.waveform, self.sample_rate)

    @once
    def voices(self):
        """Fundamental frequencies of all voices of each frame: `Voices`."""
        return _pitch.find_voices(self.peaks)

    @once
    def contours(self):
        """Voices followed over time: `Contours`."""
        return _contours.follow(self.voices, self.peaks.frame_rate)

    @once
    def layers(self):
        """Number of voices of each frame of `peaks` (n_pitch_frames,)."""
        return _notes.count_layers(self.contours, len(self.peaks.count))

    @once
    def melody(self):
        """The point of `contours` that is melody in each frame of `peaks`; -1 for none."""
        return _notes.follow_melody(self.contours, len(self.peaks.count))

    @once
    def notes(self):
        """Notes of all voices: `Notes`."""
        return _notes.split_notes(self.contours, self.peaks.frame_rate)

    @once
    def melody_notes(self):
        """Notes of the melody: `Notes`."""
        return _notes.melody_notes(self.notes, self.melody)

    @once
    def vibrato(self):
        """Wavering pitch of the notes: `Wavering`, in cents."""
        response = _modulation.window_response(self.peaks.window, power=2)
        return _modulation.find_wavering(
            self.contours.cents, self.notes, self.peaks.frame_rate, _SMALLEST_VIBRATO, response
        )

    @once
    def tremolo(self):
        """Wavering level of the notes: `Wavering`, in dB."""
        level = 20 * np.log10(np.maximum(self.contours.magnitude, 1e-30))
        response = _modulation.window_response(self.peaks.window, power=1)
        return _modulation.find_wavering(
            level, self.notes, self.peaks.frame_rate, _SMALLEST_TREMOLO, response
        )

    @once
    def glides(self):
        """Glissandi of all voices: `Glides`."""
        return _modulation.find_glides(self.contours, self.peaks.frame_rate)

    @once
    def creak(self):
        """How creaky each frame (of `rms`) is: `Creak`."""
        return _creak.find_creak(self.waveform, self.sample_rate, self.n_frames, self.frame_rate)
