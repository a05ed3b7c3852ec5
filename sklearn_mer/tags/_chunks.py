"""The chunk of WAV and AIFF files that holds an ID3v2 tag."""

import os

from ._errors import TagError

_KINDS = {b"RIFF": ("little", b"id3 "), b"FORM": ("big", b"ID3 ")}


def find_tag(file):
    """Find the chunk of the tag.

    Parameters
    ----------
    file : file object
        Open for reading.

    Returns
    -------
    start, end : int
        Where the tag begins and ends; both the end of the last chunk where there is none.
    wrap : callable
        Takes a tag; returns changes of the file, (start, end, bytes), that put it there.

    Raises
    ------
    TagError
        If the sizes in the file are wrong, as in those that a program wrote to a pipe.
    """
    length = file.seek(0, os.SEEK_END)
    file.seek(0)
    order, name = _KINDS[file.read(4)]
    size = int.from_bytes(file.read(4), order)
    stop, position = 8 + size, 12
    if not 4 <= size <= length - 8:
        raise TagError("the size in its header is not the size of the file")
    found = None
    while position + 8 <= stop:
        file.seek(position)
        kind, inner = file.read(4), int.from_bytes(file.read(4), order)
        end = position + 8 + inner
        if end > stop:
            raise TagError(f"the size of its chunk {kind!r} is wrong")
        after = end + inner % 2
        if kind.lower() == b"id3 ":
            found = kind, position, position + 8, end, min(after, stop)
        position = after
    kind, before, start, end, after = found or (name, stop, stop, stop, stop)
    # The last chunk may lack the byte that makes its length even.
    missing = bytes(0 if found else max(0, position - stop))

    def wrap(tag):
        chunk = missing + kind + len(tag).to_bytes(4, order) + tag + bytes(len(tag) % 2)
        total = size + len(chunk) - (after - before)
        if total >= 1 << 32:
            raise TagError("it would exceed 4 GB, which its format cannot")
        return [(4, 8, total.to_bytes(4, order)), (before, after, chunk)]

    return start, end, wrap
