"""Composition of synthetic clips: chords, melody, bass and drums as lists of notes."""

from typing import NamedTuple

import numpy as np

#: Semitones above the tonic of the seven degrees of each mode.
SCALES = {"major": (0, 2, 4, 5, 7, 9, 11), "minor": (0, 2, 3, 5, 7, 8, 10)}

#: Degrees of the scale (0 is the tonic) of the chord roots, two beats per chord.
PROGRESSIONS = {
    "major": ((0, 4, 5, 3), (0, 3, 4, 0), (0, 5, 3, 4)),
    "minor": ((0, 5, 2, 6), (0, 3, 4, 0), (0, 6, 5, 4)),
}

#: Three related keys, so that the mode can be learned from the average chroma.
TONICS = {"C": 0, "F": 5, "G": 7}

BEATS_PER_CHORD = 2
LOWEST_BASS = 33
HIGHEST_NOTE = 96


class Note(NamedTuple):
    """A note: onset and length in seconds, MIDI pitch, amplitude."""

    onset: float
    length: float
    pitch: int
    velocity: float


class Score(NamedTuple):
    """Parts of a clip; ``drums`` has pairs of an onset in seconds and "kick", "snare" or "hat"."""

    chords: list
    melody: list
    bass: list
    drums: list


class Harmony:
    """Chords of a clip, by beat."""

    def __init__(self, key, mode, rng):
        progressions = PROGRESSIONS[mode]
        self.tonic = TONICS[key]
        self.scale = SCALES[mode]
        self.progression = progressions[rng.integers(len(progressions))]
        # A clip can start on any chord, like an excerpt of a song.
        self.first = int(rng.integers(len(self.progression)))

    def root(self, beat):
        """Return the degree of the scale of the chord root on a beat."""
        return self.progression[(self.first + beat // BEATS_PER_CHORD) % len(self.progression)]

    def pitch(self, degree, centre):
        """Return the MIDI pitch of a degree in the octave around ``centre``."""
        pitch = self.tonic + self.scale[degree % 7]
        return min(pitch + 12 * round((centre - pitch) / 12), HIGHEST_NOTE)


def compose(parameters, duration, rng):
    """Compose the score of a clip.

    Parameters
    ----------
    parameters : dict
        Row of the table ``parameters`` of `make_quadrant_clips`.
    duration : float
        Duration of the clip in seconds.
    rng : numpy.random.Generator
        Source of the random draws.

    Returns
    -------
    Score
        The first notes start within 0.1 s, so that no clip is silent.
    """
    beat = 60 / parameters["tempo"]
    lead = rng.uniform(0, min(0.1, 0.2 * beat))
    onsets = lead + beat * np.arange(int(np.ceil(duration / beat)))
    harmony = Harmony(parameters["key"], parameters["mode"], rng)
    return Score(
        chords=_compose_chords(harmony, onsets, beat, parameters, rng),
        melody=_compose_melody(harmony, onsets, beat, parameters, rng),
        bass=_compose_bass(harmony, onsets, beat, parameters, rng),
        drums=_compose_drums(onsets, beat, parameters["percussion"]),
    )


def _compose_chords(harmony, onsets, beat, parameters, rng):
    every = _beats_per_note(parameters, rng)
    length = every * beat * parameters["articulation"]
    centre = parameters["register"] - 10
    clash = 0.6 * parameters["roughness"]
    notes = []
    for i in range(0, len(onsets), every):
        triad = [harmony.pitch(harmony.root(i) + step, centre) for step in (0, 2, 4)]
        notes += [Note(onsets[i], length, pitch, 0.4) for pitch in triad]
        # A note one semitone above a chord note sounds dissonant, a part of roughness.
        notes.append(Note(onsets[i], length, triad[rng.integers(3)] + 1, 0.4 * clash))
    return notes


def _compose_melody(harmony, onsets, beat, parameters, rng):
    notes = []
    for i, onset in enumerate(onsets):
        degree = harmony.root(i) + 2 * int(rng.integers(3))
        centre = parameters["register"] + rng.normal(0, 2.5)
        parts = 2 if rng.random() < parameters["density"] else 1
        length = beat / parts * parameters["articulation"]
        for part in range(parts):
            # The second note is one step from the chord note.
            pitch = harmony.pitch(degree + part * int(rng.choice((-1, 1))), centre)
            notes.append(Note(onset + part * beat / parts, length, pitch, rng.uniform(0.7, 1)))
    return notes


def _compose_bass(harmony, onsets, beat, parameters, rng):
    every = _beats_per_note(parameters, rng)
    length = every * beat * parameters["articulation"]
    centre = max(parameters["register"] - 26, LOWEST_BASS + 6)
    return [
        Note(onsets[i], length, harmony.pitch(harmony.root(i), centre), 0.8)
        for i in range(0, len(onsets), every)
    ]


def _beats_per_note(parameters, rng):
    return 1 if rng.random() < parameters["density"] else BEATS_PER_CHORD


def _compose_drums(onsets, beat, level):
    if level < 0.2:
        return []
    strokes = [(onset, "snare" if i % 2 else "kick") for i, onset in enumerate(onsets)]
    strokes += [(onset, "hat") for onset in onsets]
    if level > 0.5:
        strokes += [(onset + beat / 2, "hat") for onset in onsets]
    return strokes
