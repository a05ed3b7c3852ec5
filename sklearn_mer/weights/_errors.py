class WeightsError(ValueError):
    """A file of weights is damaged, of another layout, or not what its name promises.

    The message names the file, what was found and what was expected.

    See Also
    --------
    find_weights : Where a file of the register lies.
    WeightsNotFoundError : Where there is no file.
    """


class WeightsNotFoundError(FileNotFoundError):
    """A file of weights is not where it was looked for.

    The message says which, in which folder, how to point to another folder and which command
    downloads it. Nothing was downloaded.

    See Also
    --------
    fetch_weights : Download a file of the register.
    find_weights : Where a file of the register lies.
    """
