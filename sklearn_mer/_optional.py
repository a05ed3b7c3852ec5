"""Optional dependencies."""


def import_optuna(what):
    """Import optuna.

    Parameters
    ----------
    what : str
        Name of the object that needs it, for the error.

    Returns
    -------
    module
        The module `optuna`.

    Raises
    ------
    ImportError
        If optuna is not installed; the message tells how to install it.
    """
    try:
        import optuna
    except ImportError as error:
        raise ImportError(
            f'{what} needs optuna, which is not installed. Run pip install "sklearn-mer[search]".'
        ) from error
    return optuna
