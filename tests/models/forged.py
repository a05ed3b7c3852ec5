"""Files of models that are changed inside, with right checksums."""

import io
import json
import zipfile

import numpy as np

from sklearn_mer.models._archive import ARRAY, INFO, STRUCTURE, write_archive


def parts(content):
    """Return info, structure and arrays of a file."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        info, structure = (json.loads(archive.read(name)) for name in (INFO, STRUCTURE))
        n_arrays = len(archive.namelist()) - 2
        arrays = [np.load(archive.open(ARRAY.format(i))) for i in range(n_arrays)]
    return info, structure, arrays


def whole(info, structure, arrays):
    """Return the file of parts."""
    file = io.BytesIO()
    write_archive(file, info, structure, arrays)
    return file.getvalue()


def entries(content):
    """Return {name: bytes} of a file."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(named, compression=zipfile.ZIP_STORED):
    """Return a zip of (name, bytes) pairs."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        for name, content in named:
            archive.writestr(name, content)
    return file.getvalue()


def objects(structure, last_name):
    """Return the nodes of the objects of a class, by the last part of its name in files."""
    found, left = [], [structure]
    while left:
        node = left.pop()
        if isinstance(node, dict) and str(node.get("class")).endswith(f".{last_name}"):
            found.append(node)
        left += node.values() if isinstance(node, dict) else node if isinstance(node, list) else []
    return found
