import io

import numpy as np
import pandas as pd

from ._errors import DatasetError, first_few


def read_text(path):
    """Return the text of a file in UTF-8, with or without byte order mark, or else Latin-1."""
    content = path.read_bytes()
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def clean(values):
    """Strip blanks, and the quotes around names in some published files."""
    return values.astype("string").str.strip().str.strip("\"'").str.strip()


def read_table(path, id_columns, *, text_columns=(), numeric=False, sep=","):
    """Read a CSV file with one row per clip.

    Parameters
    ----------
    path : pathlib.Path
        File to read.
    id_columns : tuple of str
        Possible names of the column with clip ids.
    text_columns : tuple of str
        Columns to read as text, such as years ("1998", "unknown").
    numeric : bool
        Whether NA, NaN and similar values are missing ones. In tables of text they can be names of
        artists.
    sep : str
        Separator of the columns.

    Returns
    -------
    DataFrame
        Rows in the order of the file, with the clip ids as index "id".
    """
    text_options = {} if numeric else {"keep_default_na": False, "na_values": [""]}
    dtype = dict.fromkeys((*id_columns, *text_columns), str)
    try:
        table = pd.read_csv(io.StringIO(read_text(path)), dtype=dtype, sep=sep, **text_options)
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise DatasetError(f"{path} cannot be read as a CSV file: {error}") from error
    table.columns = [str(column).strip().strip("\"'") for column in table.columns]
    return _index_by_id(table, id_columns, path)


def _index_by_id(table, id_columns, path):
    column = next((name for name in id_columns if name in table.columns), None)
    if column is None:
        raise DatasetError(
            f"{path} has no column {' or '.join(id_columns)}; its columns are "
            f"{first_few(table.columns)}."
        )
    ids = clean(table[column])
    if (ids.isna() | (ids == "")).any():
        raise DatasetError(f"{path} has rows without an id in the column {column}.")
    if ids.duplicated().any():
        raise DatasetError(
            f"{path} has duplicate clips: {first_few(ids[ids.duplicated()].unique())}."
        )
    return table.drop(columns=column).set_index(pd.Index(ids.astype(object), name="id"))


def require_columns(table, columns, path):
    """Raise a DatasetError if the table lacks one of the columns."""
    missing = [column for column in columns if column not in table.columns]
    if missing:
        raise DatasetError(
            f"{path} has no column {' and no column '.join(missing)}; its columns are "
            f"{first_few(table.columns)}."
        )


def align(table, ids, path):
    """Return the rows of a table in the order of `ids`, which must be the ids of the table."""
    missing, unknown = ids.difference(table.index), table.index.difference(ids)
    if len(missing) or len(unknown):
        raise DatasetError(
            f"{path} and the annotations list different clips: {len(missing)} are missing "
            f"({first_few(missing) or 'none'}), {len(unknown)} are unknown "
            f"({first_few(unknown) or 'none'})."
        )
    return table.loc[ids]


def check_agreement(given, annotated, path):
    """Raise a DatasetError if two aligned columns of labels differ."""
    differing = annotated.index[
        clean(given).fillna("").to_numpy(dtype=object) != annotated.to_numpy()
    ]
    if len(differing):
        raise DatasetError(
            f"{path} has other quadrants than the annotations for {len(differing)} clips: "
            f"{first_few(differing)}."
        )


def to_numbers(table, path):
    """Return the table as float64; raise a DatasetError for values that are not numbers."""
    numbers = table.apply(pd.to_numeric, errors="coerce").astype(np.float64)
    wrong = numbers.isna() & table.notna()
    if wrong.to_numpy().any():
        rows, columns = np.nonzero(wrong.to_numpy())
        values = (
            f"{table.columns[column]} of {table.index[row]}: {str(table.iat[row, column])!r}"
            for row, column in zip(rows, columns, strict=True)
        )
        raise DatasetError(
            f"{path} has {len(rows)} values that are not numbers: {first_few(values)}."
        )
    return numbers
