"""Scores of an SVM on EmotionFeatures, with all choices made inside the folds.

python benchmarks/emotion_features.py
python benchmarks/emotion_features.py --repeats 1 --report FOLDER
python benchmarks/emotion_features.py --sample-rate 22050

Rows: all descriptors, with the number of columns and the strength of the SVM chosen by an inner
cross-validation of each training fold, on plain and on artist-grouped folds; then, with fixed
settings, each dimension alone and all without it. Macro F1 over folds, in
percent. Needs 4QAED.
"""

import argparse
import time
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.feature_selection import SelectKBest, VarianceThreshold, f_classif
from sklearn.model_selection import GridSearchCV, RepeatedStratifiedKFold, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler
from sklearn.svm import SVC

from sklearn_mer import EmotionFeatures
from sklearn_mer.datasets import load_4qaed
from sklearn_mer.model_selection import RepeatedStratifiedGroupKFold

COLUMNS = ["n_columns", "f1_macro_mean", "f1_macro_std", "n_folds", "seconds"]


def main():
    """Measure, print the table, and write it if asked to."""
    options = parse_options()
    clips = load_4qaed(features="top100")
    features = EmotionFeatures(sample_rate=options.sample_rate, n_jobs=options.jobs, verbose=1)
    X = features.set_output(transform="pandas").fit_transform(clips.data["audio"])
    rows = {}
    for name, table, model, folds, groups in plan(X, clips, options):
        start = time.perf_counter()
        scores = cross_val_score(
            model, table, clips.target, cv=folds, groups=groups, scoring="f1_macro"
        )
        seconds = time.perf_counter() - start
        figures = 100 * scores.mean(), 100 * scores.std()
        rows[name] = [table.shape[1], *figures, len(scores), round(seconds)]
        print(f"{name}: {figures[0]:.2f} ± {figures[1]:.2f}, {len(scores)} folds", flush=True)
    report = pd.DataFrame.from_dict(rows, orient="index", columns=COLUMNS).round(2)
    report.index.name = "row"
    if options.report:
        Path(options.report).mkdir(parents=True, exist_ok=True)
        report.to_csv(Path(options.report) / "emotion_features.csv")


def parse_options():
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--repeats", type=int, default=3, help="of 10 folds")
    parser.add_argument("--sample-rate", type=int, default=16000, help="of the descriptors, in Hz")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--report", metavar="DIR", help="also write emotion_features.csv there")
    return parser.parse_args()


def plan(X, clips, options):
    """Yield name, table, model, splitter and groups of each row."""
    folds = RepeatedStratifiedKFold(n_splits=10, n_repeats=options.repeats, random_state=1)
    by_artist = RepeatedStratifiedGroupKFold(n_splits=10, n_repeats=options.repeats, random_state=1)
    search = nested_search(options.jobs)
    yield "nested selection", X, search, folds, None
    yield "nested selection, artist-grouped", X, search, by_artist, clips.groups
    yield "all columns", X, fixed_svm(), folds, None
    yield "published top 100", clips.data.drop(columns="audio"), fixed_svm(), folds, None
    for dimension in dict.fromkeys(column.split("__")[0] for column in X):
        alone = X.filter(regex=f"^{dimension}__")
        yield f"{dimension} alone", alone, fixed_svm(), folds, None
        yield f"without {dimension}", X.drop(columns=alone.columns), fixed_svm(), folds, None


def fixed_svm():
    """Return an SVM with the defaults of scikit-learn, except C."""
    return make_pipeline(StandardScaler(), clipped(), SVC(C=3.0))


def nested_search(n_jobs):
    """Return an SVM that chooses its columns and settings in `fit`."""
    steps = VarianceThreshold(), StandardScaler(), clipped(), SelectKBest(f_classif), SVC()
    grid = {
        "selectkbest__k": [200, 400, 800, "all"],
        "svc__C": [1.0, 3.0, 10.0],
    }
    return GridSearchCV(make_pipeline(*steps), grid, scoring="f1_macro", cv=5, n_jobs=n_jobs)


def clipped():
    """Return a transformer that clips standardised values at three deviations."""
    return FunctionTransformer(np.clip, kw_args={"a_min": -3.0, "a_max": 3.0})


if __name__ == "__main__":
    main()
