"""TensorFlow checkpoints (V2), read without TensorFlow.

``.index`` is a sorted table of strings: a footer says where the block of blocks is, and that where
the others are. Each has keys that share beginnings, and values: the name of a variable, and a
protobuf that says where its bytes are in ``.data``. All places and sizes are checked before they
are used, since the bytes are those of strangers; checksums are not, since the sha256 of both files
is known.
"""

import struct

import numpy as np

from ._errors import WeightsError

_MAGIC = 0xDB4775248B80FB57
_FOOTER = 48
_TRAILER = 5  # a byte for the compression, four of a checksum
_FLOAT = 1


def read_checkpoint(index, data):
    """Return the float32 variables of a checkpoint.

    Parameters
    ----------
    index, data : bytes
        The two files.

    Returns
    -------
    dict of str to ndarray
        Read-only; they share the memory of `data`.

    Raises
    ------
    WeightsError
        If anything does not fit.
    """
    try:
        return _read(index, data)
    except (ValueError, OverflowError, struct.error) as error:
        raise WeightsError(f"It is no whole TensorFlow checkpoint: {error}.") from error


def _read(index, data):
    arrays = {}
    for key, value in _entries_of_table(index):
        entry = _fields(value)
        if not key:
            _check_header(entry)
        elif _number(entry, 1) == _FLOAT:
            arrays[key.decode()] = _array(entry, data)
    return arrays


def _entries_of_table(index):
    """Yield the keys and values of all blocks."""
    if len(index) < _FOOTER or struct.unpack("<Q", index[-8:])[0] != _MAGIC:
        raise ValueError("the index does not end as a table does")
    footer = Cursor(index[-_FOOTER:])
    _handle(footer)  # of what describes the table
    end = 0
    for _, value in _entries(_block(index, *_handle(footer))):
        offset, size = _handle(Cursor(value))
        if offset < end:  # else a small file could name one block many times
            raise ValueError("its blocks overlap")
        end = offset + size
        yield from _entries(_block(index, offset, size))


def _handle(cursor):
    return cursor.varint(), cursor.varint()


def _block(index, offset, size):
    if offset + size + _TRAILER > len(index) - _FOOTER:
        raise ValueError("a block ends after the file")
    if index[offset + size]:
        raise ValueError("a block is compressed")
    return index[offset : offset + size]


def _entries(block):
    """Yield the keys and values of a block, each key told by what differs from the one before."""
    (n_restarts,) = struct.unpack("<I", block[-4:])
    end = len(block) - 4 * (n_restarts + 1)
    if end < 0:
        raise ValueError("a block is too short")
    cursor, key = Cursor(block[:end]), b""
    while cursor.left():
        shared, n_more, n_value = (cursor.varint() for _ in range(3))
        if shared > len(key):
            raise ValueError("a key shares more than there is")
        key = key[:shared] + cursor.take(n_more)
        yield key, cursor.take(n_value)


class Cursor:
    """A place in bytes that are read from the first to the last."""

    def __init__(self, content):
        self.content = content
        self.at = 0

    def left(self):
        """Return how many bytes are left."""
        return len(self.content) - self.at

    def take(self, n):
        """Return the next `n` bytes."""
        if n > self.left():
            raise ValueError("a value ends after its block")
        self.at += n
        return self.content[self.at - n : self.at]

    def varint(self):
        """Return the next number: seven bits a byte, the lowest first."""
        number = 0
        for shift in range(0, 64, 7):
            (byte,) = self.take(1)
            number |= (byte & 127) << shift
            if byte < 128:
                return number
        raise ValueError("a number has more than 64 bits")


def _fields(message):
    """Return {number: list of values} of a protobuf message; nested ones stay bytes."""
    cursor, fields = Cursor(message), {}
    while cursor.left():
        tag = cursor.varint()
        kind = tag & 7
        if kind == 0:
            value = cursor.varint()
        elif kind == 2:
            value = cursor.take(cursor.varint())
        elif kind in (1, 5):
            value = cursor.take(8 if kind == 1 else 4)
        else:
            raise ValueError(f"a field has the unknown kind {kind}")
        fields.setdefault(tag >> 3, []).append(value)
    return fields


def _number(fields, which):
    value = fields.get(which, [0])[-1]
    if not isinstance(value, int):
        raise ValueError("a field is no number")
    return value


def _messages(fields, which):
    values = fields.get(which, [])
    if not all(isinstance(value, bytes) for value in values):
        raise ValueError("a field is no message")
    return [_fields(value) for value in values]


def _check_header(entry):
    if _number(entry, 1) != 1:
        raise ValueError("its data are not in one file")
    if _number(entry, 2):
        raise ValueError("its numbers are big-endian")


def _array(entry, data):
    """Return the variable that an entry tells of."""
    shape = [_number(size, 1) for one in _messages(entry, 2) for size in _messages(one, 2)]
    offset, n_bytes = _number(entry, 4), _number(entry, 5)
    if 7 in entry:
        raise ValueError("a variable is in slices")
    if len(shape) > 8 or offset + n_bytes > len(data):
        raise ValueError("a variable ends after its file")
    n_values = 1
    for size in shape:
        n_values *= size
    if 4 * n_values != n_bytes:
        raise ValueError(f"a variable of the shape {shape} has {n_bytes} bytes")
    return np.frombuffer(data, "<f4", n_values, offset).reshape(shape)
