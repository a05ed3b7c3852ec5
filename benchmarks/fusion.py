"""What the kernel fusion owes to its groups and to the number of clips, and where it fails.

python benchmarks/fusion.py --what groups curve errors --repeats 3
python benchmarks/fusion.py --what errors --repeats 10 --out FOLDER

Describes the clips of 4QAED once, then fits the classifier of `EmotionFusion` in the folds of
`RepeatedStratifiedKFold(n_splits=10, random_state=1)`. `groups`: with all groups, without each, and
with each alone. `curve`: on shares of the training clips. `errors`: predictions of every repeat,
kept as counts only. Writes ``fusion_groups.csv`` and ``fusion_curve.csv`` (macro F1 in percent per
fold), ``fusion_confusion.csv``, ``fusion_never.csv`` and ``fusion_right.csv``. Needs 4QAED and the
weights of the taggers.
"""

import argparse
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.base import clone
from sklearn.metrics import f1_score
from sklearn.model_selection import RepeatedStratifiedKFold, train_test_split

from sklearn_mer import EmotionFusion
from sklearn_mer.datasets import load_4qaed

COLUMNS = "columns"
SHARES = (0.125, 0.25, 0.5, 0.75, 1.0)


def main():
    """Run what the option ``--what`` names; print and write each table."""
    options = parse_options()
    Path(options.out).mkdir(parents=True, exist_ok=True)
    clips = load_4qaed(features="top100")
    labels = np.asarray(clips.target)
    fusion = EmotionFusion(columns="columns", n_jobs=options.jobs).fit(clips.data, labels)
    groups = described(fusion, clips.data)
    folds = RepeatedStratifiedKFold(n_splits=10, n_repeats=options.repeats, random_state=1)
    folds = list(folds.split(labels, labels))
    for what in options.what:
        for name, table in MEASURES[what](fusion.pipeline_, groups, labels, folds).items():
            table.to_csv(Path(options.out, f"fusion_{name}.csv"), index=False)


def described(fusion, X):
    """Return the values of each group, as dict of name to ndarray of shape (n_clips, n_columns)."""
    ends = np.cumsum(fusion.pipeline_.widths)[:-1]
    blocks = np.split(fusion._describe(X), ends, axis=1)
    return dict(zip(fusion.group_names_, blocks, strict=True))


def fitted(classifier, blocks, labels):
    """Return the classifier trained on groups of columns."""
    widths = [block.shape[1] for block in blocks]
    return clone(classifier).set_params(widths=widths).fit(np.hstack(blocks), labels)


def predicted(classifier, groups, names, labels, train, test):
    """Return the labels of the test clips, from the named groups."""
    model = fitted(classifier, [groups[name][train] for name in names], labels[train])
    return model.predict(np.hstack([groups[name][test] for name in names]))


def score(labels, found):
    """Return macro F1 in percent."""
    return round(100 * f1_score(labels, found, average="macro"), 2)


def of_groups(classifier, groups, labels, folds):
    """Score all groups, all but one, and each alone; print the differences from all."""
    whole = tuple(groups)
    audio = tuple(name for name in groups if name != COLUMNS)
    chosen = {"audio and columns": whole, "audio": audio}
    chosen |= {f"without {name}": tuple(n for n in whole if n != name) for name in audio}
    chosen |= {f"audio without {name}": tuple(n for n in audio if n != name) for name in audio}
    chosen |= {f"{name} alone": (name,) for name in whole}
    rows = [
        (number, what, score(labels[test], predicted(classifier, groups, names, labels, *fold)))
        for number, fold in enumerate(folds)
        for test in [fold[1]]
        for what, names in chosen.items()
    ]
    table = pd.DataFrame(rows, columns=["fold", "groups", "macro_f1"])
    by_fold = table.pivot(index="fold", columns="groups", values="macro_f1")
    for what in chosen:
        base = "audio" if what.startswith("audio without") else "audio and columns"
        difference = by_fold[what] - by_fold[base]
        print(f"{what:32} {spread(by_fold[what])}   {difference.mean():+.2f} to {base}")
    return {"groups": table}


def of_shares(classifier, groups, labels, folds):
    """Score the fusions trained on shares of the training clips, drawn by class."""
    names = {"fusion": tuple(groups), "fusion_audio": tuple(n for n in groups if n != COLUMNS)}
    rows = []
    for number, (train, test) in enumerate(folds):
        for share in SHARES:
            part = train
            if share < 1:
                drawn = {"train_size": share, "stratify": labels[train], "random_state": number}
                part = train_test_split(train, **drawn)[0]
            for key, chosen in names.items():
                found = predicted(classifier, groups, chosen, labels, part, test)
                rows.append((number, key, len(part), score(labels[test], found)))
    table = pd.DataFrame(rows, columns=["fold", "method", "n_train", "macro_f1"])
    for key, scores in table.groupby(["method", "n_train"])["macro_f1"]:
        print(f"{key[0]:14} {key[1]:4} clips {spread(scores)}")
    return {"curve": table}


def of_errors(classifier, groups, labels, folds):
    """Count what is taken for what, and the clips that no repeat gets right."""
    classes = np.unique(labels)
    votes = pd.DataFrame(0, index=range(len(labels)), columns=classes)
    for train, test in folds:
        found = predicted(classifier, groups, tuple(groups), labels, train, test)
        for index, label in zip(test, found, strict=True):
            votes.loc[index, label] += 1
    confusion = votes.groupby(labels).sum().rename_axis("true").reset_index()
    right = votes.to_numpy()[np.arange(len(labels)), np.searchsorted(classes, labels)]
    never = pd.DataFrame({"true": labels, "taken for": votes.idxmax(axis=1)})[right == 0]
    never = never.value_counts().rename("clips").reset_index().sort_values(["true", "taken for"])
    often = pd.Series(right, name="repeats_right").value_counts().rename("clips")
    often = often.sort_index().reset_index()
    print(*(t.to_string(index=False) for t in (confusion, never, often)), sep="\n\n")
    return {"confusion": confusion, "never": never, "right": often}


MEASURES = {"groups": of_groups, "curve": of_shares, "errors": of_errors}


def spread(scores):
    """Return mean and standard deviation over folds."""
    return f"{scores.mean():.2f} ± {scores.std(ddof=0):.2f}"


def parse_options():
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--what", nargs="+", choices=list(MEASURES), default=list(MEASURES))
    parser.add_argument("--repeats", type=int, default=3, help="of 10 folds")
    parser.add_argument("--jobs", type=int, help="processes that describe clips")
    parser.add_argument("--out", default=".", metavar="FOLDER")
    return parser.parse_args()


if __name__ == "__main__":
    main()
