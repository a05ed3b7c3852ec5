"""What short clips cost: methods trained on 30 s, tested on clips that are cut.

python benchmarks/short_clips.py --methods svm artist_cnn --folds 10
python benchmarks/short_clips.py --methods cnn --folds 2 --epochs 8 --ways cut silence

Fits each method on the training clips of the folds of `RepeatedStratifiedKFold(n_splits=10,
random_state=1)`, as they are, and predicts the test clips cut to their first seconds: as they are
(`cut`), followed by silence up to 30 s (`silence`), or repeated up to 30 s (`repeated`). `own` is
the same method trained on clips cut to that length, with `duration` set to it. Prints accuracy and
macro F1 in percent, mean and standard deviation over the folds. `svm` computes its descriptors from
the audio. Needs 4QAED.
"""

import argparse
import tempfile
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import soundfile
from sklearn.metrics import accuracy_score, f1_score
from sklearn.model_selection import RepeatedStratifiedKFold

from sklearn_mer import AudioLoader
from sklearn_mer.datasets import load_4qaed
from sklearn_mer.methods import available_methods, make_method

RATE = 22050
WHOLE = 30


def main():
    """Print a table, which grows fold by fold in the file of the option ``--out``."""
    options = parse_options()
    clips = load_4qaed(features=None)
    paths, labels = clips.data["audio"].to_numpy(), clips.target.to_numpy()
    folds = list(
        RepeatedStratifiedKFold(n_splits=10, n_repeats=1, random_state=1).split(paths, labels)
    )
    rows = []
    warnings.simplefilter("ignore")
    for number, (train, test) in enumerate(folds[: options.folds]):
        for result in of_fold(options, paths, labels, train, test):
            rows.append((number, *result))
            pd.DataFrame(rows, columns=COLUMNS).to_csv(options.out, index=False)
    print_table(pd.DataFrame(rows, columns=COLUMNS))


def of_fold(options, paths, labels, train, test):
    """Yield method, way, seconds, accuracy and macro F1."""
    with tempfile.TemporaryDirectory() as folder:
        files = {("cut", WHOLE): paths[test]}
        for way in options.ways:
            for seconds in options.seconds if way != "own" else ():
                files[way, seconds] = written(
                    paths[test], Path(folder, f"{way}{seconds}"), seconds, way
                )
        for key in options.methods:
            fitted = build(key, options.epochs).fit(paths[train], labels[train])
            for what, altered in files.items():
                yield key, *what, *scores(fitted, altered, labels[test])
            for seconds in options.seconds if "own" in options.ways else ():
                fitted = build(key, options.epochs, duration=float(seconds))
                fitted.fit(paths[train], labels[train])
                yield key, "own", seconds, *scores(fitted, paths[test], labels[test])


COLUMNS = ("fold", "method", "way", "seconds", "accuracy", "macro_f1")


def build(key, epochs, **others):
    """Return a method with a fixed seed."""
    method = make_method(key, **others)
    known = method.get_params()
    if "random_state" in known:
        method.set_params(random_state=0)
    if epochs and "max_epochs" in known:
        method.set_params(max_epochs=epochs)
    return method


def written(paths, folder, seconds, way):
    """Write the first seconds of clips to files, and return their paths."""
    folder.mkdir()
    loader = AudioLoader(sample_rate=RATE, duration=float(seconds))
    files = []
    for number, samples in enumerate(loader.fit_transform([path])[0] for path in paths):
        if way == "silence":
            samples = np.pad(samples, (0, WHOLE * RATE - len(samples)))
        elif way == "repeated":
            samples = np.resize(samples, WHOLE * RATE)
        files.append(str(folder / f"{number}.wav"))
        soundfile.write(files[-1], samples, RATE)
    return np.array(files, dtype=object)


def scores(fitted, files, labels):
    """Return accuracy and macro F1 in percent."""
    predicted = fitted.predict(files)
    f1 = f1_score(labels, predicted, average="macro")
    return 100 * accuracy_score(labels, predicted), 100 * f1


def print_table(rows):
    """Print mean and standard deviation over folds."""
    groups = rows.groupby(["method", "way", "seconds"])[["accuracy", "macro_f1"]]
    mean, std = groups.mean(), groups.std(ddof=0)
    print((mean.round(1).astype(str) + " ± " + std.round(1).astype(str)).to_string())


def parse_options():
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    known = list(available_methods())
    ways = ("cut", "silence", "repeated", "own")
    parser.add_argument("--methods", nargs="+", choices=known, default=["svm", "artist_cnn"])
    parser.add_argument("--seconds", nargs="+", type=int, default=[3, 5, 10, 20])
    parser.add_argument("--ways", nargs="+", choices=ways, default=["cut"])
    parser.add_argument("--folds", type=int, default=10, help="how many of the ten")
    parser.add_argument("--epochs", type=int, help="in place of the method's")
    parser.add_argument("--out", default="short_clips.csv", metavar="CSV")
    return parser.parse_args()


if __name__ == "__main__":
    main()
