"""Files of weights: found, checked, read without running code from them."""

import hashlib
import os
import pickle
import zipfile
from pathlib import Path

import numpy as np
import torch

from .._data_home import ENVIRONMENT_VARIABLE, get_data_home
from ._errors import WeightsError, WeightsNotFoundError
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

    Notes
    -----
    Where the register knows no sha256 (see `WeightsInfo`), the file is checked by its layout
    when a network is built from it.

    Examples
    --------
    >>> from sklearn_mer.embeddings import find_weights
    >>> find_weights("mtat_crnn", data_home="no_such_folder")
    Traceback (most recent call last):
    sklearn_mer.embeddings._errors.WeightsNotFoundError: No file mtat_crnn.pth in ...
    """
    register = available_weights()
    if name not in register:
        raise ValueError(f"No weights {name!r}; the register has {', '.join(register)}.")
    info = register[name]
    path = get_data_home(data_home) / "weights" / info.file
    if not path.is_file():
        raise WeightsNotFoundError(
            f"No file {info.file} in {path.parent}. Nothing was downloaded. {_remedy(info)}"
        )
    actual = file_sha256(path) if info.sha256 else None
    if actual != info.sha256:
        raise WeightsError(
            f"{info.file} in {path.parent} is damaged or another file: its sha256 is {actual} "
            f"({path.stat().st_size} bytes), expected {info.sha256} ({info.n_bytes} bytes). "
            f"{_remedy(info)} To use a file of your own, pass its path as weights=."
        )
    return path


def _remedy(info):
    return (
        f"If you have it, put it there, or name the folder whose sub-folder weights holds it by "
        f"data_home= or the environment variable {ENVIRONMENT_VARIABLE}. If not: it is made from "
        f"{info.url} (licence: {info.licence}): {info.how}{_sum(info)}"
    )


def _sum(info):
    if info.sha256 is None:
        return ". Its sha256 is not in the register: its layout is checked."
    return f"; sha256 {info.sha256}. No address is known that gives the same bytes."


def file_sha256(path):
    """Return the sha256 of a file, computed once a process unless the file changes."""
    status = os.stat(path)
    identity = (str(path), status.st_size, status.st_mtime_ns, status.st_ino)
    if identity not in _digests:
        with open(path, "rb") as file:
            _digests[identity] = hashlib.file_digest(file, "sha256").hexdigest()
    return _digests[identity]


def resolve_weights(weights, networks, data_home):
    """Return path and register entry (None for a user's own file) of a `weights` parameter.

    Parameters
    ----------
    weights : str or path-like
        A name of the register, else the path of a file.
    networks : tuple of str
        The networks that the estimator can build.
    data_home : str, path-like or None

    Returns
    -------
    path : pathlib.Path
    info : WeightsInfo or None
    """
    register = available_weights()
    allowed = [name for name, info in register.items() if info.network in networks]
    if isinstance(weights, str) and weights in register:
        if weights not in allowed:
            raise ValueError(
                f"weights={weights!r} is a file for another embedding; allowed are "
                f"{', '.join(allowed)}, or the path of a file of your own."
            )
        return find_weights(weights, data_home), register[weights]
    path = Path(weights).expanduser()
    if not path.is_file():
        raise WeightsNotFoundError(
            f"weights={os.fspath(weights)!r} is neither a file nor a name of the register; the "
            f"names allowed here are {', '.join(allowed)}."
        )
    return path, None


def read_weights(path):
    """Return {name: float32 tensor} of a ``.npz``, ``.pth`` or ``.pt`` file.

    Raises
    ------
    WeightsError
        When the file cannot be read as named arrays.
    """
    try:
        arrays = _read_npz(path) if path.suffix == ".npz" else _read_torch(path)
    except (OSError, ValueError, EOFError, RuntimeError, KeyError, *_UNPICKLING) as error:
        raise WeightsError(
            f"{path} cannot be read as weights ({type(error).__name__}). Allowed are a "
            ".npz of plain arrays, and a .pth or .pt that torch.load reads with weights_only=True."
        ) from error
    if not isinstance(arrays, dict) or not all(map(torch.is_tensor, arrays.values())):
        raise WeightsError(
            f"{path} holds no arrays by name but a {type(arrays).__name__} of other things; save "
            "net.state_dict(), not the network."
        )
    return {str(name): array.to(torch.float32) for name, array in arrays.items()}


_UNPICKLING = (pickle.UnpicklingError, zipfile.BadZipFile)


def _read_npz(path):
    with np.load(path, allow_pickle=False) as file:
        return {name: torch.from_numpy(file[name]) for name in file.files}


def _read_torch(path):
    return torch.load(path, map_location="cpu", weights_only=True)
