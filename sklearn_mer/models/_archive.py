"""The container of a model: a zip of JSON and arrays, all stored as they are."""

import io
import json
import math
import os
import struct
import zipfile

import numpy as np

from ._errors import ModelFileError

INFO, STRUCTURE, ARRAY = "info.json", "model.json", "arrays/{}.npy"
_MIB = 2**20
_LARGEST = {INFO: _MIB, STRUCTURE: 16 * _MIB}
# Of an archive without zip64, whose directory is then this large at most: 66 bytes an entry.
_MAX_ENTRIES, _MAX_BYTES = 2**16 - 2, 2**32 - 1
_MAX_DIRECTORY = 8 * _MIB
_MAX_AXES = 32
# What `zipfile` raises for damaged files; ValueErrors are of names that are not UTF-8.
_OF_ZIPFILE = (zipfile.BadZipFile, struct.error, EOFError, OSError, RuntimeError, ValueError)
# Bytes of the last record, and of the one before it with zip64.
_END, _LOCATOR = 22, 20


def write_archive(file, info, structure, arrays):
    """Write an archive; the same content always gives the same bytes.

    Parameters
    ----------
    file : file object
        Binary.
    info, structure : dict
        JSON-able.
    arrays : list of ndarray
        Plain ones.
    """
    if len(arrays) + 2 > _MAX_ENTRIES:
        raise ValueError(f"The model has {len(arrays)} arrays; {_MAX_ENTRIES - 2} are allowed.")
    try:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED, allowZip64=False) as archive:
            for name, value in ((INFO, info), (STRUCTURE, structure)):
                _write_entry(archive, name, _to_json(name, value))
            for number, array in enumerate(arrays):
                content = io.BytesIO()
                array = array.astype(array.dtype.newbyteorder("<"), copy=False)
                np.lib.format.write_array(content, array, version=(1, 0), allow_pickle=False)
                _write_entry(archive, ARRAY.format(number), content.getbuffer())
    except zipfile.LargeZipFile as error:
        raise ValueError("The model is larger than 4 GiB, which a file may not be.") from error


def _write_entry(archive, name, content):
    entry = zipfile.ZipInfo(name)  # of 1980, whenever it is written
    entry.create_system = 3  # the same on all platforms
    entry.external_attr = 0o644 << 16
    archive.writestr(entry, content)


def _to_json(name, value):
    text = json.dumps(value, indent=1 if name == INFO else None, allow_nan=False).encode()
    if len(text) > _LARGEST[name]:
        raise ValueError(
            f"{name} of the model would take {len(text) / _MIB:.1f} MiB; {_LARGEST[name] // _MIB} "
            "are allowed. Save a smaller model (of a forest: fewer trees) or a smaller card."
        )
    return text


class Archive:
    """An archive that is read.

    Nothing is unpacked, and entries together are no larger than the file, so that memory is
    bounded by the size of the file.

    Parameters
    ----------
    file : file object
        Binary, seekable.
    """

    def __init__(self, file):
        _check_end(file)
        try:
            self._zip = zipfile.ZipFile(file)
            self._entries = {entry.filename: entry for entry in self._zip.infolist()}
        except _OF_ZIPFILE as error:
            raise ModelFileError(
                f"it is damaged, or no file of `save_model`: {error!s:.100}"
            ) from error
        self._check_entries(_size(file))

    def _check_entries(self, n_bytes):
        if INFO not in self._entries:
            raise ModelFileError(f"it is a zip, but none of `save_model`: it has no {INFO}")
        entries = self._zip.infolist()
        if len(entries) != len(self._entries):
            raise ModelFileError("it has two entries of one name")
        packed = [e for e in entries if e.compress_type or e.file_size != e.compress_size]
        if packed or any(entry.flag_bits & 1 for entry in entries):
            raise ModelFileError("it has compressed or encrypted entries, which are not allowed")
        if sum(entry.file_size for entry in entries) > n_bytes:
            raise ModelFileError("its entries are larger than the file: they overlap")

    def check_names(self):
        """Refuse all but the entries of a model; return the number of arrays."""
        n_arrays = len(self._entries) - 2
        wanted = {INFO, STRUCTURE, *map(ARRAY.format, range(n_arrays))}
        if self._entries.keys() != wanted:
            odd = sorted(self._entries.keys() - wanted)[:3] or sorted(wanted - self._entries.keys())
            raise ModelFileError(f"its entries are not those of a model: {odd!r:.200}")
        return n_arrays

    def json(self, name):
        """Return the content of an entry of JSON, a dict."""
        if self._entries[name].file_size > _LARGEST[name]:
            raise ModelFileError(f"its {name} is larger than {_LARGEST[name] // _MIB} MiB")
        content = self._read(name)
        try:
            value = json.loads(
                content,
                parse_constant=_finite,
                parse_float=_finite,
                object_pairs_hook=_once,
            )
        except (ValueError, RecursionError) as error:
            raise ModelFileError(f"its {name} is no valid JSON: {error!s:.100}") from error
        if not isinstance(value, dict):
            raise ModelFileError(f"its {name} is no JSON object")
        return value

    def array(self, number):
        """Return an array."""
        name = ARRAY.format(number)
        content = self._read(name)
        try:
            start = io.BytesIO(content)
            version = np.lib.format.read_magic(start)
            if version != (1, 0):
                raise ValueError(f"it is written in version {version} of npy")
            shape, fortran, dtype = np.lib.format.read_array_header_1_0(start, 10_000)
        except Exception as error:  # of Python's own parser, too
            raise ModelFileError(f"its {name} has no valid header: {error!r:.200}") from error
        _check_type(dtype, name)
        n_bytes = math.prod(shape) * dtype.itemsize
        n_here = len(content) - start.tell()
        if fortran or min(shape, default=0) < 0 or len(shape) > _MAX_AXES or n_bytes != n_here:
            raise ModelFileError(
                f"its {name} says {dtype!s:.80} of shape {shape!s:.80}, {n_bytes} bytes, but has "
                f"{n_here}"
            )
        array = np.frombuffer(content, dtype, offset=start.tell()) if n_bytes else []
        array = np.array(array, dtype).reshape(shape)
        _check_values(array, name)
        return array.astype(dtype.newbyteorder("="), copy=False)

    def _read(self, name):
        try:
            return self._zip.read(self._entries[name])
        except _OF_ZIPFILE as error:
            raise ModelFileError(f"its {name} is damaged: {error!s:.100}") from error


def _check_end(file):
    """Refuse what is no zip, and a directory so large that reading it takes much memory."""
    n_bytes = _size(file)
    file.seek(0)
    begin = file.read(4)
    file.seek(max(0, n_bytes - _END - _LOCATOR))
    end = file.read()
    if begin != b"PK\3\4" or end[-_END:-18] != b"PK\5\6":
        raise ModelFileError("it is no file of `save_model`, or not a whole one")
    n_directory = int.from_bytes(end[-10:-6], "little")
    if n_directory > _MAX_DIRECTORY or end[:4] == b"PK\6\7" or n_bytes > _MAX_BYTES:
        raise ModelFileError("it has a larger directory than a model has")


def _size(file):
    return file.seek(0, os.SEEK_END)


def _finite(text):
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"{text:.40} is no finite number")
    return value


def _once(pairs):
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice in one object")
    return found


def _check_type(dtype, name):
    fields = [dtype[field] for field in dtype.names] if dtype.names else [dtype]
    if any(field.kind not in "biufU" or field.str[0] == ">" for field in fields):
        raise ModelFileError(f"its {name} is of the type {dtype!s:.80}, which is not allowed")


def _check_values(array, name):
    """Refuse bytes that are no values of their type."""
    if array.dtype.kind == "b" and array.view(np.uint8).max(initial=0) > 1:
        raise ModelFileError(f"its {name} has truth values that are neither true nor false")
    if array.dtype.kind == "U" and array.size and array.reshape(-1).view("<u4").max() > 0x10FFFF:
        raise ModelFileError(f"its {name} has text that is none")
