"""Changed files of results: counted only where they are consistent, else a `ResultsError`."""

import contextlib
import functools
import io
import json
import tempfile

import numpy as np
from fuzz_cases import Case, expect, mutated_bytes, mutated_json
from sklearn.dummy import DummyClassifier
from sklearn.svm import SVC

from sklearn_mer.methods import Method
from sklearn_mer.study import CellResults, Protocol, StudyData, plan_cells, run_cells, table1
from sklearn_mer.study._keys import json_digest
from sklearn_mer.study._schema import ResultsError


@functools.cache
def originals():
    """Return {name in the folder: bytes} of cells, done and failed."""
    y = np.repeat(["Q1", "Q2", "Q3", "Q4"], 6)
    X = np.random.RandomState(0).normal(size=(24, 3)) + np.searchsorted(np.unique(y), y)[:, None]
    methods = [Method("svm", SVC()), Method("bad", DummyClassifier(strategy="constant"))]
    data = StudyData("tiny", X, y)
    cells = plan_cells(methods, data, Protocol(n_splits=3, n_repeats=1))
    with tempfile.TemporaryDirectory() as folder:
        results = CellResults(folder)
        run_cells(cells, data, results, n_jobs=1, progress=False)
        paths = sorted(results.folder.rglob("*.json"))
        return {str(path.relative_to(results.folder)): path.read_bytes() for path in paths}


def draw(random):
    """Return a folder of results in which one file was changed."""
    files = dict(originals())
    name = random.choice(list(files))
    if random.random() < 0.8:
        changed = mutated_json(random, json.loads(files[name]))
        if random.random() < 0.7:
            _sign(changed)
        text = json.dumps(changed, ensure_ascii=random.random() < 0.5)
        files[name] = text.encode("utf-8", "surrogatepass")
    else:
        files[name] = mutated_bytes(random, files[name], donor=random.choice(list(files.values())))
    return Case(files, {"changed": name})


def _sign(record):
    """Make the digests those of what was changed, so that more than them is checked."""
    with contextlib.suppress(TypeError, KeyError, ValueError, UnicodeError):
        record["identity"]["parameters"] = json_digest("parameters", record["params"])
        record["key"] = json_digest("cell", record["identity"])


def check(case, folder):
    """Read, export and import the folder; return what came of it."""
    case.write(folder)
    results = CellResults(folder)
    try:
        rows = results.rows()
    except ResultsError as error:
        expect(case.params["changed"] in str(error), f"the file is not named: {error}")
        outcome = "refused"
    else:
        for row in rows:
            _expect_consistent(row)
        outcome = "counted"
    out, text = f"{folder}/out", io.StringIO()
    with contextlib.redirect_stdout(text), contextlib.redirect_stderr(text):
        codes = {
            "export": table1(["export", f"{folder}/cells.csv", "--results", str(folder)]),
            "import": table1(["import", str(folder), "--results", out]),
        }
    good = (0, 0) if outcome == "counted" else (2, 2)
    expect(tuple(codes.values()) == good, f"{outcome}, but exit states {codes}: {text.getvalue()}")
    return outcome


def _expect_consistent(row):
    """Check a counted row, by other code than that of the library."""
    if row["status"] == "failed":
        expect(row["f1_macro"] is None, "a failed cell has a score")
        return
    confusion = np.array(row["confusion"])
    expect(confusion.shape == (len(row["labels"]),) * 2, f"the matrix is {confusion.shape}")
    expect(confusion.dtype.kind == "i" and (confusion >= 0).all(), "the matrix has odd counts")
    expect(confusion.sum() == row["n_test"], "the matrix has another number of clips")
    hits = np.diag(confusion)
    expect(np.isclose(row["accuracy"], hits.sum() / confusion.sum()), "another accuracy")
    counts = confusion.sum(axis=0) + confusion.sum(axis=1)
    f1 = 2 * hits[counts > 0] / counts[counts > 0]
    expect(np.isclose(row["f1_macro"], f1.mean()), "another F1")
    expect(0 <= row["fold"] < row["n_splits"], "another fold")
