"""Effect of a frozen branch from another fold on the score of the hybrid.

python benchmarks/leakage.py
python benchmarks/leakage.py --repeats 10 --report FOLDER

The DNN of the hybrid is trained on the published descriptors of 4QAED and frozen; the head is
trained on its last hidden layer, on the training clips of the fold. Honest: the DNN is that of the
fold. Leaking: it is that of the next fold, which was trained on every test clip with its label.
The CNN is left out; everything else is as in `HybridMER`. Macro F1 per fold, in percent. --report
writes ``leakage.csv`` and ``leakage.svg`` (the picture needs matplotlib). Needs 4QAED.
"""

import argparse
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.metrics import f1_score
from sklearn.model_selection import RepeatedStratifiedKFold
from sklearn.preprocessing import StandardScaler

from sklearn_mer import HybridMER
from sklearn_mer.datasets import load_4qaed
from sklearn_mer.methods import available_methods
from sklearn_mer.nets import FeatureDNN, HybridHead
from sklearn_mer.training._predict import predict_hidden, predict_logits
from sklearn_mer.training._train import train_network

# For figures that depend on the machine as little as possible.
HYBRID = HybridMER(dnn_lr=0.001, dnn_max_epochs=20, device="cpu", precision="float32")


def main():
    """Measure, print the conclusion, and write the table and the picture if asked to."""
    options = parse_options()
    clips = load_4qaed(features="top100")
    X = clips.data.drop(columns="audio").to_numpy()
    scores = measure(X, clips.target, n_repeats=options.repeats)
    print(scores.to_string(index=False), conclusion(scores), sep="\n\n")
    if options.report:
        folder = Path(options.report)
        folder.mkdir(parents=True, exist_ok=True)
        scores.to_csv(folder / "leakage.csv", index=False)
        draw(scores, folder / "leakage.svg")


def parse_options():
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--repeats", type=int, default=1, help="of 10 folds")
    parser.add_argument("--report", metavar="DIR", help="also write leakage.csv and .svg there")
    return parser.parse_args()


def measure(X, y, *, n_splits=10, n_repeats=1):
    """Score every fold twice: with its own DNN and with that of the next fold.

    Parameters
    ----------
    X : ndarray of shape (n_clips, n_features)
    y : array-like of shape (n_clips,)
    n_splits, n_repeats : int

    Returns
    -------
    DataFrame
        ``repeat``, ``fold`` and macro F1 in percent, ``honest`` and ``leaking``; one row per fold.
    """
    targets = np.unique(y, return_inverse=True)[1]
    folds = RepeatedStratifiedKFold(n_splits=n_splits, n_repeats=n_repeats, random_state=1)
    trains = [train for train, _ in folds.split(X, targets)]
    rows = []
    for start in range(0, len(trains), n_splits):
        # The next fold of the same repeat: its training clips contain all test clips of this one.
        repeat = trains[start : start + n_splits]
        branches = [train_branch(X, targets, train, start + i) for i, train in enumerate(repeat)]
        for fold, train in enumerate(repeat):
            used = {"honest": branches[fold], "leaking": branches[(fold + 1) % n_splits]}
            f1 = {k: score(hidden, targets, train, start + fold) for k, hidden in used.items()}
            rows.append({"repeat": start // n_splits, "fold": fold, **f1})
    return pd.DataFrame(rows).round(2)


def train_branch(X, targets, train, seed):
    """Train scaler and DNN on the clips ``train``; return the last hidden layer of all clips."""
    scaler = StandardScaler().fit(X[train])
    features = scaler.transform(X).astype(np.float32)
    params = {"n_features": X.shape[1], "n_classes": targets.max() + 1}
    settings = HYBRID._settings("dnn", seed)
    dnn = train_network(FeatureDNN, params, (features[train],), targets[train], settings)
    return predict_hidden(dnn, (features,)).astype(np.float32)


def score(hidden, targets, train, seed):
    """Train the head on the clips ``train``; return macro F1 of all others, in percent."""
    test = np.setdiff1d(np.arange(len(targets)), train)
    params = {"n_inputs": hidden.shape[1], "n_classes": targets.max() + 1}
    settings = HYBRID._settings("head", seed)
    head = train_network(HybridHead, params, (hidden[train],), targets[train], settings)
    found = predict_logits(head, (hidden[test],)).argmax(axis=1)
    return 100 * f1_score(targets[test], found, average="macro")


def conclusion(scores):
    """Return two sentences on whether the figures explain the rise in the paper."""
    honest, leaking = scores["honest"], scores["leaking"]
    gain = leaking.mean() - honest.mean()
    published = available_methods()["hybrid"].published
    jump = published["merge-balanced"] - published["4qaed"]
    verdict = "can explain it, which does not prove it" if gain >= jump else "does not explain it"
    return (
        f"With the frozen DNN of another fold macro F1 is {leaking.mean():.2f} ± "
        f"{leaking.std():.2f} %, with the fold's own {honest.mean():.2f} ± "
        f"{honest.std():.2f} %: {gain:+.2f} points, higher in {(leaking > honest).sum()} of "
        f"{len(scores)} folds. The paper's hybrid rises by {jump:.2f} points, from "
        f"{published['4qaed']:.2f} % on Original-4QAED to {published['merge-balanced']:.2f} % on "
        f"New-4QAED B: a branch from another fold {verdict}."
    )


def draw(scores, path):
    """Draw the scores of all folds, with a line from the honest to the leaking score of each."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(5, 4), layout="constrained")
    axes = figure.subplots()
    pairs = scores[["honest", "leaking"]].to_numpy()
    axes.plot([1, 2], pairs.T, color="0.7", linewidth=0.7, marker="o", markersize=3, zorder=1)
    axes.boxplot(pairs, widths=0.4, showfliers=False, medianprops={"color": "C3"})
    axes.set_xticks([1, 2], ["the fold's own DNN\n(honest)", "the next fold's DNN\n(leaking)"])
    axes.set_ylabel("macro F1 of a fold (%)")
    axes.set_title(f"Frozen DNN and head, {len(scores)} folds")
    figure.savefig(path, metadata={"Date": None})  # the same picture from the same scores


if __name__ == "__main__":
    main()
