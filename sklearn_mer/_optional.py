"""Optional dependencies."""

from importlib import import_module


def import_optional(name, what, extra):
    """Import a package that an extra installs.

    Parameters
    ----------
    name : str
        Name of the package.
    what : str
        What needs it, for the error.
    extra : str
        The extra.

    Returns
    -------
    module
        The package.

    Raises
    ------
    ImportError
        If it is not installed; the message tells how to install it.
    """
    try:
        return import_module(name)
    except ImportError as error:
        raise ImportError(
            f'{what} needs {name}, which is not installed. Run pip install "sklearn-mer[{extra}]".'
        ) from error
