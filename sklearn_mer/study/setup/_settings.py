"""Settings that a search chose, as files: one TOML file a method."""

import json
import tomllib

from ._parameters import check_value, with_params

_HOW = "A file of settings has a table [params] with a line a parameter, as table1.py search writes"


def settings_text(params, chosen):
    """Return the text of a file of settings.

    Parameters
    ----------
    params : dict of str to object
        Parameters of the row's estimator.
    chosen : dict of str to object
        How they were chosen: data set, recipe, folds, score.

    Returns
    -------
    str

    Examples
    --------
    >>> print(settings_text({"C": 5.0}, {"dataset": "4qaed", "n_candidates": 16}), end="")
    [params]
    C = 5.0
    <BLANKLINE>
    [chosen]
    dataset = "4qaed"
    n_candidates = 16
    """
    # JSON of numbers, texts, truth values and lists of them is TOML, too.
    tables = [
        f"[{title}]\n" + "".join(f"{name} = {json.dumps(value)}\n" for name, value in table.items())
        for title, table in (("params", params), ("chosen", chosen))
    ]
    return "\n".join(tables)


def with_settings(methods, folder):
    """Give rows the settings that a folder has for them.

    Parameters
    ----------
    methods : sequence of StudyMethod
    folder : Path
        With a file ``<key>.toml`` for each row that is to have other settings than its recipe's.

    Returns
    -------
    methods : list of StudyMethod
    notes : list of str
        A line a row that was changed: by what, and where that was chosen.

    Raises
    ------
    ValueError
        If there is no file for any of the rows, or a file cannot be used: the message says why.
    """
    files = {method.key: folder / f"{method.key}.toml" for method in methods}
    if not any(file.is_file() for file in files.values()):
        raise ValueError(
            f"There are no settings for {', '.join(files)} in {folder}: no file such as "
            f"{next(iter(files))}.toml. Give --settings a folder that table1.py search wrote."
        )
    changed, notes = [], []
    for method in methods:
        file = files[method.key]
        if file.is_file():
            params, chosen = _read(file, method)
            notes.append(_note(method, params, chosen))
            method = with_params(method, params, title=f"{method.title} (searched)")
        changed.append(method)
    return changed, notes


def _read(file, method):
    try:
        text = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:  # TOML that cannot be read is a ValueError
        raise ValueError(f"The settings {file} cannot be read: {error}.") from error
    params, chosen = text.get("params"), text.get("chosen", {})
    if not isinstance(params, dict) or not params or not isinstance(chosen, dict):
        raise ValueError(f"{file} has no settings. {_HOW}.")
    recipe = chosen.get("recipe", method.recipe)
    if recipe != method.recipe:
        raise ValueError(
            f"The settings {file} were chosen on top of the recipe {recipe!r}, and this run has "
            f"{method.recipe!r}. Give --recipe {recipe}, or other --settings."
        )
    for name, value in params.items():
        check_value(file, name, value, method.estimator)
    return params, chosen


def _note(method, params, chosen):
    values = ", ".join(f"{name} = {value}" for name, value in params.items())
    if not {"dataset", "f1_macro", "n_candidates"} <= set(chosen):
        return f"{method.key}: not the recipe's settings alone, but with {values}."
    return (
        f"{method.key}: with settings chosen on {chosen['dataset']}, the best of "
        f"{chosen['n_candidates']} there ({chosen['f1_macro']:.2f} %): {values}."
    )
