import os
from contextlib import contextmanager
from pathlib import Path

import platformdirs

ENVIRONMENT_VARIABLE = "SKLEARN_MER_DATA"


def get_data_home(data_home=None):
    """Return the folder that contains data sets and pre-trained weights.

    Data sets are in its sub-folder ``datasets``, weights in ``weights``. The folder is, in this
    order, the argument `data_home`, the environment variable ``SKLEARN_MER_DATA``, or the cache
    folder of this library on the platform.

    Parameters
    ----------
    data_home : str or path-like, default=None
        Folder to use; ``~`` is expanded to the home folder of the user. None or an empty string
        stands for the environment variable or the default.

    Returns
    -------
    pathlib.Path
        Absolute path. The folder is not created.

    See Also
    --------
    load_4qaed : Load the 4-quadrant audio emotion data set.
    load_merge : Load a MERGE audio data set.

    Examples
    --------
    >>> from sklearn_mer.datasets import get_data_home
    >>> get_data_home("music").name
    'music'
    """
    if data_home is not None and not isinstance(data_home, str | os.PathLike):
        raise TypeError(f"data_home={data_home!r} is no path; give a str, a path-like or None.")
    chosen = data_home or os.environ.get(ENVIRONMENT_VARIABLE)
    return Path(os.path.expanduser(chosen)).absolute() if chosen else default_data_home()


def default_data_home():
    """Return the data home where neither an argument nor the environment names one."""
    return Path(platformdirs.user_cache_dir("sklearn_mer", appauthor=False)).absolute()


@contextmanager
def prefer_data_home(data_home):
    """Set the environment variable of the data home in this context, for child processes too.

    Parameters
    ----------
    data_home : str, path-like or None
        Data home. If None, the environment is not changed.
    """
    before = os.environ.get(ENVIRONMENT_VARIABLE)
    if data_home:
        os.environ[ENVIRONMENT_VARIABLE] = str(get_data_home(data_home))
    try:
        yield
    finally:
        if before is not None:
            os.environ[ENVIRONMENT_VARIABLE] = before
        elif data_home:
            del os.environ[ENVIRONMENT_VARIABLE]
