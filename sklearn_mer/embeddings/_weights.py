"""Files of weights: found, checked, read without running code from them."""

import hashlib
import os
import warnings
from pathlib import Path

import numpy as np
import torch

from .._data_home import ENVIRONMENT_VARIABLE, get_data_home
from .._tensors import load_tensors
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
        try:
            with open(path, "rb") as file:
                _digests[identity] = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise WeightsError(f"{path} cannot be read: {error.strerror}.") from error
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
    path = os.path.expanduser(weights)
    if not os.path.isfile(path):  # says no to any text, which a Path does not
        raise WeightsNotFoundError(
            f"weights={os.fspath(weights)!r} is neither a file nor a name of the register; the "
            f"names allowed here are {', '.join(allowed)}."
        )
    _warn_of_other_bytes(Path(path))
    return Path(path), None


def _warn_of_other_bytes(path):
    """Warn of a file that has the name of a registered one and not its bytes."""
    info = _registered_as(path)
    if info is not None and info.sha256 not in (None, file_sha256(path)):
        warnings.warn(
            f"{path} has the name of the registered weights {info.name!r}, but another sha256: it "
            f"is damaged, or other weights. Give weights={info.name!r} to have it checked, or "
            "give a file of your own another name.",
            stacklevel=5,
        )


def _registered_as(path):
    return next((info for info in available_weights().values() if info.file == path.name), None)


def where_from(path):
    """Return a sentence that says where a file comes from that can be used in place of one."""
    info = _registered_as(Path(path))
    if info is None:
        return "Copy or save it again; `available_weights` says where the published files are from."
    return f"{info.file} is made from {info.url}: {info.how}."


def read_weights(path):
    """Return {name: float32 tensor} of a ``.npz``, ``.pth`` or ``.pt`` file.

    Raises
    ------
    WeightsError
        If the file cannot be read as named arrays, if a checksum in it is wrong, or if values are
        not finite.

    Notes
    -----
    ``.npz`` files, and those that `torch.save` has written since version 1.6, are zip archives
    with a CRC-32 of each array. Older ones have no checksums.
    """
    try:
        arrays = _read_npz(path) if path.suffix == ".npz" else load_tensors(path)
        named = isinstance(arrays, dict) and all(map(torch.is_tensor, arrays.values()))
        floats = {str(name): _as_float(a) for name, a in arrays.items()} if named else {}
    except Exception as error:  # of any kind: it depends on what a damaged file says
        raise WeightsError(
            f"{path} cannot be read as weights ({_reason(error)}). Allowed are a .npz of plain "
            "arrays, and a .pth or .pt that torch.load reads with weights_only=True. "
            f"{where_from(path)}"
        ) from error
    if not named:
        raise WeightsError(
            f"{path} holds no arrays by name but a {type(arrays).__name__} of other things; save "
            "net.state_dict(), not the network."
        )
    for name, array in floats.items():
        _check_values(name, array, path)
    return floats


def _reason(error):
    lines = str(error).splitlines() or [""]
    # torch gives advice in the next lines, some of it to run the code of a file.
    return f"{type(error).__name__}: {lines[0][:200]}" if lines[0] else type(error).__name__


def _as_float(array):
    if array.layout != torch.strided or array.is_complex():
        raise ValueError("its arrays must be plain ones of real numbers")
    return array.to("cpu", torch.float32)


def _check_values(name, array, path):
    if not array.numel():
        raise WeightsError(f"{path}: {name} is empty. {where_from(path)}")
    variance = name.endswith((".running_var", ".moving_variance"))
    n_wrong = int((~torch.isfinite(array) | (variance & (array < 0))).sum())
    if n_wrong:
        what = "NaN, infinite or negative, as no variance is" if variance else "NaN or infinite"
        raise WeightsError(
            f"{path}: {n_wrong} of {array.numel()} values of {name} are {what}. The file is "
            f"damaged, or its training diverged. {where_from(path)}"
        )


def _read_npz(path):
    # zipfile checks the checksum of what it has read.
    with np.load(path, allow_pickle=False) as file:
        return {name: torch.from_numpy(file[name]) for name in file.files}
