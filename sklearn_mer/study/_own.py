"""Rows of one's own: estimators by their import path or file, and published figures."""

import importlib
import inspect
import math
import sys
import traceback
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd
from sklearn.base import clone, is_classifier

from .._text import did_you_mean
from ..methods import Method
from ._cells import describe
from ._code import ship

RECIPE = "own"
PUBLISHED = ("method", "dataset", "f1_macro")


@dataclass(frozen=True, eq=False)
class OwnMethod(Method):
    """A row that is not of this library; its grid, if any, is searched in each training fold."""

    recipe: str = RECIPE
    grid: dict | None = None


def own_method(word):
    """Return the row of MODULE:NAME or FILE.py:NAME: a class, an instance or what returns one."""
    where, _, name = word.rpartition(":")
    if where.endswith(".py"):
        module = _import_file(Path(where).expanduser(), word)
    else:
        module = import_own(where, word)
    if not hasattr(module, name):
        own = [n for n, v in vars(module).items() if getattr(v, "__module__", "") == where]
        raise ValueError(
            f"{word}: {module.__name__} has no {name!r}.{did_you_mean(name, own or vars(module))}"
        )
    estimator = checked(_made(getattr(module, name), word), word)
    return OwnMethod(f"{module.__name__}.{name}", estimator)


def _import_file(file, what):
    if not file.is_file():
        raise ValueError(f"{what}: there is no file {file}.")
    module = import_own(file.stem, what, file.parent)
    found = getattr(module, "__file__", None)
    if found is None or not file.samefile(found):
        raise ValueError(
            f"{what}: another module is named {file.stem} already ({found or 'built in'}). Rename "
            "the file."
        )
    return module


def import_own(name, what, folder="."):
    """Import a module that is on Python's path or, after that, in a folder."""
    folder = str(Path(folder).resolve())
    if folder not in sys.path:
        sys.path.append(folder)  # for good: a method may import more when it is fitted
    importlib.invalidate_caches()
    try:
        return importlib.import_module(name)
    except (Exception, SystemExit) as error:  # whatever a module raises
        missing = getattr(error, "name", None) if isinstance(error, ModuleNotFoundError) else None
        if missing and f"{name}.".startswith(f"{missing}."):
            raise ValueError(
                f"{what}: there is no module {missing!r}, neither on the path of Python "
                f"(PYTHONPATH) nor in {folder}."
            ) from error
        raise ValueError(
            f"{what}: the import of {name!r} failed{_place(error)}: {type(error).__name__}: {error}"
        ) from error


def _place(error):
    """Say in which line of a module an error was raised."""
    frames = traceback.extract_tb(error.__traceback__)
    frames = [f for f in frames if not f.filename.startswith("<") and f.filename != __file__]
    frames = [f for f in frames if Path(f.filename).parent.name != "importlib"]
    if not frames:
        return ""
    return f" in {frames[-1].filename}, line {frames[-1].lineno} ({frames[-1].line})"


def _made(thing, what):
    """Return an instance, made by a class or a function where one is given."""
    if not inspect.isclass(thing) and (hasattr(thing, "fit") or not callable(thing)):
        return thing
    try:
        return thing()
    except Exception as error:  # of any type
        raise ValueError(
            f"{what} cannot be called without arguments ({type(error).__name__}: {error}). Give "
            "all parameters defaults, or name a function that takes none and returns the estimator."
        ) from error


def checked(estimator, what):
    """Return a classifier that can be a row; raise an error that says why another thing cannot."""
    kind = type(estimator).__name__
    lacking = [n for n in ("fit", "predict", "get_params") if not hasattr(estimator, n)]
    if lacking:
        raise ValueError(
            f"{what} is no estimator: {kind} has no {lacking[0]}. Derive its class from "
            "sklearn.base.ClassifierMixin and sklearn.base.BaseEstimator, and give it fit and "
            "predict."
        )
    try:
        estimator = clone(estimator)
        describe(estimator)
        fits_classes = is_classifier(estimator)
    except Exception as error:  # of the estimator's own methods, too
        raise ValueError(
            f"{what} cannot be cloned and described ({type(error).__name__}: {error}). As in "
            "scikit-learn, __init__ only assigns its parameters, which have values that are plain "
            "or estimators."
        ) from error
    if not fits_classes:
        raise ValueError(
            f"{what} is no classifier. Derive {kind} from sklearn.base.ClassifierMixin (before "
            "BaseEstimator), or end the pipeline with a classifier."
        )
    ship(estimator)
    return estimator


def with_published(rows, known, file):
    """Give rows the published figures of a CSV file; return them and a note."""
    try:
        table = pd.read_csv(file, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        raise ValueError(f"The published figures {file} cannot be read: {error}") from error
    if missing := [name for name in PUBLISHED if name not in table]:
        raise ValueError(
            f"{file} has no column {missing[0]!r}. Published figures have the columns "
            f"{','.join(PUBLISHED)}, the last in percent."
        )
    found = {}
    for number, (key, dataset, text) in enumerate(table[list(PUBLISHED)].to_numpy(), start=2):
        if key not in known:
            raise ValueError(
                f"{file}, line {number}: there is no row {key!r}.{did_you_mean(key, known)}"
            )
        found.setdefault(key, {})[dataset] = percent(text, f"{file}, line {number}")
    rows = [replace(row, published=row.published | found.get(row.key, {})) for row in rows]
    named = ", ".join(row.key for row in rows if row.key in found) or "none of these rows"
    return rows, f"Published figures of {named} are from {file}."


def percent(value, place):
    """Return a published figure, which is in percent."""
    try:
        number = math.nan if isinstance(value, bool) else float(value)
    except (TypeError, ValueError):
        number = math.nan
    if not (number == 0 or 1 < number <= 100):
        raise ValueError(
            f"{place}: the published figure {value!r} must be a macro F1 in percent, up to 100."
        )
    return number
