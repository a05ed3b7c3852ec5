class DatasetNotFoundError(FileNotFoundError):
    """A data set or a part of it was not found.

    The message names the missing file and its folder, how to set another folder, and where to get
    the data set. Nothing is downloaded.

    See Also
    --------
    get_data_home : Return the folder that contains data sets.
    """


class DatasetError(ValueError):
    """The files of a data set or its archive differ from the published ones.

    Raised for wrong counts, duplicate or unknown ids, values that are not numbers, clips in the
    folder of another class, and archives that are broken, unsafe to unpack or have another layout.
    The message names the file.

    See Also
    --------
    DatasetNotFoundError : Where there are no files.
    load_4qaed : Raises it.
    load_merge : Raises it.
    """


def first_few(items, limit=5):
    """Return the first items as text, with the number of further ones."""
    items = list(items)
    text = ", ".join(str(item) for item in items[:limit])
    return text if len(items) <= limit else f"{text} and {len(items) - limit} more"
