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

TAGGERS = ("state", "layer_3", "layer_4")
SHARES = (0.125, 0.25, 0.5, 0.75, 1.0)


def main():
    """Run what the option ``--what`` names; print and write each table."""
    options = parse_options()
    Path(options.out).mkdir(parents=True, exist_ok=True)
    clips = load_4qaed(features="top100")
    labels = np.asarray(clips.target)
    fusion = EmotionFusion(columns="columns", n_jobs=options.jobs).fit(clips.data, labels)
    fused = Fused(fusion, fusion._describe(clips.data), labels)
    folds = RepeatedStratifiedKFold(n_splits=10, n_repeats=options.repeats, random_state=1)
    folds = list(folds.split(labels, labels))
    for what in options.what:
        for name, table in MEASURES[what](fused, folds).items():
            table.to_csv(Path(options.out, f"fusion_{name}.csv"), index=False)


class Fused:
    """The described clips, and the fusion's classifier on some of its groups.

    Parameters
    ----------
    fusion : EmotionFusion
        Fitted, with columns.
    described : ndarray of shape (n_clips, n_columns)
        All columns.
    labels : ndarray of shape (n_clips,)
    """

    def __init__(self, fusion, described, labels):
        self.classifier = fusion.pipeline_
        self.names = fusion.group_names_
        self.described = described
        self.labels = labels
        dimensions = [n for n in self.names if n not in (*TAGGERS, "columns")]
        self.kinds = {"descriptors": dimensions, **{n: [n] for n in (*TAGGERS, "columns")}}

    def predicted(self, kinds, train, test):
        """Return the labels of the test clips, from groups of the given kinds."""
        used = [self.names.index(name) for kind in kinds for name in self.kinds[kind]]
        params = self.classifier.get_params()
        chosen = {key: [params[key][i] for i in used] for key in ("groups", "weights")}
        model = clone(self.classifier).set_params(**chosen)
        model.fit(self.described[train], self.labels[train])
        return model.predict(self.described[test])


def score(labels, found):
    """Return macro F1 in percent."""
    return round(100 * f1_score(labels, found, average="macro"), 2)


def of_groups(fused, folds):
    """Score all groups, all but one, and each alone; print the differences from all."""
    whole = tuple(fused.kinds)
    audio = whole[:-1]
    chosen = {"audio and columns": whole, "audio": audio}
    chosen |= {f"without {name}": tuple(n for n in whole if n != name) for name in audio}
    chosen |= {f"audio without {name}": tuple(n for n in audio if n != name) for name in audio}
    chosen |= {f"{name} alone": (name,) for name in whole}
    rows = [
        (number, what, score(fused.labels[test], fused.predicted(kinds, train, test)))
        for number, (train, test) in enumerate(folds)
        for what, kinds in chosen.items()
    ]
    table = pd.DataFrame(rows, columns=["fold", "groups", "macro_f1"])
    by_fold = table.pivot(index="fold", columns="groups", values="macro_f1")
    for what in chosen:
        base = "audio" if what.startswith("audio without") else "audio and columns"
        difference = by_fold[what] - by_fold[base]
        print(f"{what:32} {spread(by_fold[what])}   {difference.mean():+.2f} to {base}")
    return {"groups": table}


def of_shares(fused, folds):
    """Score the fusions trained on shares of the training clips, drawn by class."""
    labels, whole = fused.labels, tuple(fused.kinds)
    rows = []
    for number, (train, test) in enumerate(folds):
        for share in SHARES:
            part = train
            if share < 1:
                drawn = {"train_size": share, "stratify": labels[train], "random_state": number}
                part = train_test_split(train, **drawn)[0]
            for key, kinds in {"fusion": whole, "fusion_audio": whole[:-1]}.items():
                found = fused.predicted(kinds, part, test)
                rows.append((number, key, len(part), score(labels[test], found)))
    table = pd.DataFrame(rows, columns=["fold", "method", "n_train", "macro_f1"])
    for key, scores in table.groupby(["method", "n_train"])["macro_f1"]:
        print(f"{key[0]:14} {key[1]:4} clips {spread(scores)}")
    return {"curve": table}


def of_errors(fused, folds):
    """Count what is taken for what, and the clips that no repeat gets right."""
    labels = fused.labels
    classes = np.unique(labels)
    votes = pd.DataFrame(0, index=range(len(labels)), columns=classes)
    for train, test in folds:
        found = fused.predicted(fused.kinds, train, test)
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
