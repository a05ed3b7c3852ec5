"""Synthesised clips with a known emotion quadrant."""

from numbers import Integral, Real
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import soundfile
from sklearn.utils import Bunch, check_random_state, check_scalar

from .._docs import share_docs
from ._composition import TONICS, compose
from ._options import checks_options
from ._synthesis import draw_timbre, synthesise

DESCR = """\
Synthesised quadrant clips
==========================

Music-like clips made by `sklearn_mer.datasets.make_quadrant_clips`: chords, melody, bass and
drums from an additive synthesiser. They contain no recordings, need no licence and no citation.

Quadrants (Russell): Q1 valence +, arousal +; Q2 -, +; Q3 -, -; Q4 +, -. Tempo, mode, loudness,
register, articulation, density, roughness, brightness and percussion are drawn from
distributions that overlap between quadrants.

Difficulty with the default settings as macro F1 of five folds (chance is .25): an RBF-SVM on a
summary of librosa descriptors reaches .82 with 100 clips, .85 with 200 and .87 with 1000. The
best cue alone reaches .57, all cues together .92. These figures do not apply to real music.
"""

#: Signs of valence and arousal of each quadrant, after Russell.
QUADRANTS = {"Q1": (1, 1), "Q2": (-1, 1), "Q3": (-1, -1), "Q4": (1, -1)}
TARGET_NAMES = sorted(QUADRANTS)

SHORTEST = 0.5
LOWEST_RATE = 8000
# More is most likely a typing error.
MOST_GIBIBYTES = 16
#: Without ``n_artists``, each block of 20 clips has four artists.
CLIPS_PER_BLOCK, ARTISTS_PER_BLOCK = 20, 4

#: Standard deviation of valence and arousal around +1 or -1. At 0.4, one in 80 clips is outside its
#: quadrant.
POSITION_SPREAD = 0.4


class Cue(NamedTuple):
    """A musical cue: a linear function of valence and arousal with normal noise, clipped."""

    mean: float
    valence: float
    arousal: float
    spread: float
    low: float
    high: float

    def draw(self, valence, arousal, overlap, rng):
        """Draw the cue of a clip with given valence and arousal."""
        noise = overlap * self.spread * rng.standard_normal()
        value = self.mean + self.valence * valence + self.arousal * arousal + noise
        return float(np.clip(value, self.low, self.high))


CUES = {
    "tempo": Cue(105, 6, 20, 14, 55, 180),
    "loudness": Cue(-9, 0, 3.5, 2.5, -24, -1),
    "register": Cue(70, 3.5, 1.5, 2.8, 58, 84),
    "articulation": Cue(0.6, 0, -0.15, 0.1, 0.2, 1),
    "density": Cue(0.45, 0.05, 0.15, 0.14, 0, 1),
    "roughness": Cue(0.35, -0.15, 0.1, 0.13, 0, 1),
    "brightness": Cue(0.5, 0.1, 0.15, 0.14, 0, 1),
    "percussion": Cue(0.4, 0, 0.25, 0.18, 0, 1),
}
#: Weight of valence in the log odds of the major mode.
MODE_WEIGHT = 3.0

#: Streams of random numbers, seeded by (seed, stream, index).
LABELS, GROUPS, TIMBRES, CLIPS = range(4)


@checks_options()
@share_docs
def make_quadrant_clips(
    n_clips=100,
    *,
    duration=3.0,
    sample_rate=16000,
    n_artists=None,
    overlap=1.0,
    random_state=None,
    return_X_y=False,
):
    """Synthesise music-like clips whose musical cues depend on the emotion quadrant.

    Each clip has chords in a key, a melody, a bass and, with high arousal, drums. Its tempo, mode,
    loudness, register, articulation, density, roughness, brightness and percussion are drawn from
    distributions that depend on its quadrant and overlap, so that no single cue separates the
    quadrants. Nothing is downloaded, and no files are written.

    Parameters
    ----------
    n_clips : int, default=100
        Number of clips, at least 4.
    duration : float, default=3.0
        Duration of each clip in seconds, at least 0.5 (for two notes).
    sample_rate : int, default=16000
        Sample rate in Hz, at least 8000 (for the frequencies of the melody).
    n_artists : int, default=None
        Number of synthetic artists, from 1 to `n_clips`, with about the same number of clips each.
        If None, one artist per five clips.
    overlap : float, default=1.0
        Factor of the spread of all distributions. The larger it is, the harder the data set. With
        0, all clips of a quadrant have the same cues (but not the same notes and timbre).
    random_state : int, RandomState instance or None, default=None
        Controls all random draws. Pass an int for the same clips in every call. None does not use
        the global generator of numpy.
    return_X_y : bool, default=False
        {return_X_y}

    Returns
    -------
    bunch : sklearn.utils.Bunch
        With these entries:

        - ``data``: ndarray of shape (n_clips, n_samples), float32 waveforms in [-1, 1], where
          n_samples is ``round(duration * sample_rate)``;
        - ``target``: ndarray of shape (n_clips,), "Q1" to "Q4", as balanced as `n_clips`
          allows, shuffled;
        - ``groups``: ndarray of shape (n_clips,), names of the artists; clips of the same artist
          share a timbre;
        - ``target_names``: list of the four quadrants;
        - ``sample_rate``: int, sample rate in Hz;
        - ``parameters``: DataFrame with one row per clip and the drawn values: ``valence`` and
          ``arousal`` (the centres of the quadrants are at +1 and -1), ``mode``, ``key``, ``tempo``
          (beats per minute), ``loudness`` (peak in dB relative to full scale), ``register``
          (central MIDI pitch of the melody), ``articulation`` (relative length of the notes),
          ``density`` (probability of two notes per beat), ``roughness``, ``brightness`` and
          ``percussion`` (from 0 to 1);
        - ``frame``: None, since waveforms are not a table;
        - ``DESCR``: str, description and difficulty.

    (data, target) : tuple if ``return_X_y=True``
        Waveforms and quadrants.

    Raises
    ------
    TypeError, ValueError
        If a parameter has an invalid type or value.

    See Also
    --------
    make_quadrant_folder : Write such clips as files.
    load_4qaed : Load real clips of the four quadrants.

    Notes
    -----
    The quadrants are those of Russell [1]_: Q1 happy (valence +, arousal +), Q2 angry
    (-, +), Q3 sad (-, -), Q4 serene (+, -). The directions of the cues agree with studies of
    musical expression [2]_.

    A clip depends only on the seed, its number, its quadrant, its artist and the parameters. With
    ``n_artists=None``, the first clips do not change with `n_clips`.

    Since methods normalise the peak of each clip, louder clips are also compressed more. The only
    tonics are C, F and G, so that a few hundred clips suffice to learn the mode.

    The following table shows the difficulty with the default settings: macro F1 of five stratified
    folds, mean (minimum to maximum) over the seeds 0 to 4; chance is .25. The first two rows are a
    scaled RBF-SVM (C=5) on the means and standard deviations of librosa descriptors of the
    peak-normalised clips; the last two are the same SVM on the columns of ``parameters``.

    =================================  ================  ================  ================
    input                              100 clips         200 clips         1000 clips
    =================================  ================  ================  ================
    audio summary                      .82 (.78 to .86)  .85 (.82 to .87)  .87 (.87 to .88)
    audio summary, unseen artists      .81 (.76 to .84)  .84 (.82 to .86)  .87 (.85 to .88)
    all drawn cues                     .92 (.90 to .95)  .92 (.90 to .93)  .93 (.92 to .93)
    roughness alone (the best cue)     .55 (.48 to .64)  .56 (.52 to .60)  .57 (.53 to .59)
    =================================  ================  ================  ================

    ``python benchmarks/synthetic_difficulty.py --clips 100 200 1000`` prints these figures. A clip
    of 3 s takes about 6 ms on one CPU core, a clip of 30 s about 45 ms.

    References
    ----------
    .. [1] J. A. Russell, "A circumplex model of affect", Journal of Personality and Social
       Psychology 39(6), 1980.
    .. [2] P. N. Juslin and P. Laukka, "Expression, perception, and induction of musical
       emotions", Journal of New Music Research 33(3), 2004.

    Examples
    --------
    >>> from sklearn_mer.datasets import make_quadrant_clips
    >>> clips = make_quadrant_clips(8, duration=1.0, random_state=0)
    >>> clips.data.shape, clips.data.dtype
    ((8, 16000), dtype('float32'))
    >>> sorted(clips.target.tolist())
    ['Q1', 'Q1', 'Q2', 'Q2', 'Q3', 'Q3', 'Q4', 'Q4']
    """
    _check_number("n_clips", n_clips, Integral, len(QUADRANTS))
    _check_number("duration", duration, Real, SHORTEST)
    _check_number("sample_rate", sample_rate, Integral, LOWEST_RATE)
    _check_number("overlap", overlap, Real, 0)
    if n_artists is not None:
        _check_number("n_artists", n_artists, Integral, 1, n_clips)
    gibibytes = 4.0 * n_clips * duration * sample_rate / 2**30
    if gibibytes > MOST_GIBIBYTES:
        raise ValueError(
            f"{n_clips} clips of {duration} s at {sample_rate} Hz would take {gibibytes:.3g} GiB "
            f"of memory; at most {MOST_GIBIBYTES} are accepted. Ask for fewer or shorter clips, or "
            "a lower sample rate."
        )
    seed = _draw_seed(random_state)
    target = _assign_quadrants(n_clips, _stream(seed, LABELS))
    artists = _assign_artists(n_clips, n_artists, _stream(seed, GROUPS))
    data = np.empty((n_clips, round(duration * sample_rate)), dtype=np.float32)
    rows = []
    for i, (quadrant, artist) in enumerate(zip(target, artists, strict=True)):
        rng = _stream(seed, CLIPS, i)
        rows.append(_draw_parameters(quadrant, overlap, rng))
        timbre = draw_timbre(_stream(seed, TIMBRES, artist))
        score = compose(rows[-1], duration, rng)
        data[i] = synthesise(score, rows[-1], timbre, data.shape[1], sample_rate, rng)
    if return_X_y:
        return data, target
    return Bunch(
        data=data,
        target=target,
        groups=np.array([f"artist {artist:03d}" for artist in artists], dtype=object),
        frame=None,
        target_names=list(TARGET_NAMES),
        sample_rate=sample_rate,
        parameters=pd.DataFrame(rows),
        DESCR=DESCR,
    )


def make_quadrant_folder(folder, n_clips=24, *, random_state=None):
    """Write synthesised clips as files, one sub-folder per quadrant: a folder to try things on.

    The clips are those of `make_quadrant_clips`, of 3 s at 16 kHz, as wav files of 16 bits.

    Parameters
    ----------
    folder : str or path-like
        Where to write them, such as ``music/Q1/00.wav``. It is created.
    n_clips : int, default=24
        Number of clips, at least 4.
    random_state : int, RandomState instance or None, default=None
        Controls all random draws. Pass an int for the same clips in every call.

    Returns
    -------
    folder : pathlib.Path
        The folder.

    Raises
    ------
    FileExistsError
        If there are other files in the folder: your own music and these clips would be mixed up.
        The same files are written again.

    See Also
    --------
    load_folder : Load the clips.

    Examples
    --------
    >>> import tempfile
    >>> from sklearn_mer.datasets import load_folder, make_quadrant_folder
    >>> with tempfile.TemporaryDirectory() as empty:
    ...     folder = make_quadrant_folder(f"{empty}/music", 8, random_state=0)
    ...     load_folder(folder).target.tolist()
    ['Q1', 'Q1', 'Q2', 'Q2', 'Q3', 'Q3', 'Q4', 'Q4']
    """
    folder = Path(folder)
    clips = make_quadrant_clips(n_clips, random_state=random_state)
    names = [f"{quadrant}/{number:02d}.wav" for number, quadrant in enumerate(clips.target)]
    foreign = {path for path in folder.rglob("*") if not path.is_dir()}
    foreign -= {folder / name for name in names}
    if foreign:
        raise FileExistsError(
            f"{folder} contains other files, such as {min(foreign)}; nothing was written. Name a "
            "folder that is new or empty."
        )
    for name, waveform in zip(names, clips.data, strict=True):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        soundfile.write(folder / name, waveform, clips.sample_rate)
    return folder


def _check_number(name, value, kind, smallest, largest=None):
    check_scalar(value, name, kind, min_val=smallest, max_val=largest)
    # NaN passes the bounds, since comparisons with it are false.
    if not np.isfinite(value):
        raise ValueError(f"{name} == {value}, must be a finite number >= {smallest}.")


def _draw_seed(random_state):
    # None must not change the global generator of numpy.
    source = np.random.RandomState() if random_state is None else random_state
    return int(check_random_state(source).randint(2**31))


def _stream(seed, stream, index=0):
    return np.random.default_rng([seed, stream, index])


def _shuffled_cycles(n, n_values, rng):
    # Balanced for any n, and the first values do not depend on n.
    cycles = [rng.permutation(n_values) for _ in range(-(-n // n_values))]
    return np.concatenate(cycles)[:n]


def _assign_quadrants(n_clips, rng):
    return np.array(TARGET_NAMES)[_shuffled_cycles(n_clips, len(TARGET_NAMES), rng)]


def _assign_artists(n_clips, n_artists, rng):
    if n_artists is not None:
        return _shuffled_cycles(n_clips, n_artists, rng)
    block = np.arange(n_clips) // CLIPS_PER_BLOCK
    return ARTISTS_PER_BLOCK * block + _shuffled_cycles(n_clips, ARTISTS_PER_BLOCK, rng)


def _draw_parameters(quadrant, overlap, rng):
    valence, arousal = QUADRANTS[quadrant] + overlap * POSITION_SPREAD * rng.standard_normal(2)
    mode_odds = MODE_WEIGHT * valence + overlap * rng.logistic()
    parameters = {
        "valence": valence,
        "arousal": arousal,
        "mode": "major" if mode_odds > 0 else "minor",
        "key": str(rng.choice(list(TONICS))),
    }
    parameters |= {name: cue.draw(valence, arousal, overlap, rng) for name, cue in CUES.items()}
    return parameters
