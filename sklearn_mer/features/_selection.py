"""Selection of columns."""

import difflib
from itertools import groupby

from ._descriptor import DIMENSIONS
from .dimensions import all_descriptors


def select_columns(dimensions, columns):
    """Return the names of the selected columns, in the order of the table.

    Parameters
    ----------
    dimensions : sequence of str or None
        Names of dimensions; None for all.
    columns : sequence of str or None
        Names of columns or descriptors of these dimensions; None for all.

    Returns
    -------
    list of str
        Names of the columns.

    Raises
    ------
    ValueError
        If a name is unknown; the message lists the allowed names.
    """
    descriptors = all_descriptors()
    if dimensions is not None:
        _check_dimensions(dimensions, {d.dimension for d in descriptors})
        descriptors = [d for d in descriptors if d.dimension in dimensions]
    if columns is None:
        return [column for d in descriptors for column in d.columns]
    _check_columns(columns, descriptors, dimensions)
    wanted = set(columns)
    return [c for d in descriptors for c in d.columns if c in wanted or d.full_name in wanted]


def descriptors_of(columns):
    """Return the descriptors of columns, as one list per dimension."""
    wanted = set(columns)
    needed = [d for d in all_descriptors() if not wanted.isdisjoint(d.columns)]
    return [list(group) for _, group in groupby(needed, key=lambda d: d.dimension)]


def whole_dimension(dimension):
    """Return all descriptors of a dimension."""
    return [d for d in all_descriptors() if d.dimension == dimension]


def _check_dimensions(dimensions, existing):
    allowed = [name for name in DIMENSIONS if name in existing]
    _check_list("dimensions", dimensions, "dimensions")
    unknown = [str(name) for name in dimensions if name not in allowed]
    if unknown:
        raise ValueError(f"Unknown dimensions {unknown}; choose from {allowed}.")


def _check_columns(columns, descriptors, dimensions):
    _check_list("columns", columns, "columns or descriptors")
    names = [d.full_name for d in descriptors]
    allowed = {*names, *(column for d in descriptors for column in d.columns)}
    unknown = [str(name) for name in columns if name not in allowed]
    if not unknown:
        return
    close = {name: difflib.get_close_matches(name, allowed, 3) for name in unknown}
    hint = "".join(f" Similar to {name!r}: {near}." for name, near in close.items() if near)
    among = "" if dimensions is None else f" of the dimensions {list(map(str, dimensions))}"
    raise ValueError(
        f"Unknown columns {unknown}, which are neither columns nor descriptors{among}.{hint} The "
        f"descriptors are {names}; sklearn_mer.features.describe_columns() lists their columns."
    )


def _check_list(parameter, names, what):
    if isinstance(names, str):
        raise ValueError(f"{parameter}={names!r} is a string; put it into a list.")
    if not hasattr(names, "__len__") or not all(isinstance(name, str) for name in names):
        raise ValueError(f"{parameter}={names!r:.80} must be a list of names of {what}, or None.")
    if not len(names):
        raise ValueError(f"{parameter} is empty; give names of {what}, or None for all.")
