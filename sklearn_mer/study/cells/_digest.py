"""Digests that say whether two cells are the same computation.

Two cells share a row of the store only when everything that can change their scores is
equal. An unstable digest costs a recomputation; a digest that overlooks something would mix
results silently, so what cannot be told apart is refused.
"""

import hashlib
import inspect
import json
from functools import cache
from importlib.metadata import version
from pathlib import Path

import joblib
import numpy as np

from ..._version import __version__

# Where and how fast a method runs, not what it computes.
NEUTRAL_PARAMETERS = frozenset(
    {"cache", "cache_dir", "device", "memory", "n_jobs", "pre_dispatch", "verbose"}
)
# Libraries whose releases have moved scores.
VERSIONED_LIBRARIES = ("librosa", "numpy", "scikit-learn", "scipy", "skorch", "soxr", "torch")


def digest(*parts):
    """Return 32 hexadecimal digits for a sequence of strings and bytes-like objects.

    Parameters
    ----------
    *parts : str or bytes-like

    Returns
    -------
    str
    """
    hasher = hashlib.blake2b(digest_size=16)
    for part in parts:
        data = part.encode() if isinstance(part, str) else memoryview(part).cast("B")
        # Lengths keep ("ab", "c") and ("a", "bc") apart.
        hasher.update(len(data).to_bytes(8, "little"))
        hasher.update(data)
    return hasher.hexdigest()


def canonical_json(value):
    """Return JSON text that is the same for equal values, whatever their order.

    Parameters
    ----------
    value : object
        Anything made of JSON's own types.

    Returns
    -------
    str
    """
    return json.dumps(value, sort_keys=True, ensure_ascii=True, separators=(",", ":"))


def canonical_parameters(estimator):
    """Describe an estimator by its class and parameters, in JSON's own types.

    Parameters that cannot change a result (``n_jobs``, ``verbose``, ``device``, caches) are
    left out, at every depth.

    Parameters
    ----------
    estimator : estimator
        Anything with ``get_params``; nested estimators are described the same way.

    Returns
    -------
    dict
        ``{"class": ..., "params": {...}}``.

    Raises
    ------
    TypeError
        If a parameter is a lambda or a local function, which have no name of their own.

    Examples
    --------
    >>> from sklearn.svm import SVC
    >>> canonical_parameters(SVC(C=5))["params"]["C"]
    5
    """
    params = estimator.get_params(deep=False)
    kept = {name: value for name, value in params.items() if name not in NEUTRAL_PARAMETERS}
    return {
        "class": _qualified_name(type(estimator)),
        "params": {name: canonical_value(value) for name, value in sorted(kept.items())},
    }


def canonical_value(value):
    """Describe a parameter's value in JSON's own types, equal values alike.

    Parameters
    ----------
    value : object

    Returns
    -------
    None, bool, int, float, str, list or dict

    Raises
    ------
    TypeError
        If it is a lambda or a local function, or has one.
    """
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, np.generic):
        return canonical_value(value.item())
    if isinstance(value, np.ndarray):
        return {"array": str(value.dtype), "shape": value.shape, "digest": array_digest(value)}
    if isinstance(value, list | tuple):
        return [canonical_value(item) for item in value]
    if isinstance(value, set | frozenset):
        return {"set": sorted(canonical_json(canonical_value(item)) for item in value)}
    if isinstance(value, dict):
        return {"dict": sorted([str(key), canonical_value(item)] for key, item in value.items())}
    if isinstance(value, Path):
        return {"path": file_part(value) if value.is_file() else str(value)}
    if inspect.isclass(value) or inspect.isroutine(value):
        return {"name": _qualified_name(value)}
    if hasattr(value, "get_params"):
        return canonical_parameters(value)
    return {"class": _qualified_name(type(value)), "hash": joblib.hash(value)}


def _qualified_name(thing):
    name = getattr(thing, "__qualname__", repr(thing))
    if inspect.isroutine(thing) and ("<lambda>" in name or "<locals>" in name):
        raise TypeError(
            f"The function {name!r} is a parameter, and two such functions cannot be told apart "
            "in a store. Define it at the top of a module and pass it by its name."
        )
    return f"{getattr(thing, '__module__', None) or 'builtins'}.{name}"


def array_digest(array):
    """Return the digest of an array's type, shape and values.

    Parameters
    ----------
    array : array-like

    Returns
    -------
    str
    """
    array = np.ascontiguousarray(array)
    if array.dtype.kind in "OU":
        # tolist keeps 1 and "1" apart, and does not depend on the width of the string type.
        return digest("values", str(array.shape), canonical_json(_plain(array.tolist())))
    return digest(array.dtype.str, str(array.shape), array.view(np.uint8).reshape(-1))


def _plain(values):
    if isinstance(values, list):
        return [_plain(value) for value in values]
    return values if isinstance(values, bool | int | float | str | None) else str(values)


def split_digest(train, test):
    """Return the digest of the indices on both sides of a split.

    Parameters
    ----------
    train, test : array-like of int

    Returns
    -------
    str
    """
    return digest(
        "split", array_digest(np.asarray(train, "<i8")), array_digest(np.asarray(test, "<i8"))
    )


def file_part(path):
    """Return the digest of a file's bytes; read once, and again when size or time changed."""
    status = path.stat()
    return _file_digest(path, status.st_size, status.st_mtime_ns)


@cache
def _file_digest(path, size, mtime_ns):  # the last two are there for the cache
    with open(path, "rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).hexdigest()


@cache
def result_versions():
    """Return the versions of the libraries that a score depends on.

    Returns
    -------
    dict of str to str
        Local parts such as ``+cpu`` are left out: they name a build, not a release.
    """
    found = {"sklearn_mer": __version__}
    found.update({name: version(name).partition("+")[0] for name in VERSIONED_LIBRARIES})
    return found
