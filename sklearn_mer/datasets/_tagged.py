"""What data sets with several tags a clip need."""

import re
import warnings
from numbers import Integral

import numpy as np
import pandas as pd
from sklearn.utils import Bunch

from ._errors import DatasetError, some
from ._screen import screen
from ._tables import clean


def read_tags(table, path):
    """Return a table of tags as integers; raise a DatasetError for what is neither 0 nor 1."""
    numbers = table.apply(pd.to_numeric, errors="coerce")
    wrong = ~numbers.isin([0, 1]).to_numpy()
    if wrong.any():
        places = (
            f"{table.columns[column]} of {table.index[row]}: {str(table.iat[row, column])!r}"
            for row, column in zip(*np.nonzero(wrong), strict=True)
        )
        raise DatasetError(f"{path} holds {wrong.sum()} tags other than 0 and 1: {some(places)}.")
    return numbers.astype(np.int64)


def read_paths(column, pattern, path):
    """Return a column of paths, checked by a pattern that says what they must look like."""
    paths = clean(column).fillna("").astype(object)
    wrong = [name for name in paths if not re.fullmatch(pattern, name)]
    if wrong:
        raise DatasetError(
            f"{path} has {len(wrong)} clips whose {column.name} is no file in a folder 0 to 9 or "
            f"a to f: {some(map(repr, wrong))}."
        )
    return paths


def most_frequent(tags, n_tags, path):
    """Return the columns of the most frequent tags, the most frequent one first.

    Parameters
    ----------
    tags : DataFrame of 0 and 1
    n_tags : int or None
        None for all.
    path : path-like
        For the messages.
    """
    if n_tags is None:
        n_tags = tags.shape[1]
    whole = isinstance(n_tags, Integral) and not isinstance(n_tags, bool)
    if not (whole and 1 <= n_tags <= tags.shape[1]):
        raise ValueError(
            f"n_tags must be None or an integer from 1 to {tags.shape[1]}, the number of tags in "
            f"{path}; got {n_tags!r}."
        )
    counts = tags.sum()
    order = sorted(tags.columns, key=lambda tag: (-counts[tag], tag))
    return tags[order[:n_tags]]


def locate(root, paths):
    """Return the absolute paths of clips by id, and those that are missing or empty.

    Returns
    -------
    audio : Series of str
    bad : list of (str, str)
        Each with the reason.
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


def screen_known(audio, bad, known, **options):
    """Keep the usable clips, as `screen` does, but never fail for those known to be broken.

    Parameters
    ----------
    audio : Series of str
    bad : list of (str, str)
    known : set of str
        Paths of clips that the published archive holds broken.
    **options
        Of `screen`.
    """
    expected = pd.DataFrame([pair for pair in bad if pair[0] in known], columns=["file", "reason"])
    if len(expected):
        warnings.warn(
            f"{len(expected)} clips that are broken in the published archive are left out: "
            f"{some(expected['file'])}.",
            UserWarning,
            stacklevel=3,
        )
    rest = audio[~audio.isin(expected["file"])]
    kept, skipped = screen(rest, [pair for pair in bad if pair[0] not in known], **options)
    return kept, pd.concat([expected, skipped], ignore_index=True).astype(object)


def make_tag_bunch(*, audio, target, groups, split, metadata, skipped, descr, as_frame, return_X_y):
    """Assemble what a loader of tagged clips returns; rows not in `audio` are dropped."""
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
