"""Digests that say whether two cells are the same computation.

Two cells share a result only when everything that can change their scores is equal. An unstable
digest costs a recomputation; a digest that overlooks something would mix results silently, so what
cannot be told apart is refused.
"""

import hashlib
import inspect
import json
import math
import sys
from functools import cache, partial
from importlib.metadata import version
from itertools import accumulate
from pathlib import Path

import numpy as np
from joblib import Parallel, delayed

from .._version import __version__
from ..audio import file_digest

# Where and how fast a method runs, not what it computes.
NEUTRAL_PARAMETERS = frozenset(
    {"cache", "cache_dir", "device", "memory", "n_jobs", "pre_dispatch", "verbose"}
)
# Libraries whose releases have moved scores.
VERSIONED_LIBRARIES = ("librosa", "numpy", "scikit-learn", "scipy", "skorch", "soxr", "torch")
PACKAGE = Path(__file__).parents[1]
# Of the sources, plotting moves no score, and of the study only these files do.
LEFT_OUT = frozenset({"plotting", "study"})
OF_THE_STUDY = ("study/_cells.py", "study/_score.py")


def digest(*parts):
    """Return 32 hexadecimal digits for strings and bytes-like objects."""
    hasher = hashlib.blake2b(digest_size=16)
    for part in parts:
        data = part.encode() if isinstance(part, str) else memoryview(part).cast("B")
        # Lengths keep ("ab", "c") and ("a", "bc") apart.
        hasher.update(len(data).to_bytes(8, "little"))
        hasher.update(data)
    return hasher.hexdigest()


def canonical_json(value, default=None):
    """Return JSON text that is the same for equal values, whatever their order."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), default=default)


def json_digest(name, value):
    """Return the digest of a value made of JSON's own types, of one kind (`name`)."""
    return digest(name, canonical_json(value))


def canonical_parameters(estimator):
    """Describe an estimator by the public name of its class and its parameters, in JSON's types.

    Parameters that cannot change a result (``n_jobs``, ``verbose``, ``device``, caches) are
    left out, at every depth.
    """
    try:
        return _described(estimator, estimator.get_params(deep=False))
    except RecursionError:
        raise _cannot_describe(estimator, "it contains itself") from None


def _described(thing, params):
    kept = {name: value for name, value in params.items() if name not in NEUTRAL_PARAMETERS}
    return {
        "class": public_name(type(thing)),
        "params": {name: canonical_value(value) for name, value in sorted(kept.items())},
    }


def _cannot_describe(value, why):
    return TypeError(
        f"A parameter of the type {public_name(type(value))} cannot be described, so two of them "
        f"could not be told apart in the results: {why}. Use plain values, arrays, estimators, "
        "splitters or functions with a name."
    )


def canonical_value(value):
    """Describe a parameter's value in JSON's own types, equal values alike."""
    if isinstance(value, float) and not math.isfinite(value):
        return {"float": str(float(value))}  # JSON has no word for it
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, np.generic):
        return canonical_value(value.item())
    if isinstance(value, np.ndarray):
        shape = list(value.shape)
        return {"array": str(value.dtype), "shape": shape, "digest": array_digest(value)}
    if isinstance(value, list | tuple):
        return [canonical_value(item) for item in value]
    if isinstance(value, set | frozenset):
        return {"set": sorted(canonical_json(canonical_value(item)) for item in value)}
    if isinstance(value, dict):
        pairs = ([str(key), canonical_value(item)] for key, item in value.items())
        return {"dict": sorted(pairs, key=canonical_json)}
    if isinstance(value, Path):
        return {"path": file_digest(value) if value.is_file() else str(value)}
    if isinstance(value, partial):
        return {"partial": canonical_value([value.func, value.args, value.keywords])}
    named = inspect.isclass(value) or inspect.isroutine(value) or isinstance(value, np.ufunc)
    if named and not inspect.ismethod(value):  # a method hides what its object holds
        return {"name": public_name(value)}
    if hasattr(value, "get_params"):
        return canonical_parameters(value)
    if hasattr(value, "get_n_splits"):  # a splitter: what it was made with is all that it has
        return _described(value, vars(value))
    raise _cannot_describe(value, "it is of no type that the keys know")


def public_name(thing):
    """Return the shortest public import path of a class or function.

    A package is public where no part of its name begins with an underscore, and exports what is
    in its ``__all__`` or, without one, all that it holds. So moving a file changes no key.
    """
    name = getattr(thing, "__qualname__", repr(thing))
    if "<lambda>" in name or (inspect.isroutine(thing) and "<locals>" in name):
        raise TypeError(
            f"The function {name!r} is a parameter, and two such functions cannot be told apart "
            "in the results. Define it at the top of a module and pass it by its name."
        )
    module = getattr(thing, "__module__", None) or "builtins"
    for path in accumulate(module.split("."), "{}.{}".format):
        if path.rpartition(".")[2].startswith("_"):
            break
        package = sys.modules.get(path)
        exported = name in getattr(package, "__all__", [name])
        if exported and getattr(package, name, None) is thing:
            return f"{path}.{name}"
    return f"{module}.{name}"


def array_digest(array):
    """Return the digest of an array's type, shape and values."""
    array = np.ascontiguousarray(array)
    if array.dtype.kind in "OU":
        # tolist keeps 1 and "1" apart, and does not depend on the width of the string type.
        return digest("values", str(array.shape), canonical_json(array.tolist(), default=str))
    return digest(array.dtype.str, str(array.shape), array.view(np.uint8).reshape(-1))


def split_digest(train, test):
    """Return the digest of the indices on both sides of a split."""
    return digest("split", *(array_digest(np.asarray(side, "<i8")) for side in (train, test)))


def data_digest(X, y):
    """Return the digest of what a method sees; of audio the bytes, as a data set may move."""
    if not hasattr(X, "columns"):
        X = np.asarray(X)
        clips = _files_digest(X) if X.dtype.kind in "OUT" else array_digest(X)
        return digest("data", clips, array_digest(np.asarray(y)))
    parts = []
    for name in X.columns:
        values = X[name].to_numpy()
        plain = values if values.dtype.kind in "bif" else values.astype(object)
        parts += [str(name), _files_digest(values) if name == "audio" else array_digest(plain)]
    return digest("data", digest("table", *parts), array_digest(np.asarray(y)))


def _files_digest(paths):
    paths = [Path(str(path)) for path in np.ravel(paths)]
    missing = [str(path) for path in paths if not path.is_file()]
    if missing:
        named = ", ".join(missing[:3]) + (", ..." if len(missing) > 3 else "")
        raise FileNotFoundError(
            f"{len(missing)} of {len(paths)} audio files are missing: {named}. Restore them, or "
            "load the data set again."
        )
    # Threads: reading and hashing both release the interpreter lock.
    digests = Parallel(n_jobs=4, prefer="threads")(delayed(file_digest)(path) for path in paths)
    return digest("audio", *digests)


@cache
def result_versions():
    """Return the versions of the libraries that a score depends on, by name."""
    # Without local parts such as ``+cpu``: they name a build, not a release.
    found = {name: version(name).partition("+")[0] for name in VERSIONED_LIBRARIES}
    return {"sklearn_mer": __version__, **found}


def sources_digest(package):
    """Return the digest of the sources below a folder, as far as they can move a score."""
    parts = []
    for name in sorted(path.relative_to(package).as_posix() for path in package.rglob("*.py")):
        if name in OF_THE_STUDY or name.partition("/")[0] not in LEFT_OUT:
            parts += [name, (package / name).read_bytes()]
    return digest("code", *parts)


code_digest = cache(partial(sources_digest, PACKAGE))
