"""From a fresh process to the library, and from a fresh installation to the first answer."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from ._turns import cpu_seconds, ratio, take_turns

_PREDICT = "from sklearn_mer.commands import main; main(['predict', {!r}, '--jsonl'])"


def start(paths, options):
    """Measure the CPU time of imports, beside dependencies, and of `sklearn-mer predict`."""
    with tempfile.TemporaryDirectory() as folder:
        predict = _PREDICT.format(str(paths[0]))
        compiled = {"NUMBA_CACHE_DIR": f"{folder}/compiled"}

        def first():
            _python(predict, {"NUMBA_CACHE_DIR": tempfile.mkdtemp(dir=folder)}, folder)

        seconds = take_turns(
            options.rounds,
            clock=cpu_seconds,
            scikit_learn=lambda: _python("import sklearn.pipeline"),
            library=lambda: _python("import sklearn_mer"),
            model=lambda: _python("import sklearn_mer; sklearn_mer.load_model('default')"),
            dependencies=lambda: _python("import numba, pandas, sklearn.calibration"),
            first=first,
            later=lambda: _python(predict, compiled, folder),
        )
    of = {"unit": "CPU s"}
    return [
        ratio(
            "start_library",
            "a process that imports sklearn.pipeline / sklearn_mer",
            seconds["scikit_learn"],
            seconds["library"],
            **of,
        ),
        ratio(
            "start_model",
            "a process that loads the model default / imports numba, pandas, sklearn.calibration",
            seconds["model"],
            seconds["dependencies"],
            **of,
        ),
        ratio(
            "start_predict",
            "`sklearn-mer predict` of 30 s: nothing compiled yet / compiled",
            seconds["first"],
            seconds["later"],
            **of,
        ),
    ]


def _python(code, variables=None, folder=None):
    environment = {**os.environ, **(variables or {})}
    if folder is not None:  # no clip has been heard
        environment["SKLEARN_MER_CACHE"] = tempfile.mkdtemp(dir=Path(folder))
    subprocess.run([sys.executable, "-c", code], env=environment, check=True, capture_output=True)
