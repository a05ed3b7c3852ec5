"""Scores with known notes, rendered by FluidSynth.

Three kinds: random scores of one to six voices with known tempo and mode, single lines with
vibrato or tremolo of a known rate, and excerpts of the corpus that music21 ships, played at a drawn
tempo by drawn instruments. All are determined by their seeds.

Needs FluidSynth and a General MIDI sound font (Debian: fluidsynth, fluid-soundfont-gm), and the
extra `truth`.
"""

import hashlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pretty_midi
import soundfile

SECONDS = 20.0
SAMPLE_RATE = 22050
SOUND_FONTS = ("/usr/share/sounds/sf2/FluidR3_GM.sf2", "/usr/share/sounds/sf2/TimGM6mb.sf2")
_SYNTHESISER = ("-ni", "-q", "-T", "wav", "-r", str(SAMPLE_RATE), "-g", "0.5", "-C", "0")
# Programs of General MIDI whose tones decay, and whose tones last.
PLUCKED = (0, 0, 0, 4, 6, 11, 24, 46)
HELD = (19, 21, 40, 41, 42, 48, 52, 56, 60, 65, 68, 71, 73, 80)
# Programs without vibrato and tremolo of their own.
STEADY = (16, 20, 22, 53, 56, 57, 58, 66, 71, 72, 74, 80, 81)
_SCALES = {"major": (0, 2, 4, 5, 7, 9, 11), "minor": (0, 2, 3, 5, 7, 8, 10)}
# Degrees of triads, from 0. The fifth degree of minor has a major third.
_CHORDS = {"major": (0, 3, 4, 5, 1), "minor": (0, 3, 4, 5, 2)}
_COMPOSERS = ("bach", "bach", "bach", "monteverdi", "ryansMammoth", "palestrina", "mozart")
_MEASURES = 40  # enough for the excerpt


class Score(NamedTuple):
    """A score and what is known of it; None is unknown."""

    name: str
    midi: pretty_midi.PrettyMIDI
    tempo: float | None = None  # beats per minute
    mode: str | None = None  # "major" or "minor"
    vibrato: float | None = None  # Hz
    tremolo: float | None = None  # Hz


def random_score(
    seed, *, tempo=None, mode=None, n_voices=None, density=None, velocity=None, drums=None
):
    """Return a tonal score in 4/4 with a steady tempo; what is not given is drawn.

    Parameters
    ----------
    seed : int
    tempo : float, from 50 to 200 beats per minute
    mode : {"major", "minor"}
    n_voices : int, from 1 to 6
    density : int, notes of the upper voice per beat: 1, 2 or 4, at most 12 per second if drawn
    velocity : int, loudness of the notes; drawn from 50 to 100
    drums : bool, whether a drum kit marks the beats; drawn with a probability of 0.3
    """
    rng = np.random.default_rng([seed, 1])
    drawn = {
        "tempo": round(float(rng.uniform(50, 200)), 2),
        "mode": str(rng.choice(list(_SCALES))),
        "n_voices": int(rng.integers(1, 7)),
        "velocity": int(rng.integers(50, 101)),
        "drums": bool(rng.random() < 0.3),
    }
    tempo, mode = tempo or drawn["tempo"], mode or drawn["mode"]
    n_voices, velocity = n_voices or drawn["n_voices"], velocity or drawn["velocity"]
    possible = [d for d in (1, 1, 2, 2, 4) if d * tempo / 60 <= 12]
    density = float(rng.choice(possible)) if density is None else density
    midi = pretty_midi.PrettyMIDI(initial_tempo=tempo)
    n_beats = int(np.ceil(SECONDS * tempo / 60))
    chords = _progression(rng, mode, n_beats // 4 + 1)
    top, gap = rng.uniform(52, 84), rng.uniform(4, 8)
    gate, one_program = rng.choice([0.5, 0.8, 0.98]), rng.random() < 0.5
    program = rng.choice(PLUCKED if rng.random() < 0.5 else HELD)
    for voice in range(n_voices):
        if not one_program:
            program = rng.choice(PLUCKED + HELD)
        part = pretty_midi.Instrument(int(program))
        unit = 1 / density if voice == 0 else rng.choice([1, 1, 2]) / density
        centre = max(34.0, top - gap * voice)
        for start, length in _rhythm(rng, unit, n_beats):
            pitch = _near(rng, chords[int(start // 4)], centre)
            accent = 12 * (start % 4 == 0) + 8 * (start % 1 == 0)
            end = (start + gate * length) * 60 / tempo
            part.notes.append(
                pretty_midi.Note(min(127, velocity + accent), pitch, start * 60 / tempo, end)
            )
        midi.instruments.append(part)
    if drums or (drums is None and drawn["drums"]):
        midi.instruments.append(_drums(n_beats, tempo, velocity))
    return Score(f"random {seed}", _excerpt(midi), tempo=tempo, mode=mode)


def expressive_score(seed):
    """Return a slow line of which half of the notes have vibrato, or tremolo, of a known rate."""
    rng = np.random.default_rng([seed, 2])
    rate, is_vibrato = round(float(rng.uniform(4.5, 7.5)), 2), bool(rng.random() < 0.5)
    part = pretty_midi.Instrument(int(rng.choice(STEADY)))
    scale, note_seconds = rng.integers(52, 70) + np.array(_SCALES["major"]), rng.uniform(0.9, 1.8)
    extent = rng.uniform(25, 80) if is_vibrato else rng.uniform(1.5, 5)  # cents, dB
    for index, start in enumerate(np.arange(0, SECONDS, note_seconds)):
        end = start + 0.95 * note_seconds
        part.notes.append(pretty_midi.Note(90, int(rng.choice(scale)), start, end))
        times = np.arange(start, end, 0.01)
        wave = extent * np.sin(2 * np.pi * rate * (times - start)) * (index % 2)
        for time, value in zip(times, wave, strict=True):
            if is_vibrato:  # the range of a bend is two semitones
                part.pitch_bends.append(pretty_midi.PitchBend(round(8191 * value / 200), time))
            else:  # expression x has a level of 40 log10(x / 127) dB
                x = round(127 * 10 ** ((value - extent) / 40))
                part.control_changes.append(pretty_midi.ControlChange(11, x, time))
    midi = pretty_midi.PrettyMIDI()
    midi.instruments.append(part)
    known = {"vibrato" if is_vibrato else "tremolo": rate}
    return Score(f"expressive {seed}", _excerpt(midi), **known)


def corpus_score(seed):
    """Return an excerpt of a piece of music21's corpus, at a tempo of 50 to 200 BPM."""
    import music21  # slow to import

    rng = np.random.default_rng([seed, 3])
    while True:
        composer = str(rng.choice(_COMPOSERS))
        paths = sorted(path for path in music21.corpus.getCorePaths() if composer in path.parts)
        path = paths[rng.integers(len(paths))]
        piece = music21.corpus.parse(path).measures(0, _MEASURES)
        metres = {t.ratioString: t for t in piece.recurse().getElementsByClass("TimeSignature")}
        if len(metres) == 1 and piece.duration.quarterLength >= 16:
            break  # else the beat changes, or the piece is too short
    (metre,) = metres.values()
    tempo = round(float(rng.uniform(50, 200)), 2)
    second = 60 / tempo / metre.beatDuration.quarterLength  # of a quarter
    midi = pretty_midi.PrettyMIDI(initial_tempo=tempo)
    programs = rng.choice(PLUCKED + HELD, len(piece.parts))
    is_one = rng.random() < 0.5
    for part, program in zip(piece.parts, programs, strict=True):
        instrument = pretty_midi.Instrument(int(programs[0] if is_one else program))
        for note in part.stripTies().flatten().notes:
            start, length = float(note.offset) * second, float(note.quarterLength) * second
            if length:  # else a grace note
                instrument.notes += [
                    pretty_midi.Note(80, pitch.midi, start, start + length)
                    for pitch in note.pitches
                ]
        midi.instruments.append(instrument)
    mode = piece.analyze("key").mode
    return Score(f"{composer} {path.stem} {seed}", _excerpt(midi), tempo=tempo, mode=mode)


def render(score, folder):
    """Return the path of the mono file of a score (FLAC), which is rendered if it is missing."""
    font = find_sound_font()
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        midi, wav = Path(temporary) / "score.mid", Path(temporary) / "score.wav"
        score.midi.write(str(midi))
        key = [midi.read_bytes(), font.name.encode(), repr((_SYNTHESISER, SECONDS)).encode()]
        path = folder / f"{hashlib.sha256(b''.join(key)).hexdigest()[:24]}.flac"
        if path.exists():
            return path
        command = ["fluidsynth", *_SYNTHESISER, "-F", str(wav), str(font), str(midi)]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode or not wav.exists():
            raise RuntimeError(f"FluidSynth failed for {score.name}: {done.stderr.strip()[-500:]}")
        waveform = soundfile.read(wav, always_2d=True)[0].mean(axis=1)
    waveform = waveform[: int(SECONDS * SAMPLE_RATE)]
    unfinished = path.with_suffix(f".{os.getpid()}.part")
    soundfile.write(unfinished, waveform / np.abs(waveform).max(), SAMPLE_RATE, format="FLAC")
    unfinished.replace(path)
    return path


def find_sound_font():
    """Return the path of the sound font: the variable SOUND_FONT, or one of Debian's."""
    if shutil.which("fluidsynth") is None:
        raise RuntimeError(
            "The program fluidsynth is missing; install it, on Debian with: apt-get install "
            "fluidsynth fluid-soundfont-gm"
        )
    if given := os.environ.get("SOUND_FONT"):
        if not Path(given).is_file():
            raise RuntimeError(f"SOUND_FONT={given} is not a file; give the path of an SF2 file.")
        return Path(given)
    found = [Path(font) for font in SOUND_FONTS if Path(font).is_file()]
    if not found:
        raise RuntimeError(
            f"None of {list(SOUND_FONTS)} exists; apt-get install fluid-soundfont-gm, or set the "
            "variable SOUND_FONT to the path of an SF2 file."
        )
    return found[0]


def _progression(rng, mode, n_bars):
    """Return the pitch classes of the chord of each bar."""
    scale, tonic = np.array(_SCALES[mode]), rng.integers(12)
    degrees = [0, *rng.choice(_CHORDS[mode], n_bars - 1, p=(0.35, 0.2, 0.25, 0.1, 0.1))]
    chords = [scale[(degree + np.array([0, 2, 4])) % 7] for degree in degrees]
    dominant = (7, 11, 2)
    return [
        (np.array(dominant if d == 4 else c) + tonic) % 12
        for d, c in zip(degrees, chords, strict=True)
    ]


def _rhythm(rng, unit, n_beats):
    """Yield start and length of notes in beats: mostly one unit, also two, and rests."""
    start = 0.0
    while start < n_beats:
        length = unit * rng.choice([1, 1, 1, 2])
        if rng.random() > 0.1:
            yield start, length
        start += length


def _near(rng, classes, centre):
    """Return a pitch of a chord within about a fifth of the centre."""
    wanted = centre + rng.normal(0, 3.5)
    pitches = np.arange(28, 97)
    pitches = pitches[np.isin(pitches % 12, classes)]
    return int(pitches[np.abs(pitches - wanted).argmin()])


def _drums(n_beats, tempo, velocity):
    part = pretty_midi.Instrument(0, is_drum=True)
    for half in range(2 * n_beats):
        hits = [42] + [36 if half % 4 == 0 else 38] * (half % 2 == 0)
        time = half * 30 / tempo
        part.notes += [pretty_midi.Note(velocity, hit, time, time + 0.1) for hit in hits]
    return part


def _excerpt(midi):
    """Return the score without what is after its first seconds."""
    for part in midi.instruments:
        part.notes = [note for note in part.notes if note.start < SECONDS - 0.05]
        for note in part.notes:
            note.end = min(note.end, SECONDS)
    midi.instruments = [part for part in midi.instruments if part.notes]
    return midi
