"""The parameter `weights`, and files of weights read without running code from them."""

import os
import warnings
from pathlib import Path

import numpy as np
import torch

from .._tensors import load_tensors
from ..weights import (
    WeightsError,
    WeightsNotFoundError,
    available_weights,
    file_sha256,
    find_weights,
    how_to_get,
    registered_as,
)


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
    info = registered_as(path)
    if info is not None and info.sha256 not in (None, file_sha256(path)):
        warnings.warn(
            f"{path} has the name of the registered weights {info.name!r}, but another sha256: it "
            f"is damaged, or other weights. Give weights={info.name!r} to have it checked, or "
            "give a file of your own another name.",
            stacklevel=5,
        )


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
            f"{how_to_get(path)}"
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
        raise WeightsError(f"{path}: {name} is empty. {how_to_get(path)}")
    variance = name.endswith((".running_var", ".moving_variance"))
    n_wrong = int((~torch.isfinite(array) | (variance & (array < 0))).sum())
    if n_wrong:
        what = "NaN, infinite or negative, as no variance is" if variance else "NaN or infinite"
        raise WeightsError(
            f"{path}: {n_wrong} of {array.numel()} values of {name} are {what}. The file is "
            f"damaged, or its training diverged. {how_to_get(path)}"
        )


def _read_npz(path):
    # zipfile checks the checksum of what it has read.
    with np.load(path, allow_pickle=False) as file:
        return {name: torch.from_numpy(file[name]) for name in file.files}
