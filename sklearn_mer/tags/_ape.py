"""Items of an APEv2 tag, added without touching the others.

mutagen writes all items anew, in its order, and removes an ID3v1 tag behind them.
"""

import os
import struct

from ._errors import TagError

_SIGN, _SIZE = b"APETAGEX", 32
_HAS_HEADER, _IS_HEADER = 1 << 31, 1 << 29


def find_tag(file):
    """Return where the APE tag of a file begins and ends.

    Parameters
    ----------
    file : file object
        Open for reading.

    Returns
    -------
    start, end : int
        Both the place for a new tag, if the file has none.
    """
    end = file.seek(0, os.SEEK_END)
    if end >= 128:
        file.seek(end - 128)
        if file.read(3) == b"TAG":  # ID3v1
            end -= 128
    footer = _read(file, end - _SIZE, _SIZE)
    if footer[:8] != _SIGN:
        return end, end
    _, size, _, flags = struct.unpack("<4I", footer[8:24])
    start = end - size - (_SIZE if flags & _HAS_HEADER else 0)
    if size < _SIZE or start < 0:
        raise TagError("the size of its APE tag is wrong")
    return start, end


def _read(file, start, n_bytes):
    if start < 0:
        return b""
    file.seek(start)
    return file.read(n_bytes)


def edit_tag(tag, fields):
    """Return a tag in which these fields are set.

    Parameters
    ----------
    tag : bytes
        The whole tag; empty for a new one.
    fields : dict of str to str
        Text by name.

    Returns
    -------
    bytes
        The new tag; the other items have the bytes that they had.

    Raises
    ------
    TagError
        If the tag is damaged.
    """
    ends = struct.pack("<8s4I8x", _SIGN, 2000, 0, 0, _HAS_HEADER)
    footer = tag[-_SIZE:] or ends
    version, _, _, flags = struct.unpack("<4I", footer[8:24])
    has_header = bool(flags & _HAS_HEADER)
    names = {name.upper().encode() for name in fields}
    items = [item for key, item in _items(tag, has_header) if key not in names]
    items += [
        struct.pack("<2I", len(text), 0) + name.encode() + b"\0" + text.encode("utf-8")
        for name, text in fields.items()
    ]
    body = b"".join(items)
    counts = struct.pack("<3I", version, len(body) + _SIZE, len(items))
    header = _SIGN + counts + struct.pack("<I", flags | _IS_HEADER) + footer[24:]
    footer = _SIGN + counts + struct.pack("<I", flags) + footer[24:]
    return (header if has_header else b"") + body + footer


def _items(tag, has_header):
    position = _SIZE if tag and has_header else 0
    end = max(0, len(tag) - _SIZE)
    while position < end:
        zero = tag.find(b"\0", position + 8, end)
        length = int.from_bytes(tag[position : position + 4], "little")
        stop = zero + 1 + length
        if zero < 0 or stop > end:
            raise TagError("its APE tag is damaged")
        yield tag[position + 8 : zero].upper(), tag[position:stop]
        position = stop
