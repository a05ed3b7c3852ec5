"""How well classifiers tell that a clip is unlike their training music.

python benchmarks/familiarity.py
python benchmarks/familiarity.py --methods default --sounds 10

Trains on four fifths of 4QAED and asks for the familiarity of the last fifth and of foreign sounds:
speech (eSpeak reads the guides of this repository), noise of random colour, the synthesised clips
of this library, and solo piano (rendered random scores, see rendered_scores.py). Below 0.05 a clip
counts as unfamiliar. Prints the share of unfamiliar clips of each kind, mean of five
folds.

Needs 4QAED, the programs espeak-ng and fluidsynth with a sound font, pretty_midi, and the weights
of the taggers (``--methods default descriptors`` does not). ``default`` is how the ready model of
that name is made.
"""

import argparse
import subprocess
from pathlib import Path

import numpy as np
import pandas as pd
import platformdirs
import soundfile
from rendered_scores import random_score, render
from sklearn.base import clone
from sklearn.model_selection import StratifiedKFold

from sklearn_mer import EmotionFusion
from sklearn_mer.datasets import load_4qaed, make_quadrant_clips
from sklearn_mer.models import make_ready

GUIDES = Path(__file__).parents[1] / "docs" / "user_guide"
SECONDS, SAMPLE_RATE = 31, 16000
LIMIT = 0.05
METHODS = {
    "default": make_ready("default"),
    "descriptors": EmotionFusion(taggers=()),
    "fusion_audio": EmotionFusion(),
}


def main():
    """Measure, print the table and write it."""
    options = parse_options()
    sounds = {kind: make(options.sounds, options.audio / kind) for kind, make in SOUNDS.items()}
    data = load_4qaed(features=None)
    X, y = data.data["audio"].to_numpy(), np.asarray(data.target)
    rows = []
    for method in options.methods:
        for train, test in StratifiedKFold(5, shuffle=True, random_state=0).split(X, y):
            fusion = clone(METHODS[method]).set_params(n_jobs=options.jobs)
            fusion.fit(X[train], y[train])
            for kind, clips in {"4QAED, held out": X[test], **sounds}.items():
                familiarity = fusion.familiarity(clips)
                rows.append((method, kind, len(clips), 100 * np.mean(familiarity < LIMIT)))
    table = pd.DataFrame(rows, columns=["method", "sound", "clips", "unfamiliar_percent"])
    table = table.groupby(["method", "sound"], sort=False).mean().round(1).reset_index()
    print(table.to_string(index=False))
    if options.csv:
        table.to_csv(options.csv, index=False)


def speech(n, folder):
    """Return paths of spoken passages of the guides, in the voices of eSpeak."""
    texts = [path.read_text() for path in sorted(GUIDES.glob("*.rst"))]
    voices = [f"en+{kind}{i}" for kind in "mf" for i in (1, 2, 3, 4)]
    for i in range(n):
        path = _place(folder, i)
        if not path.exists():
            start = 200 * (i // len(texts))
            words = texts[i % len(texts)][start : start + 1500]
            rate = str(140 + 10 * (i % 5))
            command = ["espeak-ng", "-v", voices[i % len(voices)], "-s", rate, "-w", path, words]
            subprocess.run(command, check=True)
    return _paths(folder, n)


def noise(n, folder):
    """Return paths of noise whose power falls by 0 to 9 dB per octave."""
    for i in range(n):
        rng = np.random.default_rng(i)
        spectrum = np.fft.rfft(rng.normal(size=SECONDS * SAMPLE_RATE))
        spectrum /= np.arange(1, len(spectrum) + 1) ** rng.uniform(0, 1.5)
        _write(_place(folder, i), np.fft.irfft(spectrum), rng.uniform(0.1, 0.9))
    return _paths(folder, n)


def synthesised(n, folder):
    """Return paths of the synthesised clips of this library."""
    how = {"duration": SECONDS, "sample_rate": SAMPLE_RATE, "random_state": 0}
    clips, _ = make_quadrant_clips(n, **how, return_X_y=True)
    for i, clip in enumerate(clips):
        _write(_place(folder, i), clip, np.abs(clip).max())
    return _paths(folder, n)


def piano(n, folder):
    """Return paths of random scores for piano, two after each other in each file."""
    for i in range(n):
        path = _place(folder, i)
        if path.exists():
            continue
        parts = []
        for seed in (2 * i, 2 * i + 1):
            score = random_score(seed, drums=False)
            for part in score.midi.instruments:
                part.program = 0
            waveform, sample_rate = soundfile.read(render(score, folder / "parts"))
            parts.append(waveform)
        soundfile.write(path, np.concatenate(parts), sample_rate)
    return _paths(folder, n)


SOUNDS = {"speech": speech, "noise": noise, "synthesised": synthesised, "piano": piano}


def _place(folder, number):
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{number}.wav"


def _paths(folder, n):
    return np.array([str(_place(folder, i)) for i in range(n)], dtype=object)


def _write(path, waveform, peak):
    soundfile.write(path, peak * waveform / np.abs(waveform).max(), SAMPLE_RATE)


def parse_options():
    """Read the command line."""
    cache = Path(platformdirs.user_cache_dir("sklearn_mer")) / "foreign_sounds"
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--methods", nargs="+", choices=list(METHODS), default=list(METHODS))
    parser.add_argument("--sounds", type=int, default=20, help="of each kind")
    parser.add_argument("--audio", type=Path, default=cache, help="folder of the foreign sounds")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--csv", metavar="FILE", help="also write the table there")
    return parser.parse_args()


if __name__ == "__main__":
    main()
