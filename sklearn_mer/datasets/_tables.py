import io

import numpy as np
import pandas as pd

from ._errors import DatasetError, some


def read_text(path):
    """Return a file's text: UTF-8 with or without a mark, else Latin-1."""
    content = path.read_bytes()
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def clean(values):
    """Strip blanks and the quotes that some published files leave around names."""
    return values.astype("string").str.strip().str.strip("\"'").str.strip()


def read_table(path, id_columns, *, text_columns=(), numeric=False, sep=","):
    """Read a CSV file whose rows are clips, indexed by the clips' ids.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    id_columns : tuple of str
        Names under which the column of ids may go.
    text_columns : tuple of str
        Columns that must not be read as numbers ("1998" and "unknown" together).
    numeric : bool
        Whether NA, NaN and the like mean a missing value. In a table of words
        they do not: an artist may be called so.
    sep : str
        What stands between two columns.

    Returns
    -------
    DataFrame
        In the order of the file, the index named "id".
    """
    words = {} if numeric else {"keep_default_na": False, "na_values": [""]}
    dtype = dict.fromkeys((*id_columns, *text_columns), str)
    try:
        table = pd.read_csv(io.StringIO(read_text(path)), dtype=dtype, sep=sep, **words)
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise DatasetError(f"{path} cannot be read as a CSV file: {error}") from error
    table.columns = [str(column).strip().strip("\"'") for column in table.columns]
    return _index_by_id(table, id_columns, path)


def _index_by_id(table, id_columns, path):
    column = next((name for name in id_columns if name in table.columns), None)
    if column is None:
        raise DatasetError(
            f"{path} has no column {' or '.join(id_columns)}; its columns are "
            f"{some(table.columns)}."
        )
    ids = clean(table[column])
    if (ids.isna() | (ids == "")).any():
        raise DatasetError(f"{path} has rows without an id in the column {column}.")
    if ids.duplicated().any():
        raise DatasetError(f"{path} names clips twice: {some(ids[ids.duplicated()].unique())}.")
    return table.drop(columns=column).set_index(pd.Index(ids.astype(object), name="id"))


def require_columns(table, columns, path):
    """Raise a DatasetError unless the table has all the columns."""
    missing = [column for column in columns if column not in table.columns]
    if missing:
        raise DatasetError(
            f"{path} has no column {' and no column '.join(missing)}; its columns are "
            f"{some(table.columns)}."
        )


def align(table, ids, path):
    """Return the rows of a table in the order of `ids`, which must be the same set."""
    missing, unknown = ids.difference(table.index), table.index.difference(ids)
    if len(missing) or len(unknown):
        raise DatasetError(
            f"{path} does not list the clips of the annotations: {len(missing)} are missing "
            f"({some(missing) or 'none'}), {len(unknown)} are unknown ({some(unknown) or 'none'})."
        )
    return table.loc[ids]


def check_agreement(given, annotated, path):
    """Raise a DatasetError where two aligned columns of labels differ."""
    differing = annotated.index[
        clean(given).fillna("").to_numpy(dtype=object) != annotated.to_numpy()
    ]
    if len(differing):
        raise DatasetError(
            f"{path} gives other quadrants than the annotations to {len(differing)} clips: "
            f"{some(differing)}."
        )


def to_numbers(table, path):
    """Return the table as float64; raise a DatasetError naming what is no number."""
    numbers = table.apply(pd.to_numeric, errors="coerce").astype(np.float64)
    wrong = numbers.isna() & table.notna()
    if wrong.to_numpy().any():
        rows, columns = np.nonzero(wrong.to_numpy())
        places = (
            f"{table.columns[column]} of {table.index[row]}: {table.iat[row, column]!r}"
            for row, column in zip(rows, columns, strict=True)
        )
        raise DatasetError(f"{path} holds {len(rows)} values that are no numbers: {some(places)}.")
    return numbers
