class DatasetNotFoundError(FileNotFoundError):
    """A data set, or a part of it, is not where it was looked for.

    The message says what was looked for, in which folder, how to point to
    another folder and where the data set can be got. Nothing was downloaded.

    See Also
    --------
    get_data_home : The folder in which data sets are looked for.
    """


class DatasetError(ValueError):
    """The files of a data set, or of its archive, contradict what is published.

    Raised for wrong counts, ids that are doubled or unknown, values that are no
    numbers, clips in the folder of another class and archives that are broken,
    unsafe to unpack or laid out differently. The message names the file.
    """


class DownloadError(OSError):
    """A download did not complete; nothing of it was kept.

    See Also
    --------
    fetch_4qaed : Download the 4-quadrant audio emotion data set.
    fetch_merge : Download a MERGE audio data set.
    """


def check_choice(name, value, allowed):
    """Raise a ValueError unless `value` is one of `allowed`."""
    # Compared one by one: a value that cannot be hashed is an answerable error too.
    if not any(value is choice or value == choice for choice in allowed):
        choices = ", ".join(repr(choice) for choice in allowed)
        raise ValueError(f"{name} must be one of {choices}; got {value!r}.")


def some(items, limit=5):
    """Return the first few items as text, and how many more there are."""
    items = list(items)
    text = ", ".join(str(item) for item in items[:limit])
    return text if len(items) <= limit else f"{text} and {len(items) - limit} more"
