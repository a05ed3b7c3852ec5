"""Files that change a row's parameters: grids to search over, and settings that were chosen.

Both are TOML, one file per method, ``<key>.toml``. A grid has a line per parameter with the values
to try; a file of settings has a table ``[params]``.
"""

import json
import math
import textwrap
import tomllib
from collections import namedtuple
from pathlib import Path

from sklearn.base import clone
from sklearn.model_selection import ParameterGrid

from .._compat import validate_parameter_constraints
from .._text import did_you_mean
from ._cells import check_size, with_params
from ._keys import NEUTRAL_PARAMETERS, canonical_json

GRIDS = Path(__file__).parent / "grids"
# Each cell has its own random_state.
_NOT_CHANGED = NEUTRAL_PARAMETERS | {"random_state"}


# One combination of a grid's values: what it sets, and the row with these parameters.
Candidate = namedtuple("Candidate", ["params", "method"])


def grid_file(path, key, *, alone):
    """Return the grid file of a method."""
    if path.is_file() and not alone:
        raise ValueError(
            f"The grid {path} is one file, which is for one method. Name the method with "
            "--methods, or give --grid a folder with one file per method, <key>.toml."
        )
    file = path if path.is_file() else path / f"{key}.toml"
    if not file.is_file():
        raise ValueError(
            f"There is no grid {file}. Give --grid a file, or a folder with {key}.toml in it; or "
            "name other methods with --methods."
        )
    return file


def read_grid(file, estimator, protocol):
    """Read the grid of an estimator and check it, and that its plan is not too large."""
    return check_grid(file, read_toml(file, "grid"), estimator, protocol)


def check_grid(file, grid, estimator, protocol):
    """Check the grid that a file has for an estimator, and return it."""
    if not grid:
        raise ValueError(f"The grid {file} is empty. Give it a line such as C = [1.0, 5.0].")
    for name, values in grid.items():
        _check_name(file, name, estimator)
        if not isinstance(values, list) or not values:
            raise ValueError(
                f"{file}: {name!r} has {_short(values)}, and must have a list of values to try, "
                f"such as {name} = [1, 2]."
            )
        if len({canonical_json(value, default=str) for value in values}) < len(values):
            twice = f"{name!r} has a value twice in {_short(values)}"
            raise ValueError(f"{file}: {twice}. Give each once.")
    # Before each value is looked at, which takes a millisecond.
    check_size(math.prod(map(len, grid.values())), protocol)
    for name, values in grid.items():
        for value in values:
            check_value(file, name, value, estimator)
    return grid


def _check_name(file, name, estimator):
    allowed = {n for n in estimator.get_params() if n.rpartition("__")[2] not in _NOT_CHANGED}
    if name.rpartition("__")[2] in _NOT_CHANGED:
        raise ValueError(
            f"{file}: {name!r} cannot be set here: it does not change a score, or every fold has "
            "its own."
        )
    if name not in allowed:
        raise ValueError(
            f"{file}: {name!r} is no parameter of {type(estimator).__name__}."
            f"{did_you_mean(name, allowed)} Allowed are {', '.join(sorted(allowed))}."
        )


def candidates_of(grid, method):
    """Return the combinations of a grid's values on top of a row's parameters."""
    return [Candidate(params, with_params(method, params)) for params in ParameterGrid(grid)]


def read_toml(file, what):
    """Return what a TOML file holds."""
    try:
        return tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        why = "it is nested too deeply" if isinstance(error, RecursionError) else error
        raise ValueError(f"The {what} {file} cannot be read: {why}.") from error


def _short(value):
    return textwrap.shorten(repr(value), 200, placeholder=" ...")


def check_value(file, name, value, estimator):
    """Check a parameter's value as the estimator's own `fit` would."""
    part, _, leaf = name.rpartition("__")
    try:
        changed = clone(estimator).set_params(**{name: value})
        owner = changed.get_params()[part] if part else changed
        constraints = getattr(owner, "_parameter_constraints", {})
        validate_parameter_constraints(constraints, {leaf: value}, type(owner).__name__)
    except (TypeError, ValueError, KeyError) as error:
        raise ValueError(f"{file}: {name!r} cannot be {_short(value)}. {error}") from error


def settings_text(params, chosen):
    """Return the text of a file of settings."""
    # JSON of numbers, texts, truth values and lists of them is TOML, too.
    tables = [
        f"[{title}]\n" + "".join(f"{name} = {json.dumps(value)}\n" for name, value in table.items())
        for title, table in (("params", params), ("chosen", chosen))
    ]
    return "\n".join(tables)


def with_settings(methods, folder):
    """Give rows the settings that a folder has for them; return them and a note for each."""
    changed, notes = [], []
    for method in methods:
        file = folder / f"{method.key}.toml"
        if file.is_file():
            params, note = _read_settings(file, method)
            notes.append(f"{method.key}: {note}")
            method = with_params(method, params, title=f"{method.title} (searched)")
        changed.append(method)
    if not notes:
        keys = [method.key for method in methods]
        raise ValueError(
            f"There are no settings for {', '.join(keys)} in {folder}: no file such as "
            f"{keys[0]}.toml. Give --settings a folder that the search wrote."
        )
    return changed, notes


def _read_settings(file, method):
    """Return the parameters that a file of settings has, checked, and where they are from."""
    text = read_toml(file, "settings")
    params, chosen = text.get("params"), text.get("chosen", {})
    if not isinstance(params, dict) or not params or not isinstance(chosen, dict):
        raise ValueError(
            f"{file} has no settings. A file of settings has a table [params] with a line per "
            "parameter, as the search writes it."
        )
    recipe = chosen.get("recipe", method.recipe)
    if recipe != method.recipe:
        raise ValueError(
            f"The settings {file} were chosen on top of the recipe {recipe!r}, and this run has "
            f"{method.recipe!r}. Give --recipe {recipe}, or other --settings."
        )
    for name, value in params.items():
        _check_name(file, name, method.estimator)
        check_value(file, name, value, method.estimator)
    values = ", ".join(f"{name} = {value}" for name, value in params.items())
    kinds = {"dataset": str, "f1_macro": float | int, "n_candidates": int}
    if not all(isinstance(chosen.get(name), kind) for name, kind in kinds.items()):
        return params, f"not the recipe's settings alone, but with {values}."
    return params, (
        f"with settings chosen on {chosen['dataset']}, the best of {chosen['n_candidates']} there "
        f"({chosen['f1_macro']:.2f} %): {values}."
    )
