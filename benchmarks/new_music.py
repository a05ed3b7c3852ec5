"""Classifiers trained on 4QAED on another collection, before and after they are adapted to it.

python benchmarks/new_music.py
python benchmarks/new_music.py --scores 10 --methods svm

The collections are rendered random scores whose quadrants are known by construction: fast and major
is Q1, fast and minor Q2, slow and minor Q3, slow and major Q4. One is played by a piano, the other
by the instruments that `rendered_scores` draws. Each classifier is fitted on all clips of 4QAED and
predicts a collection as it is, adapted to 20 of its clips (mean of ten draws) and adapted to all.
A third part has the slow scores alone: a collection that `adapt` is not for. The AUC of arousal and
valence is that of the summed probabilities of two quadrants.

Needs 4QAED, the weights of the taggers (``--methods svm`` does not), FluidSynth with a sound font
and pretty_midi; see rendered_scores.py.
"""

import argparse
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import platformdirs
from joblib import Parallel, delayed
from rendered_scores import find_sound_font, random_score, render
from sklearn.metrics import roc_auc_score

from sklearn_mer import EmotionFeatures, EmotionFusion, SVMBaseline
from sklearn_mer.datasets import load_4qaed

QUADRANTS = {
    "Q1": ("fast", "major"),
    "Q2": ("fast", "minor"),
    "Q3": ("slow", "minor"),
    "Q4": ("slow", "major"),
}
TEMPI = {"fast": (140, 180), "slow": (50, 70)}  # beats per minute, two notes each
COLLECTIONS = {"piano": 0, "mixed": 100_000}  # first seeds
N_FEW, N_DRAWS = 20, 10


def main():
    """Measure, print the table and write it."""
    options = parse_options()
    find_sound_font()  # fails before the work if it is missing
    warnings.simplefilter("ignore")  # also the one that tells of these collections
    data = load_4qaed(features=None)
    classifiers = {
        "svm": SVMBaseline(features=EmotionFeatures(n_jobs=options.jobs, verbose=1)),
        "fusion_audio": EmotionFusion(n_jobs=options.jobs, verbose=1),
    }
    rows = []
    collections = {
        name: collection(name, options.scores, options.audio, options.jobs) for name in COLLECTIONS
    }
    for key in options.methods:
        fitted = classifiers[key].fit(data.data["audio"], data.target)
        for name, (paths, labels) in collections.items():
            rows += [(key, name, *row) for row in compare(fitted, paths, labels)]
            slow = np.isin(labels, ["Q3", "Q4"])
            parts = compare(fitted, paths[slow], labels[slow], few=False)
            rows += [(key, f"{name}, slow alone", *row) for row in parts]
    table = pd.DataFrame(rows, columns=COLUMNS).round(3)
    print(table.to_string(index=False))
    if options.csv:
        table.to_csv(options.csv, index=False)


COLUMNS = ["method", "collection", "n_clips", "n_adapted"]
COLUMNS += ["accuracy", "largest_share", "arousal_auc", "valence_auc"]


def parse_options():
    """Read the command line."""
    cache = Path(platformdirs.user_cache_dir("sklearn_mer")) / "rendered_scores"
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    known = ["svm", "fusion_audio"]
    parser.add_argument("--methods", nargs="+", choices=known, default=known)
    parser.add_argument("--scores", type=int, default=20, help="per quadrant and collection")
    parser.add_argument("--audio", type=Path, default=cache, help="folder of the rendered audio")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--csv", metavar="FILE", help="also write the table there")
    return parser.parse_args()


def collection(name, n_scores, folder, n_jobs):
    """Return the paths and the quadrants of a collection."""
    labels = np.tile(list(QUADRANTS), n_scores)
    tasks = [
        delayed(_rendered)(name, COLLECTIONS[name] + i, quadrant, folder)
        for i, quadrant in enumerate(labels)
    ]
    return np.array(Parallel(n_jobs=n_jobs, verbose=1)(tasks), dtype=object), labels


def _rendered(name, seed, quadrant, folder):
    speed, mode = QUADRANTS[quadrant]
    tempo = np.random.default_rng([seed, 9]).uniform(*TEMPI[speed])
    score = random_score(seed, tempo=float(tempo), mode=mode, density=2, drums=False)
    if name == "piano":
        for part in score.midi.instruments:
            part.program = 0
    return str(render(score, folder))


def compare(fitted, paths, labels, few=True):
    """Yield numbers of clips, of clips adapted to, and the figures of each way to predict."""
    yield len(paths), 0, *figures(fitted, paths, labels)
    rng = np.random.default_rng(0)
    draws = [rng.choice(paths, N_FEW, replace=False) for _ in range(N_DRAWS if few else 0)]
    if draws:
        found = [figures(fitted.adapt(drawn), paths, labels) for drawn in draws]
        yield len(paths), N_FEW, *np.mean(found, axis=0)
    yield len(paths), len(paths), *figures(fitted.adapt(paths), paths, labels)


def figures(classifier, paths, labels):
    """Return accuracy, share of the most frequent answer, and AUC of arousal and valence."""
    predicted, probabilities = classifier.predict(paths), classifier.predict_proba(paths)
    share = pd.Series(predicted).value_counts(normalize=True).max()
    of = dict(zip(classifier.classes_, probabilities.T, strict=True))
    arousal = auc(np.isin(labels, ["Q1", "Q2"]), of["Q1"] + of["Q2"])
    valence = auc(np.isin(labels, ["Q1", "Q4"]), of["Q1"] + of["Q4"])
    return np.mean(predicted == labels), share, arousal, valence


def auc(true, values):
    """Return the area under the curve, NaN where all are of one kind."""
    return roc_auc_score(true, values) if len(set(true)) == 2 else np.nan


if __name__ == "__main__":
    main()
