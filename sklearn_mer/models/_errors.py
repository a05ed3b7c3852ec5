"""The error of files of models."""


class ModelFileError(ValueError):
    """A file of a model is damaged, foreign, or made by a newer version.

    See Also
    --------
    load_model : Raises it.
    """
