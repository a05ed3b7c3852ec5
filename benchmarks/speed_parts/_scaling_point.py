"""One point of `scaling`, in a process of its own: python _scaling_point.py FOLDER SECONDS."""

import json
import resource
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from sklearn.model_selection import StratifiedKFold, cross_validate

from sklearn_mer import CNNBaseline, MelSpectrogram


def main(folder, seconds):
    """Print time and memory for the clips of a folder, as JSON."""
    paths = sorted(str(path) for path in Path(folder).glob("*.wav"))
    y = np.arange(len(paths)) % 4
    with tempfile.TemporaryDirectory() as cache:
        frontend = MelSpectrogram(duration=seconds, normalize=True, cache=cache, n_jobs=2)
        method = CNNBaseline(
            frontend=frontend, max_epochs=1, stop_accuracy=None, random_state=0, device="cpu"
        )
        start = time.perf_counter()
        frontend.fit(paths).transform_lazily(paths)
        middle = time.perf_counter()
        folds = StratifiedKFold(2, shuffle=True, random_state=0)
        cross_validate(method, paths, y, cv=folds, error_score="raise")
        end = time.perf_counter()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    figures = {"front_end": middle - start, "cross_validation": end - middle}
    print(json.dumps({**figures, "peak_mb": peak / 1024}))


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
