"""Data sets with several tags per clip."""

import re
import warnings
from numbers import Integral

import numpy as np
import pandas as pd
from sklearn.utils import Bunch

from ._errors import DatasetError, first_few
from ._tables import clean
from ._unusable import drop_unusable


def read_tags(table, path):
    """Return a table of tags as integers; raise a DatasetError for values other than 0 and 1."""
    numbers = table.apply(pd.to_numeric, errors="coerce")
    wrong = ~numbers.isin([0, 1]).to_numpy()
    if wrong.any():
        values = (
            f"{table.columns[column]} of {table.index[row]}: {str(table.iat[row, column])!r}"
            for row, column in zip(*np.nonzero(wrong), strict=True)
        )
        raise DatasetError(
            f"{path} has {wrong.sum()} tags other than 0 and 1: {first_few(values)}."
        )
    return numbers.astype(np.int64)


def read_paths(column, pattern, path):
    """Return a column of paths; raise a DatasetError for those that do not match a pattern."""
    paths = clean(column).fillna("").astype(object)
    wrong = [name for name in paths if not re.fullmatch(pattern, name)]
    if wrong:
        raise DatasetError(
            f"{path} has {len(wrong)} clips whose {column.name} is not a file in a folder 0 to 9 "
            f"or a to f: {first_few(map(repr, wrong))}."
        )
    return paths


def most_frequent(tags, n_tags, path):
    """Return the columns of the `n_tags` most frequent tags (None for all), in this order.

    `path` is the file of the tags, named in errors.
    """
    if n_tags is None:
        n_tags = tags.shape[1]
    is_int = isinstance(n_tags, Integral) and not isinstance(n_tags, bool)
    if not (is_int and 1 <= n_tags <= tags.shape[1]):
        raise ValueError(
            f"n_tags must be None or an integer from 1 to {tags.shape[1]}, the number of tags in "
            f"{path}; got {n_tags!r}."
        )
    counts = tags.sum()
    order = sorted(tags.columns, key=lambda tag: (-counts[tag], tag))
    return tags[order[:n_tags]]


def locate(root, paths):
    """Return the absolute paths of clips, and check that the files exist and are not empty.

    Returns
    -------
    audio : Series of str
        Paths by clip id.
    bad : list of (str, str)
        Paths of missing and empty clips, with the reasons.
    """
    audio = pd.Series([str(root / path) for path in paths], index=paths.index, name="audio")
    bad = []
    for file, path in zip(audio, paths, strict=True):
        try:
            size = (root / path).stat().st_size
        except OSError:
            bad.append((file, "no such file"))
        else:
            if size == 0:
                bad.append((file, "the file is empty (0 bytes)"))
    return audio, bad


def drop_unusable_or_known(audio, bad, known, **options):
    """Like `drop_unusable`, but clips known to be broken are dropped without an error.

    Parameters
    ----------
    audio : Series of str
        Paths by clip id.
    bad : list of (str, str)
        Paths known to be unusable, with the reasons.
    known : set of str
        Paths of clips that are broken in the published archive.
    **options : dict
        Parameters of `drop_unusable`.

    Returns
    -------
    audio : Series of str
        Usable clips, in the given order.
    skipped : DataFrame
        Columns ``file`` and ``reason``, with one row per dropped clip.
    """
    expected = pd.DataFrame([pair for pair in bad if pair[0] in known], columns=["file", "reason"])
    if len(expected):
        warnings.warn(
            f"{len(expected)} clips that are broken in the published archive are left out: "
            f"{first_few(expected['file'])}.",
            UserWarning,
            stacklevel=3,
        )
    rest = audio[~audio.isin(expected["file"])]
    kept, skipped = drop_unusable(rest, [pair for pair in bad if pair[0] not in known], **options)
    return kept, pd.concat([expected, skipped], ignore_index=True).astype(object)


def make_tag_bunch(*, audio, target, groups, split, metadata, skipped, descr, as_frame, return_X_y):
    """Return the Bunch of a loader of tagged clips; rows not in `audio` are dropped."""
    ids = audio.index
    target, tag_names = target.loc[ids], list(target.columns)
    table = audio.to_frame()
    data = table if as_frame else audio.to_numpy(dtype=object)
    tags = target if as_frame else target.to_numpy()
    if return_X_y:
        return data, tags
    columns = {"groups": groups.loc[ids], "split": split.loc[ids]}
    if not as_frame:
        columns = {name: values.to_numpy(dtype=object) for name, values in columns.items()}
    return Bunch(
        data=data,
        target=tags,
        frame=pd.concat([table, target], axis=1) if as_frame else None,
        feature_names=[],
        tag_names=tag_names,
        target_names=tag_names,
        ids=ids.to_numpy(dtype=object),
        metadata=metadata.loc[ids],
        skipped=skipped,
        DESCR=descr,
        **columns,
    )
