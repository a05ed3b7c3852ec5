"""Rows that are pipelines in TOML files."""

import inspect

from sklearn.pipeline import Pipeline

from .._compat import validate_parameter_constraints
from .._text import did_you_mean
from ._cells import Protocol
from ._grids import check_grid, read_toml
from ._own import OwnMethod, checked, import_own, percent

KEYS = ("title", "steps", "grid", "published")


def read_pipelines(folder):
    """Return the rows of a folder of TOML files, in the order of their names."""
    files = sorted(folder.glob("*.toml"))
    if not files:
        what = "has no files" if folder.is_dir() else "is no folder with files"
        raise ValueError(f"{folder} {what} named *.toml. Give --pipelines a folder with some.")
    return [read_pipeline(file) for file in files]


def read_pipeline(file):
    """Return the row of a file."""
    text = read_toml(file, "pipeline")
    _check_keys(text, KEYS, file)
    title = text.get("title", file.stem)
    if not isinstance(title, str) or not title.strip():
        raise ValueError(f"{file}: title is {title!r}, and must be a text.")
    steps = text.get("steps")
    if not isinstance(steps, list) or not steps or not all(isinstance(s, dict) for s in steps):
        raise ValueError(
            f"{file}: steps must be a list of tables, each with a class: [[steps]], and below it "
            'class = "sklearn.svm.SVC".'
        )
    pipeline = checked(Pipeline(_named_steps(steps, file)), f"{file}: the pipeline")
    grid, published = text.get("grid"), text.get("published", {})
    for name, table in (("grid", grid or {}), ("published", published)):
        if not isinstance(table, dict):
            raise ValueError(f"{file}: {name} is {table!r}, and must be a table: [{name}].")
    if grid is not None:
        check_grid(file, grid, pipeline, Protocol())
    figures = {name: percent(value, f"{file}: {name!r}") for name, value in published.items()}
    return OwnMethod(file.stem, pipeline, title, published=figures, grid=grid)


def _check_keys(table, allowed, place):
    for name in table:
        if name not in allowed:
            raise ValueError(
                f"{place}: the key {name!r} is unknown.{did_you_mean(name, allowed)} Allowed are "
                f"{', '.join(allowed)}."
            )


def _named_steps(tables, file):
    steps = {}
    for number, table in enumerate(tables, start=1):
        place = f"{file}: step {number}"
        _check_keys(table, ("name", "class", "parameters"), place)
        step = _made({name: value for name, value in table.items() if name != "name"}, place)
        if number < len(tables) and not hasattr(step, "transform"):
            raise ValueError(f"{place}: {table['class']} has no transform, and is not the last.")
        name = table.get("name", type(step).__name__.lower())
        if not isinstance(name, str) or not name.isidentifier() or "__" in name:
            raise ValueError(
                f"{place}: name is {name!r}, and must be letters, digits and single underscores."
            )
        if name in {*steps, *inspect.signature(Pipeline).parameters}:
            raise ValueError(f"{place}: the name {name!r} is taken. Give the step another name.")
        steps[name] = step
    return list(steps.items())


def _made(table, place):
    """Return the object of a table with a class and perhaps its parameters."""
    _check_keys(table, ("class", "parameters"), place)
    path, params = table.get("class"), table.get("parameters", {})
    module, _, name = path.rpartition(".") if isinstance(path, str) else ("", "", "")
    if not module:
        raise ValueError(
            f"{place}: class is {path!r}, and must be an import path such as 'sklearn.svm.SVC'."
        )
    cls = getattr(found := import_own(module, place), name, None)
    if cls is None:
        raise ValueError(f"{place}: {module} has no {name!r}.{did_you_mean(name, vars(found))}")
    if not inspect.isclass(cls) or not (hasattr(cls, "get_params") or hasattr(cls, "get_n_splits")):
        raise ValueError(f"{place}: {path} is no class of estimators or splitters.")
    if not isinstance(params, dict):
        raise ValueError(f"{place}: parameters is {params!r}, and must be a table.")
    allowed = list(inspect.signature(cls).parameters)
    for key in params:
        if key not in allowed:
            raise ValueError(
                f"{place}: {key!r} is no parameter of {name}.{did_you_mean(key, allowed)} Allowed "
                f"are {', '.join(sorted(allowed))}."
            )
    values = {key: _value(value, f"{place}, {key}") for key, value in params.items()}
    try:
        made = cls(**values)
        constraints = getattr(made, "_parameter_constraints", {})
        validate_parameter_constraints(constraints, values, name)
    except Exception as error:  # of any type
        raise ValueError(f"{place}: {name} cannot be made. {error}") from error
    return made


def _value(value, place):
    """Return the value of a parameter; a table with a class is an object."""
    if isinstance(value, list):
        return [_value(item, place) for item in value]
    return _made(value, place) if isinstance(value, dict) and "class" in value else value
