"""Settings of the neural rows, compared inside the training clips of one fold of the study.

python benchmarks/inner_folds.py --rows cnn cnn_gru crnn --settings full half
python benchmarks/inner_folds.py --rows cnn --settings mels --repeats 3

The 810 training clips of the first fold are split into three inner folds, so that no test clip of
that fold chooses anything. Each setting changes parameters of the recipe `default`, or how networks
are trained in a way that no parameter offers: with smoothed labels (0.1), or with the mean of the
weights after the last four epochs. Macro F1 in percent and seconds of CPU time per fit are appended
to `results/inner_folds.csv`, and a run that was stopped continues where it was. Needs 4QAED, and
its clips in the cache (`SKLEARN_MER_CACHE`).
"""

import argparse
import time
from contextlib import contextmanager, nullcontext
from pathlib import Path
from unittest.mock import patch

import pandas as pd
from joblib import Parallel, delayed
from sklearn.metrics import f1_score
from sklearn.model_selection import StratifiedKFold
from skorch.callbacks import Callback
from torch.nn import CrossEntropyLoss

from sklearn_mer import MelSpectrogram
from sklearn_mer.methods import make_method
from sklearn_mer.study import Protocol, open_dataset
from sklearn_mer.training import _train

FILE = Path(__file__).parent / "results" / "inner_folds.csv"

# What is changed, by name.
SETTINGS = {
    "default": {},
    "full": {"frontend": MelSpectrogram()},
    "mels": {"frontend": MelSpectrogram(n_mels=64)},
    "half": {"frontend": MelSpectrogram(hop_length=1024)},
    "half-segments": {"frontend": MelSpectrogram(hop_length=1024), "segment_length": 58},
    "quarter": {"frontend": MelSpectrogram(hop_length=1024, n_mels=64)},
    "full-lr-0.003": {"frontend": MelSpectrogram(), "lr": 0.003},
    **{f"lr-{lr}": {"lr": lr} for lr in (0.0005, 0.001, 0.002, 0.003, 0.008)},
}
_N_AVERAGED = 4


@contextmanager
def smoothed_labels():
    """Let networks be trained with smoothed labels."""
    make_net = _train._make_net

    def with_smoothing(net_class, criterion, *args):
        net = make_net(net_class, criterion, *args)
        is_classifier = criterion is CrossEntropyLoss  # the others are autoencoders
        return net.set_params(criterion__label_smoothing=0.1) if is_classifier else net

    with patch.object(_train, "_make_net", with_smoothing):
        yield


@contextmanager
def averaged_weights():
    """Let trained networks have the mean of the weights after the last epochs."""
    callbacks = _train._callbacks

    def with_averaging(settings, n_clips, is_classifier):
        own = [Averaging()] if is_classifier else []
        return callbacks(settings, n_clips, is_classifier) + own

    with patch.object(_train, "_callbacks", with_averaging):
        yield


class Averaging(Callback):
    """Averages weights and running statistics after the last epochs, if training reaches them."""

    def initialize(self):
        """Forget the states of another training."""
        self.states_ = []
        return self

    def on_epoch_end(self, net, **kwargs):
        """Keep the state of one of the last epochs."""
        if len(net.history) > net.max_epochs - _N_AVERAGED:
            state = net.module_.state_dict()
            self.states_.append({name: value.clone() for name, value in state.items()})

    def on_train_end(self, net, **kwargs):
        """Load the mean."""
        if not self.states_:
            return
        mean = dict(self.states_[-1])
        for name, last in mean.items():
            if last.is_floating_point():
                mean[name] = sum(state[name] for state in self.states_) / len(self.states_)
        net.module_.load_state_dict(mean)


# How networks are trained, for the names that are not in SETTINGS.
TRAINING = {"smoothed-labels": smoothed_labels, "averaged-weights": averaged_weights}


def main():
    """Fit what is missing, and print the means."""
    options = parse_options()
    data = open_dataset("4qaed")
    *_, train, _ = Protocol(n_splits=10, n_repeats=1).splits(data)[0]
    X, y = data.X.iloc[train], data.y[train]
    folds = [
        split
        for repeat in range(options.repeats)
        for split in StratifiedKFold(3, shuffle=True, random_state=repeat).split(X, y)
    ]
    done = pd.read_csv(FILE) if FILE.exists() else pd.DataFrame(columns=["row", "setting", "fold"])
    there = set(zip(done["row"], done["setting"], done["fold"], strict=True))
    tasks = [
        (row, setting, fold)
        for row in options.rows
        for fold in range(len(folds))
        for setting in options.settings
        if (row, setting, fold) not in there
    ]
    fits = Parallel(n_jobs=options.jobs, return_as="generator_unordered")(
        delayed(fit)(*task, X, y, *folds[task[-1]]) for task in tasks
    )
    for result in fits:
        table = pd.DataFrame([result])
        table.to_csv(FILE, mode="a", header=not FILE.exists(), index=False)
        print(*result.values(), flush=True)
    if FILE.exists():
        table = pd.read_csv(FILE).groupby(["row", "setting"], sort=False)
        figures = {"f1_macro": ["mean", "std", "count"], "cpu_seconds": "mean"}
        print(table.agg(figures).round(2))


def fit(row, setting, fold, X, y, train, test):
    """Fit a row with a setting on an inner training fold; return its score on the other clips."""
    method = make_method(row, random_state=fold, **SETTINGS.get(setting, {}))
    start = time.process_time()
    with TRAINING.get(setting, nullcontext)():
        method.fit(X.iloc[train], y[train])
    seconds = time.process_time() - start
    f1 = 100 * f1_score(y[test], method.predict(X.iloc[test]), average="macro")
    return {
        "row": row,
        "setting": setting,
        "fold": fold,
        "f1_macro": round(f1, 2),
        "cpu_seconds": round(seconds, 1),
    }


def parse_options():
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rows", nargs="+", required=True, help="keys of the table")
    parser.add_argument(
        "--settings", nargs="+", default=["default"], choices=[*SETTINGS, *TRAINING]
    )
    parser.add_argument("--repeats", type=int, default=1, help="of three inner folds")
    parser.add_argument("--jobs", type=int, default=2, help="fits at a time")
    return parser.parse_args()


if __name__ == "__main__":
    main()
