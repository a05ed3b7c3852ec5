class WeightsError(ValueError):
    """A file of weights is damaged, of another layout, or not what its name promises.

    The message names the file, what was found and what was expected.
    """


class WeightsNotFoundError(FileNotFoundError):
    """A file of weights is not where it was looked for.

    The message says which, in which folder, how to point to another folder and where the
    weights come from. Nothing was downloaded.

    See Also
    --------
    find_weights : Where a file of the register lies.
    """
