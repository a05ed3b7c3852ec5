"""``sklearn-mer build-model``: train a ready model on 4QAED, and measure what its card says."""

from functools import partial

import numpy as np
from joblib import Parallel, delayed
from sklearn.base import clone
from sklearn.metrics import f1_score
from sklearn.model_selection import RepeatedStratifiedKFold
from threadpoolctl import threadpool_limits

from .._data_home import prefer_data_home
from ..datasets import load_4qaed
from ..model_selection import RepeatedStratifiedGroupKFold
from ..models import make_ready, save_model
from ._scores import calibration_error

#: What a card says of every ready model.
ABOUT = {
    "hears": "the first 30 s of a file (taggers: 29.1 s), as mono at 16 kHz",
    "classes": {
        "Q1": "happy: positive valence, high arousal",
        "Q2": "angry: negative valence, high arousal",
        "Q3": "sad: negative valence, low arousal",
        "Q4": "serene: positive valence, low arousal",
    },
    "labels": "From tags that editors of AllMusic gave to songs, mapped to Russell's quadrants and "
    "checked by the makers of 4QAED: experts' labels of songs, not ratings of listeners.",
    "knows": "Previews of western popular music, 225 of each quadrant.",
    "does badly": "Q3 and Q4 are often taken for each other: serene and sad music sound alike. "
    "Songs between quadrants have no class of their own. Classical and other non-popular music, "
    "speech and other sounds are unlike what it knows; `familiarity` says so below 0.05. Words "
    "are not understood.",
}

#: What only the card of one says.
ABOUT_ONE = {
    "default": {
        "chosen": "What it hears was chosen on the 810 training clips of the first random fold. "
        "The scores below are of folds of all clips, and may be slightly too high for it."
    }
}


def build_model(options):
    """Train, measure and write a ready model; return the exit status."""
    with prefer_data_home(options.data_home), threadpool_limits(1):
        _build(options)
    return 0


def _build(options):
    data = load_4qaed(features=None)
    X, y = data.data[["audio"]], np.asarray(data.target)
    print(f"Training {options.model!r} on {len(X)} clips.", flush=True)
    model = make_ready(options.model, n_jobs=options.jobs).fit(X, y)
    described = model._describe(X)
    _forget_jobs(model)
    card = {"name": options.model, **ABOUT, **ABOUT_ONE.get(options.model, {})}
    how = {"n_splits": 10, "n_repeats": options.repeats, "random_state": 1}
    for name, splits in {
        "random folds": RepeatedStratifiedKFold(**how).split(y, y),
        "folds by artist": RepeatedStratifiedGroupKFold(**how).split(y, y, data.groups),
    }.items():
        folds = list(splits)
        card[name] = measure(model, described, y, folds, options.jobs)
        print(f"{name}: {card[name]}", flush=True)
    save_model(model, options.out, card=card, training_data=(X, y), include_weights=False)
    print(f"{options.out}: {options.out.stat().st_size / 1e6:.2f} MB")


def measure(model, described, y, folds, n_jobs):
    """Return scores of the procedure that made a model, each fold trained anew.

    Parameters
    ----------
    model : EmotionFusion
        Fitted; its parts are cloned.
    described : ndarray of shape (n_clips, n_columns)
        Descriptors of all clips, which depend on no other clip.
    y : ndarray of shape (n_clips,)
        Labels.
    folds : list of (train, test)
        Positions of clips.
    n_jobs : int
        Processes.

    Returns
    -------
    dict
        Scores in percent, and the calibration error.
    """
    targets = np.searchsorted(model.classes_, y)
    task = delayed(partial(_of_fold, clone(model.calibrated_), described, targets))
    found = Parallel(n_jobs=n_jobs)(task(train, test) for train, test in folds)
    proba, exact = ([values[i] for values in found] for i in (0, 1))
    tests = [targets[test] for _, test in folds]
    true, sure = np.concatenate(tests), np.concatenate(proba)
    per_class = f1_score(true, sure.argmax(axis=1), average=None)
    scores = list(map(_macro_f1, tests, proba))
    return {
        "folds": len(folds),
        "macro F1 in percent": _percent(np.mean(scores)),
        "standard deviation over folds": _percent(np.std(scores)),
        "macro F1 of the exact kernel": _percent(np.mean(list(map(_macro_f1, tests, exact)))),
        "F1 of each class": {
            str(label): _percent(one) for label, one in zip(model.classes_, per_class, strict=True)
        },
        "expected calibration error": round(calibration_error(true, sure), 3),
    }


def _of_fold(calibrated, described, targets, train, test):
    """Return probabilities of the test clips, and the scores of the exact kernel."""
    with threadpool_limits(1):
        exact = clone(calibrated.estimator).set_params(max_exact=len(train))
        exact.fit(described[train], targets[train])
        fitted = clone(calibrated).fit(described[train], targets[train])
        return fitted.predict_proba(described[test]), exact.decision_function(described[test])


def _macro_f1(true, scores):
    return f1_score(true, scores.argmax(axis=1), average="macro")


def _percent(share):
    return round(100 * float(share), 2)


def _forget_jobs(model):
    """Set what does not change predictions to its default, also in the parts."""
    parts = [part for source in model.sources_ for part in (source.features, source.transformer_)]
    for estimator in (model, *parts):
        names = [name for name in estimator.get_params() if name.rpartition("__")[2] == "n_jobs"]
        estimator.set_params(**dict.fromkeys(names))
