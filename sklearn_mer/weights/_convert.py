"""From what authors publish to the files of the register."""

import io
import zipfile

import numpy as np

from .._optional import import_optional
from ._checkpoint import read_checkpoint
from ._errors import WeightsError

# Of a layer; what optimisers keep has other names.
_PARTS = ("kernel", "bias", "gamma", "beta", "moving_mean", "moving_variance")


def check_can_convert(network):
    """Raise an ImportError if a package is missing that the conversion needs."""
    if network == "artist":
        _h5py()


def convert(network, contents):
    """Return the bytes of a file of the register.

    Parameters
    ----------
    network : str
        See `WeightsInfo`.
    contents : list of bytes
        The originals, in the order of the register.

    Returns
    -------
    bytes
        The same on every platform.

    Raises
    ------
    WeightsError
        If the originals are not what they should be.
    """
    if network == "musicnn":
        return npz_bytes(_of_layers(read_checkpoint(*contents)))
    (content,) = contents
    if network == "artist":
        return npz_bytes(_of_layers(_keras_arrays(content)))
    if network == "openl3" and not content.startswith((b"PK\x03\x04", b"\x80\x02")):
        raise WeightsError(f"It is no file of torch; it begins with {content[:40]!r}.")
    return content


def _of_layers(arrays):
    """Return the arrays of layers, ``layer/part``, as ``layer.part``."""
    named = {tuple(name.split("/")): array for name, array in arrays.items()}
    return {".".join(n): a for n, a in named.items() if len(n) == 2 and n[1] in _PARTS}


def _keras_arrays(content):
    """Return {"layer/part": array} of a model that Keras saved as HDF5."""
    arrays = {}

    def add(name, thing):
        if hasattr(thing, "shape"):
            path = name.removesuffix(":0").split("/")
            arrays["/".join(path[-2:])] = np.asarray(thing, dtype="<f4")

    try:
        with _h5py().File(io.BytesIO(content), "r") as file:
            file["model_weights"].visititems(add)
    except (OSError, KeyError, ValueError, TypeError, RuntimeError) as error:
        raise WeightsError(f"It is no model that Keras saved: {error!s:.200}.") from error
    return arrays


def _h5py():
    return import_optional("h5py", "The conversion of the artist network", "weights")


def npz_bytes(arrays):
    """Return arrays as a ``.npz`` file whose bytes depend on nothing else.

    Parameters
    ----------
    arrays : dict of str to ndarray
        By name.

    Returns
    -------
    bytes
        As `numpy.savez` writes them on Unix.
    """
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name in sorted(arrays):
            member = zipfile.ZipInfo(f"{name}.npy")
            member.create_system = 3  # else it is the platform's
            with archive.open(member, "w", force_zip64=True) as file:
                np.lib.format.write_array(file, np.ascontiguousarray(arrays[name], dtype="<f4"))
    return content.getvalue()
