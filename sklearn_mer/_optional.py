"""Libraries that are extras of this one."""


def import_optuna(what):
    """Return optuna, or say how to get it.

    Parameters
    ----------
    what : str
        What needs it.

    Returns
    -------
    module

    Raises
    ------
    ImportError
        If it is not installed.
    """
    try:
        import optuna
    except ImportError as error:
        raise ImportError(
            f'{what} needs optuna, which is not installed: pip install "sklearn-mer[search]"'
        ) from error
    return optuna
