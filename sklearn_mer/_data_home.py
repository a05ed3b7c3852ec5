import os
from contextlib import contextmanager
from pathlib import Path

import platformdirs

ENVIRONMENT_VARIABLE = "SKLEARN_MER_DATA"


def get_data_home(data_home=None):
    """Return the folder in which data sets and pre-trained weights are looked for.

    Data sets lie in its sub-folder ``datasets``, one folder each, weights in
    ``weights``. The first of these that is given counts: the argument
    `data_home`, the environment variable ``SKLEARN_MER_DATA``, the platform's
    cache folder of this library.

    Parameters
    ----------
    data_home : str or path-like, default=None
        The folder to use; ``~`` stands for the home folder. None or an empty
        string leaves the choice to the environment.

    Returns
    -------
    pathlib.Path
        An absolute path. The folder need not exist and is not created: it may
        be on a read-only disk.

    See Also
    --------
    load_4qaed : Clips of the 4-quadrant audio emotion data set.
    load_merge : Clips of the MERGE audio data sets.

    Examples
    --------
    >>> from sklearn_mer.datasets import get_data_home
    >>> get_data_home("music").name
    'music'
    """
    chosen = data_home or os.environ.get(ENVIRONMENT_VARIABLE)
    if not chosen:
        chosen = platformdirs.user_cache_dir("sklearn_mer", appauthor=False)
    return Path(chosen).expanduser().absolute()


@contextmanager
def prefer_data_home(data_home):
    """Let the environment name a data home for a while, here and in processes begun meanwhile.

    Parameters
    ----------
    data_home : str, path-like or None
        None leaves the environment as it is.
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
