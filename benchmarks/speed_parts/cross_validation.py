"""A whole cross-validation from files: effect of the cache, of jobs, and time outside fits."""

import tempfile
import time

import numpy as np
from sklearn.model_selection import StratifiedKFold, cross_validate

from sklearn_mer import CNNBaseline, MelSpectrogram

from ._clips import SECONDS
from ._turns import ratio


def cross_validation(paths, options):
    """Run 10 folds of `cnn` without a cache, with an empty one and with a full one.

    With a full cache also with folds side by side, one thread each.
    """
    y = np.arange(len(paths)) % 4
    without, cold, warm, fits, two_jobs = [], [], [], [], []
    for _ in range(options.cv_rounds):
        without.append(seconds_of(paths, y, False)[0])
        with tempfile.TemporaryDirectory() as folder:
            cold.append(seconds_of(paths, y, folder)[0])
            total, inside = seconds_of(paths, y, folder)
            two_jobs.append(seconds_of(paths, y, folder, n_jobs=2)[0])
        warm.append(total)
        fits.append(inside)
    what = "10 folds of cnn from files: "
    per = 10
    return [
        ratio("cv_without_vs_with_cache", what + "no cache / a full one", without, warm, per, "s"),
        ratio("cv_without_vs_new_cache", what + "no cache / an empty one", without, cold, per, "s"),
        ratio("cv_over_fits", what + "all of it / sum of its fits", warm, fits, per, "s"),
        ratio("cv_one_vs_two_jobs", what + "one by one / two jobs", warm, two_jobs, per, "s"),
    ]


def seconds_of(paths, y, cache, n_jobs=None):
    """Return the seconds of a cross-validation, and of its fits and predictions alone."""
    frontend = MelSpectrogram(duration=SECONDS, normalize=True, cache=cache, n_jobs=2)
    folds = StratifiedKFold(10, shuffle=True, random_state=0)
    start = time.perf_counter()
    result = cross_validate(
        CNNBaseline(frontend=frontend, random_state=0, device="cpu"),
        paths,
        y,
        cv=folds,
        n_jobs=n_jobs,
    )
    total = time.perf_counter() - start
    return total, result["fit_time"].sum() + result["score_time"].sum()
