"""Files of tensors that torch has written."""

import zipfile

import torch


def load_tensors(path):
    """Read a file of `torch.save`, without running code from it.

    Parameters
    ----------
    path : path-like
        The file.

    Returns
    -------
    object
        Tensors and plain values.

    Raises
    ------
    ValueError
        If a checksum in the file is wrong. Files of torch before 1.6 have none.
    Exception
        Of many kinds, if the file is damaged in another way.
    """
    with open(path, "rb") as file:
        is_zip = file.read(2) == b"PK"
    if is_zip:  # of which torch checks no checksum
        with zipfile.ZipFile(path) as archive:
            damaged = archive.testzip()
        if damaged is not None:
            raise ValueError(f"the checksum of {damaged} in it is wrong")
    return torch.load(path, map_location="cpu", weights_only=True)
