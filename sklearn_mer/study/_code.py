"""The code of estimators that are not of this library: which modules it is, and its digest."""

import inspect
import sys
import sysconfig
from functools import partial
from pathlib import Path

from ._keys import PACKAGE, VERSIONED_LIBRARIES, digest

try:
    import cloudpickle
except ImportError:  # joblib before 1.6 brings it along
    from joblib.externals import cloudpickle

# Of these the key has the version already.
_KNOWN = {*sys.stdlib_module_names, *VERSIONED_LIBRARIES, "sklearn", "sklearn_mer"}
_INSTALLED = {Path(sysconfig.get_path(name)).resolve() for name in ("stdlib", "purelib", "platlib")}


def own_code(estimator):
    """Return the digest of an estimator's own code, None if it is made of known libraries alone.

    It is of the sources of its own modules (see `own_modules`), of the modules that hold installed
    classes of other libraries, and of the versions of the installed packages that all these import.
    """
    own, sources = own_modules(estimator), []
    for part in _parts(estimator):
        module = _module_of(part)
        if module is None or _top(module) in _KNOWN:
            continue
        if _file_of(module) is None:  # of a notebook
            sources += [part.__qualname__, _source_of(part)]
        own[module.__name__] = module
    for name in sorted(own):
        file = _file_of(own[name])
        sources += [name, b"" if file is None else file.read_bytes()]
    packages = {_top(module) for one in own.values() for module in _imported(one)} - _KNOWN
    for name in sorted(packages):
        sources += [name, str(getattr(sys.modules.get(name), "__version__", ""))]
    return digest("own code", *sources) if sources else None


def own_modules(estimator):
    """Return the modules of an estimator that are not installed, by name.

    They are those of its class, of its parts and of functions that are parameters, and what these
    modules import at their top.
    """
    found, queue = {}, [_module_of(part) for part in _parts(estimator)]
    while queue:
        module = queue.pop()
        if module is not None and module.__name__ not in found and _is_own(module):
            found[module.__name__] = module
            queue += _imported(module)
    return found


def ship(estimator):
    """Have an estimator's own modules sent to workers, which need not be able to import them."""
    for module in own_modules(estimator).values():
        cloudpickle.register_pickle_by_value(module)


def packed(task):
    """Return a task as bytes that a worker can unpack."""
    try:
        return cloudpickle.dumps(task)
    except Exception as error:  # of many types
        raise TypeError(
            f"A {type(task[0]).__name__} cannot be sent to a worker ({type(error).__name__}: "
            f"{error}). Run it with --jobs 1, or make in its methods what its module makes."
        ) from error


def _parts(value):
    """Yield the classes and functions that a parameter's value is of, at every depth."""
    if isinstance(value, list | tuple | set | frozenset):
        for item in value:
            yield from _parts(item)
    elif isinstance(value, dict):
        yield from _parts(list(value.values()))
    elif isinstance(value, partial):
        yield from _parts([value.func, value.args, value.keywords])
    elif inspect.isclass(value) or inspect.isfunction(value):
        yield value
    elif hasattr(value, "get_params") or hasattr(value, "get_n_splits"):
        yield type(value)
        inside = value.get_params(deep=False) if hasattr(value, "get_params") else vars(value)
        yield from _parts(inside)


def _module_of(thing):
    name = getattr(thing, "__module__", None)
    return sys.modules.get(name) if isinstance(name, str) else None


def _imported(module):
    """Return the modules that a module's names are, or are from."""
    values = list(vars(module).values())
    found = [value if inspect.ismodule(value) else _module_of(value) for value in values]
    return [other for other in found if other is not None]


def _file_of(module):
    file = getattr(module, "__file__", None)
    return Path(file).resolve() if file and Path(file).is_file() else None


def _top(module):
    return module.__name__.partition(".")[0]


def _is_own(module):
    file = _file_of(module)
    if file is None or file.suffix != ".py" or _top(module) in _KNOWN:
        return False
    installed = {"site-packages", "dist-packages"} & set(file.parts)
    return not installed and not {*_INSTALLED, PACKAGE} & set(file.parents)


def _source_of(part):
    try:
        return inspect.getsource(part)
    except (OSError, TypeError):
        return ""
