"""Where the files of the register are, and that they are these."""

import hashlib
import os
import shlex
from pathlib import Path

from .._data_home import ENVIRONMENT_VARIABLE, default_data_home, get_data_home
from ._errors import WeightsError, WeightsNotFoundError
from ._noted import LOCK, noted_sha256
from ._register import available_weights

_digests = {}


def find_weights(name, data_home=None):
    """Return the path of a file of the register, after checking its sha256 where it is known.

    Parameters
    ----------
    name : str
        See `available_weights`.
    data_home : str or path-like, default=None
        The folder whose sub-folder ``weights`` is looked in; see
        `sklearn_mer.datasets.get_data_home`.

    Returns
    -------
    pathlib.Path
        Path of the file.

    Raises
    ------
    ValueError
        If the name is unknown.
    WeightsNotFoundError
        If the file is missing. Nothing is downloaded.
    WeightsError
        If its sha256 differs from the registered one.

    See Also
    --------
    fetch_weights : Download a file.

    Notes
    -----
    Where the register knows no sha256 (see `WeightsInfo`), that of the first download is checked. A
    file that was put there by hand is then checked by its layout when a network is built from it.

    Examples
    --------
    >>> from sklearn_mer.weights import find_weights
    >>> find_weights("mtat_crnn", data_home="no_such_folder")
    Traceback (most recent call last):
    sklearn_mer.weights._errors.WeightsNotFoundError: No file mtat_crnn.pth in ...
    """
    info = known_weights(name)
    folder = get_data_home(data_home) / "weights"
    path = folder / info.file
    if not path.is_file():
        raise WeightsNotFoundError(_not_found([info], folder))
    expected = info.sha256 or noted_sha256(path)
    if expected is not None and (actual := file_sha256(path)) != expected:
        size = f" ({info.n_bytes} bytes)" if info.n_bytes else f", noted in {LOCK} there"
        raise WeightsError(
            f"{info.file} in {folder} is damaged or another file: its sha256 is {actual} "
            f"({path.stat().st_size} bytes), expected {expected}{size}. "
            f"`{_command([info], folder)} --force` replaces it. To use a file of your own, pass "
            "its path as weights=."
        )
    return path


def known_weights(name):
    """Return the entry of a name, or raise a ValueError."""
    register = available_weights()
    if name not in register:
        raise ValueError(f"No weights {name!r}; the register has {', '.join(register)}.")
    return register[name]


def missing_weights(names, data_home=None):
    """Return a text that says which files are missing and how to get them.

    Parameters
    ----------
    names : iterable of str
        See `available_weights`.
    data_home : str or path-like, default=None
        See `find_weights`.

    Returns
    -------
    str or None
        None if all are there.
    """
    folder = get_data_home(data_home) / "weights"
    missing = [info for info in map(known_weights, names) if not (folder / info.file).is_file()]
    return _not_found(missing, folder) if missing else None


def _not_found(infos, folder):
    one = len(infos) == 1
    files = ", ".join(info.file for info in infos)
    sources = "; ".join(
        f"{url} (licence: {licence})"
        for url, licence in dict.fromkeys((i.url, i.licence) for i in infos)
    )
    return (
        f"No {'file' if one else 'files'} {files} in {folder}. Nothing was downloaded. "
        f"`{_command(infos, folder)}` gets {'it' if one else 'them'} from {sources}. If you have "
        f"{'it' if one else 'them'}, add --from FOLDER, or name the folder whose sub-folder "
        f"weights holds {'it' if one else 'them'} by data_home= or the environment variable "
        f"{ENVIRONMENT_VARIABLE}."
    )


def _command(infos, folder):
    """Return the command that gets files into a folder, however that was chosen."""
    words = ["sklearn-mer", "weights", "fetch", *(info.name for info in infos)]
    if folder.parent != default_data_home():
        words += ["--data-home", str(folder.parent)]
    return shlex.join(words)


def file_sha256(path):
    """Return the sha256 of a file, computed once a process unless the file changes.

    Parameters
    ----------
    path : path-like
        The file.

    Returns
    -------
    str
        The digest in hexadecimal digits.

    Raises
    ------
    WeightsError
        If the file cannot be read.
    """
    status = os.stat(path)
    identity = (str(path), status.st_size, status.st_mtime_ns, status.st_ino)
    if identity not in _digests:
        try:
            with open(path, "rb") as file:
                _digests[identity] = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise WeightsError(f"{path} cannot be read: {error.strerror}.") from error
    return _digests[identity]


def registered_as(path):
    """Return the entry of the register whose file has the name of this one, else None.

    Parameters
    ----------
    path : path-like
        The file.

    Returns
    -------
    WeightsInfo or None
        The entry.
    """
    name = Path(path).name
    return next((info for info in available_weights().values() if info.file == name), None)


def how_to_get(path):
    """Return a sentence that says how to get a file that can be used in place of one.

    Parameters
    ----------
    path : path-like
        The file that cannot be used.

    Returns
    -------
    str
        The sentence.
    """
    info = registered_as(path)
    if info is None:
        return "Copy or save it again; `sklearn-mer weights` lists those that are published."
    return f"`sklearn-mer weights fetch {info.name} --force` gets it again from {info.url}."
