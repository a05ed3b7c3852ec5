"""``sklearn-mer train``: a model of one's own clips, cross-validated before it is saved."""

import os
import shlex
from collections import Counter
from pathlib import Path

import numpy as np
from joblib import parallel_config
from sklearn.base import clone
from sklearn.metrics import f1_score
from sklearn.model_selection import StratifiedKFold

from .._text import did_you_mean
from ..audio import name_short_clips
from ..methods import available_methods
from ..model_selection import RepeatedStratifiedGroupKFold
from ..models import save_model
from ..songs import QUADRANTS, tells_familiarity
from ._labelled import load_labelled


def train(options):
    """Cross-validate a method, train it on all clips and save it; return the exit status."""
    name = options.data.absolute()
    out = check_free(
        options.out or Path(f"{name.name if name.is_dir() else name.stem}.mer"), "--out"
    )
    method = find_method(options.method)
    data = load_labelled(options, on_error=options.on_error)
    X, y = data.data[["audio"]], data.target.to_numpy(dtype=object)
    groups = None if data.groups is None else data.groups.to_numpy(dtype=object)
    check_counts(y, groups, options.folds)
    # Threads for all that has n_jobs=None; models keep no number of them.
    with parallel_config("threading", n_jobs=options.jobs), name_short_clips("once"):
        scores = cross_validate(method, X, y, groups, options.folds)
        print("Training on all clips.", flush=True)
        model = clone(method.estimator).fit(X, y)
    card = {"name": out.stem, "method": f"{method.key} ({method.title})", **scores}
    save_model(model, out, card=card, training_data=(X, y))
    print("\n".join(how_to_use(model, out)))
    return 0


def check_free(path, option):
    """Return a path that can be written, before anything is computed for it."""
    if path.exists():
        raise ValueError(f"{path} is there. Delete it, or name another file with {option} FILE.")
    path.parent.mkdir(parents=True, exist_ok=True)
    if not os.access(path.parent, os.W_OK):
        raise ValueError(f"{path} cannot be written: name another file with {option} FILE.")
    return path


def find_method(key):
    """Return a method of the register, ready to hear clips and reproducible."""
    methods = available_methods()
    if key not in methods:
        raise ValueError(
            f"There is no method {key!r:.40}.{did_you_mean(key, methods)} Choose from "
            f"{', '.join(methods)}."
        )
    method = methods[key]
    if getattr(method.estimator, "columns", None) is not None:
        raise ValueError(
            f"{key} needs a table with feature columns, and here are audio files alone. Take "
            "fusion_audio, the same without columns."
        )
    if method.missing:
        raise ValueError(f"{key} needs pre-trained weights. {method.missing}")
    params = method.estimator.get_params()
    seeds = [n for n, v in params.items() if n.rpartition("__")[2] == "random_state" and v is None]
    method.estimator.set_params(**dict.fromkeys(seeds, 0))
    return method


def check_counts(labels, groups, n_folds):
    """Raise an error if there are too few clips, or groups, of a class for so many folds."""
    what = "clips" if groups is None else "groups"
    units = enumerate(labels) if groups is None else zip(groups, labels, strict=True)
    counts = Counter(label for _, label in set(units))
    few = [f"{n} of {label}" for label, n in sorted(counts.items()) if n < n_folds]
    if not few:
        return
    least = min(counts.values())
    fewer = f", or give --folds {least}" if least > 1 else ""
    raise ValueError(
        f"{n_folds} folds need at least {n_folds} {what} of each class, and there are "
        f"{', '.join(few)}. Add some{fewer}."
    )


def cross_validate(method, X, y, groups, n_folds):
    """Train and score a method on each fold, say what comes out, and return it for the card."""
    how, apart = {"n_splits": n_folds, "random_state": 0}, ""
    if groups is None:
        folds = StratifiedKFold(shuffle=True, **how).split(X, y)
    else:
        folds = RepeatedStratifiedGroupKFold(n_repeats=1, **how).split(X, y, groups)
        apart = f", each of the {len(set(groups))} groups in one of them"
    print(f"Cross-validating {method.key} ({method.title}): {n_folds} folds{apart}.", flush=True)
    predicted, scores = np.empty(len(y), object), []
    for number, (train_, test) in enumerate(folds, 1):
        fitted = clone(method.estimator).fit(X.iloc[train_], y[train_])
        predicted[test] = fitted.predict(X.iloc[test])
        scores.append(f1_score(list(y[test]), list(predicted[test]), average="macro"))
        print(f"  fold {number} of {n_folds}: macro F1 {100 * scores[-1]:.1f} %", flush=True)
    labels = sorted(set(y))
    each = f1_score(list(y), list(predicted), labels=labels, average=None)
    mean, spread = 100 * np.mean(scores), 100 * np.std(scores)
    print(f"Macro F1: {mean:.1f} % (standard deviation over the folds: {spread:.1f})")
    if groups is None:
        print("No groups are known: if clips share artists or albums, new music scores lower.")
    per_class = {label: round(100 * float(one), 1) for label, one in zip(labels, each, strict=True)}
    print("F1 of each class:", ", ".join(f"{one} {f1:.1f} %" for one, f1 in per_class.items()))
    return {
        "cross-validation": {
            "folds": f"{n_folds}{apart or ', at random'}",
            "macro F1 in percent": round(float(mean), 2),
            "standard deviation over folds": round(float(spread), 2),
            "F1 of each class": per_class,
        }
    }


def how_to_use(model, path):
    """Return lines that say what can be done with a model that was saved."""
    name = shlex.quote(str(path))
    yield f"{path}: {path.stat().st_size / 1e6:.2f} MB"
    if hasattr(model, "familiarity") and not tells_familiarity(model):
        yield "It does not tell how familiar songs are: that needs at least 100 clips."
    yield "Use it:"
    if set(model.classes_) <= set(QUADRANTS):
        yield f"  sklearn-mer predict SONG|FOLDER --model {name}"
    else:
        yield "  in Python (sklearn-mer predict is for the quadrants Q1, Q2, Q3 and Q4):"
        yield f"  predict_songs(load_model({str(path)!r}), load_songs(FOLDER))"
    yield f"  sklearn-mer evaluate {name} FOLDER|TABLE.csv, of other songs"
    yield f"  sklearn-mer info {name}"
