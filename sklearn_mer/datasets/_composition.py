"""A few bars of music as lists of notes: chords, a melody over them, a bass and a drum pattern."""

from typing import NamedTuple

import numpy as np

#: Semitones above the tonic of the seven degrees of each mode.
SCALES = {"major": (0, 2, 4, 5, 7, 9, 11), "minor": (0, 2, 3, 5, 7, 8, 10)}

#: Degrees of the scale (0 is the tonic) on which the chords stand, two beats a chord.
PROGRESSIONS = {
    "major": ((0, 4, 5, 3), (0, 3, 4, 0), (0, 5, 3, 4)),
    "minor": ((0, 5, 2, 6), (0, 3, 4, 0), (0, 6, 5, 4)),
}

#: Three close keys only: a chroma average shows the mode where the tonic hardly moves.
TONICS = {"C": 0, "F": 5, "G": 7}

BEATS_A_CHORD = 2
LOWEST_BASS = 33
HIGHEST_NOTE = 96


class Note(NamedTuple):
    """One note: onset and length in seconds, MIDI pitch, amplitude."""

    onset: float
    length: float
    pitch: int
    velocity: float


class Score(NamedTuple):
    """The parts of a clip; ``drums`` holds (onset in seconds, "kick" | "snare" | "hat")."""

    chords: list
    melody: list
    bass: list
    drums: list


class Harmony:
    """The chords under a clip: which pitches belong to which beat."""

    def __init__(self, key, mode, rng):
        progressions = PROGRESSIONS[mode]
        self.tonic = TONICS[key]
        self.scale = SCALES[mode]
        self.progression = progressions[rng.integers(len(progressions))]
        # A clip is a cut from a piece: it may start on any chord.
        self.first = int(rng.integers(len(self.progression)))

    def root(self, beat):
        """Degree of the scale on which the chord of a beat stands."""
        return self.progression[(self.first + beat // BEATS_A_CHORD) % len(self.progression)]

    def pitch(self, degree, centre):
        """MIDI pitch of a degree in the octave around ``centre``."""
        pitch = self.tonic + self.scale[degree % 7]
        return min(pitch + 12 * round((centre - pitch) / 12), HIGHEST_NOTE)


def compose(parameters, duration, rng):
    """Write the score of one clip.

    Parameters
    ----------
    parameters : dict
        One row of the ``parameters`` table of `make_quadrant_clips`.
    duration : float
        Seconds to fill.
    rng : numpy.random.Generator
        Source of all choices.

    Returns
    -------
    Score
        Its first notes start within a tenth of a second, so that no clip is silent.
    """
    beat = 60 / parameters["tempo"]
    lead = rng.uniform(0, min(0.1, 0.2 * beat))
    onsets = lead + beat * np.arange(int(np.ceil(duration / beat)))
    harmony = Harmony(parameters["key"], parameters["mode"], rng)
    return Score(
        chords=_write_chords(harmony, onsets, beat, parameters, rng),
        melody=_write_melody(harmony, onsets, beat, parameters, rng),
        bass=_write_bass(harmony, onsets, beat, parameters, rng),
        drums=_write_drums(onsets, beat, parameters["percussion"]),
    )


def _write_chords(harmony, onsets, beat, parameters, rng):
    every = _beats_a_stroke(parameters, rng)
    length = every * beat * parameters["articulation"]
    centre = parameters["register"] - 10
    clash = 0.6 * parameters["roughness"]
    notes = []
    for i in range(0, len(onsets), every):
        triad = [harmony.pitch(harmony.root(i) + step, centre) for step in (0, 2, 4)]
        notes += [Note(onsets[i], length, pitch, 0.4) for pitch in triad]
        # A semitone against a chord note beats audibly: the dissonant half of roughness.
        notes.append(Note(onsets[i], length, triad[rng.integers(3)] + 1, 0.4 * clash))
    return notes


def _write_melody(harmony, onsets, beat, parameters, rng):
    notes = []
    for i, onset in enumerate(onsets):
        degree = harmony.root(i) + 2 * int(rng.integers(3))
        centre = parameters["register"] + rng.normal(0, 2.5)
        parts = 2 if rng.random() < parameters["density"] else 1
        length = beat / parts * parameters["articulation"]
        for part in range(parts):
            # Passing notes are neighbours of the chord note on the beat.
            pitch = harmony.pitch(degree + part * int(rng.choice((-1, 1))), centre)
            notes.append(Note(onset + part * beat / parts, length, pitch, rng.uniform(0.7, 1)))
    return notes


def _write_bass(harmony, onsets, beat, parameters, rng):
    every = _beats_a_stroke(parameters, rng)
    length = every * beat * parameters["articulation"]
    centre = max(parameters["register"] - 26, LOWEST_BASS + 6)
    return [
        Note(onsets[i], length, harmony.pitch(harmony.root(i), centre), 0.8)
        for i in range(0, len(onsets), every)
    ]


def _beats_a_stroke(parameters, rng):
    return 1 if rng.random() < parameters["density"] else BEATS_A_CHORD


def _write_drums(onsets, beat, level):
    if level < 0.2:
        return []
    strokes = [(onset, "snare" if i % 2 else "kick") for i, onset in enumerate(onsets)]
    strokes += [(onset, "hat") for onset in onsets]
    if level > 0.5:
        strokes += [(onset + beat / 2, "hat") for onset in onsets]
    return strokes
