"""Clips and labels from a table of one's own."""

import os
from pathlib import Path

import pandas as pd

from .._docs import share_docs
from ._bunch import make_bunch
from ._errors import DatasetError, DatasetNotFoundError, first_few
from ._layout import warn_of_copies
from ._merge import PARTS, split_entries
from ._options import checks_options
from ._tables import clean, read_table, require_columns
from ._unusable import drop_unusable


@checks_options(
    table=[str, os.PathLike], label=[str], group=[str, None], split=[str, None], sep=[str]
)
@share_docs
def load_table(
    table,
    *,
    label="label",
    group="group",
    split=None,
    sep=",",
    return_X_y=False,
    as_frame=True,
    on_error="raise",
    n_jobs=None,
    verbose=0,
):
    r"""Load clips that a CSV file lists with their labels.

    Parameters
    ----------
    table : str or path-like
        CSV file with a row of names and one row per clip: a column ``path``, a column of labels
        and, optionally, one of groups (such as artists). Paths are relative to the folder of the
        file. Other columns are ignored.
    label : str, default="label"
        Name of the column of labels.
    group : str or None, default="group"
        Name of the column of groups, for splitters with groups; a clip without one is a group of
        its own. If there is no column "group", or with None, there are no groups.
    split : str or None, default=None
        Name of a column with a fixed split: "train", "validate" or "test"; empty for a clip that is
        in no part.
    sep : str, default=","
        Separator of the columns.
    return_X_y : bool, default=False
        {return_X_y}
    as_frame : bool, default=True
        {as_frame}
    on_error : {"raise", "skip"}, default="raise"
        What to do with clips that cannot be decoded. "raise" raises one error for all of them.
        "skip" leaves them out with a warning, and lists them in `skipped`.
    n_jobs : int, default=None
        {n_jobs}
    verbose : int, default=0
        {verbose}

    Returns
    -------
    data : :class:`~sklearn.utils.Bunch`
        As of `load_folder`; `ids` are the paths as they are in the file. With `split`, it has
        the entries `split` and `splits` of `load_merge`.
    (data, target) : tuple if ``return_X_y=True``
        Clips and labels.

    Raises
    ------
    DatasetNotFoundError
        If there is no such file.
    DatasetError
        If a column is missing, a clip has no label, an unknown part of the split or is there twice,
        or there are fewer than two classes.
    AudioError
        If clips cannot be used (with "skip": if no clip can be used).

    See Also
    --------
    load_folder : Clips in one folder per class.
    load_songs : Songs without labels.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> import numpy as np
    >>> import soundfile
    >>> from sklearn_mer.datasets import load_table
    >>> with tempfile.TemporaryDirectory() as root:
    ...     for number, name in enumerate(["a.wav", "b.wav", "c.wav"]):
    ...         soundfile.write(Path(root, name), np.sin(np.arange(8000) / (9 + number)), 8000)
    ...     _ = Path(root, "clips.csv").write_text(
    ...         "path,label,group\na.wav,Q1,Abba\nb.wav,Q3,Cohen\nc.wav,Q3,Cohen\n")
    ...     clips = load_table(Path(root, "clips.csv"))
    >>> clips.target.to_dict()
    {'a.wav': 'Q1', 'b.wav': 'Q3', 'c.wav': 'Q3'}
    >>> clips.groups.tolist()
    ['Abba', 'Cohen', 'Cohen']
    """
    path = Path(os.path.expanduser(table)).absolute()
    if not path.is_file():
        raise DatasetNotFoundError(
            f"There is no file {path}. load_table needs a CSV file with the columns path,{label}."
        )
    named = [name for name in (group, split) if name]
    rows = read_table(path, ("path",), text_columns=(label, *named), sep=sep)
    require_columns(rows, [label, *(name for name in named if name != "group")], path)
    target = _labels(rows[label], path)
    audio = pd.Series([str(path.parent / name) for name in rows.index], index=rows.index)
    groups = _groups(rows[group]) if group in rows.columns else None
    parts = None if split is None else _parts(rows[split], path)
    audio, skipped = drop_unusable(
        audio, [], on_error=on_error, decode=True, n_jobs=n_jobs, verbose=verbose
    )
    if target.loc[audio.index].nunique() < 2:
        without = f", without {len(skipped)} unusable clips" if len(skipped) else ""
        raise DatasetError(
            f"{path} has only the class {first_few(target.loc[audio.index].unique())}{without}; at "
            "least two classes are needed."
        )
    warn_of_copies(audio, target)
    return make_bunch(
        audio=audio,
        target=target,
        groups=groups,
        metadata=audio.map(os.path.getsize).to_frame("size"),
        skipped=skipped,
        descr=f"Clips of the table {path}\n\n{len(audio)} clips, {len(skipped)} left out.\n",
        as_frame=as_frame,
        return_X_y=return_X_y,
        **split_entries(parts, audio.index, as_frame),
    )


def _labels(column, path):
    labels = clean(column).fillna("").astype(object)
    without = labels.index[labels == ""]
    if len(without):
        raise DatasetError(
            f"{path} has {len(without)} clips without a label in the column {column.name}: "
            f"{first_few(without)}. Give them one, or leave them out."
        )
    return labels.rename("label")


def _groups(column):
    names = clean(column).fillna("").astype(object)
    own = pd.Series(names.index, index=names.index)
    return names.where(names != "", own).rename("group")


def _parts(column, path):
    parts = clean(column).astype(object).where(lambda part: part != "")
    wrong = parts[parts.notna() & ~parts.isin(PARTS)]
    if len(wrong):
        raise DatasetError(
            f"{path} has {wrong.iloc[0]!r} in the column {column.name} for {wrong.index[0]}; a "
            f"part of a split is one of {', '.join(PARTS)}, or empty."
        )
    return parts.rename("split")
