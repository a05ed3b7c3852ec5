"""Grids as data: one TOML file a method, its lines parameters and the values to try."""

import tomllib
from dataclasses import dataclass

from sklearn.model_selection import ParameterGrid

from ..cells._digest import NEUTRAL_PARAMETERS, canonical_json
from ..cells._methods import StudyMethod
from ..setup._parameters import check_value, with_params

# Each cell has its own.
_NOT_SEARCHED = NEUTRAL_PARAMETERS | {"random_state"}


@dataclass(frozen=True)
class Candidate:
    """One combination of a grid's values.

    Parameters
    ----------
    params : dict of str to object
        What the grid sets.
    method : StudyMethod
        The row with these parameters.
    """

    params: dict
    method: StudyMethod


def grid_file(path, key, *, alone):
    """Return the grid file of a method.

    Parameters
    ----------
    path : Path
        A file, for one method; or a folder with ``<key>.toml``.
    key : str
    alone : bool
        Whether this is the only method.

    Returns
    -------
    Path

    Raises
    ------
    ValueError
        If there is no such file, or one file is given for several methods.
    """
    if path.is_file():
        if not alone:
            raise ValueError(
                f"The grid {path} is one file, which is for one method. Name the method with "
                "--methods, or give --grid a folder with one file a method, <key>.toml."
            )
        return path
    file = path / f"{key}.toml"
    if not file.is_file():
        raise ValueError(
            f"There is no grid {file}. Give --grid a file, or a folder with {key}.toml in it; or "
            "name other methods with --methods."
        )
    return file


def read_grid(file, estimator):
    """Read the grid of an estimator and check it.

    Parameters
    ----------
    file : Path
        TOML: each line a parameter, ``C = [1.0, 5.0]``.
    estimator : estimator
        What the parameters are of; it is left as it is.

    Returns
    -------
    dict of str to list

    Raises
    ------
    ValueError
        If the file is no TOML, or a parameter or one of its values is not the estimator's. The
        message names the file, the parameter and what is allowed.
    """
    try:
        grid = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:  # TOML that cannot be read is a ValueError
        raise ValueError(f"The grid {file} cannot be read: {error}.") from error
    if not grid:
        raise ValueError(f"The grid {file} is empty. Give it a line such as C = [1.0, 5.0].")
    for name, values in grid.items():
        _check_name(file, name, estimator)
        _check_values(file, name, values)
        for value in values:
            check_value(file, name, value, estimator)
    return grid


def read_candidates(file, method):
    """Return the combinations of a grid's values, each a method of its own.

    Parameters
    ----------
    file : Path
    method : StudyMethod
        The row; the grid goes on top of its parameters.

    Returns
    -------
    list of Candidate
    """
    grid = read_grid(file, method.estimator)
    return [Candidate(params, with_params(method, params)) for params in ParameterGrid(grid)]


def _check_name(file, name, estimator):
    if name.rpartition("__")[2] in _NOT_SEARCHED:
        raise ValueError(
            f"{file}: {name!r} cannot be searched over: it does not change a score, or every fold "
            "has its own."
        )
    allowed = [n for n in estimator.get_params() if n.rpartition("__")[2] not in _NOT_SEARCHED]
    if name not in allowed:
        raise ValueError(
            f"{file}: {name!r} is no parameter of {type(estimator).__name__}. Allowed are "
            f"{', '.join(sorted(allowed))}."
        )


def _check_values(file, name, values):
    if not isinstance(values, list) or not values:
        raise ValueError(
            f"{file}: {name!r} has {values!r}, and must have a list of values to try, such as "
            f"{name} = [1, 2]."
        )
    texts = [canonical_json(value) for value in values if isinstance(value, int | float | str)]
    if len(set(texts)) < len(texts):
        raise ValueError(f"{file}: {name!r} has a value twice in {values!r}. Give each once.")
