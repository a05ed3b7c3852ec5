"""Check of the pages of an ogg file."""

import os
import zlib

from ._errors import UnusableAudio

_HEADER = 27
_LARGEST_PAGE = _HEADER + 255 + 255 * 255
_FIRST, _LAST = 2, 4  # flags of the first and the last page of a stream
_NO_POSITION = 2**64 - 1
_REVERSED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


def check_ogg(path, n_samples):
    """Check that no page of an ogg file is missing or damaged.

    The decoder passes over such pages, and over a missing end, without an error.

    Parameters
    ----------
    path : str or path-like
        The file.
    n_samples : float
        Number of samples from the start that matter, at the rate of the positions in the file. Of
        the pages behind them, only the last one is looked at.

    Returns
    -------
    bool
        Whether another stream begins before them, as in a recording of a web radio.

    Raises
    ------
    UnusableAudio
        If a page is missing or damaged.
    """
    with open(path, "rb") as file:
        if not _has_last_page(file):
            raise UnusableAudio("is truncated: the last page of the ogg file is missing")
        file.seek(0)
        file.seek(max(0, file.read(_LARGEST_PAGE).find(b"OggS")))  # behind tags
        numbers, position = {}, 0
        while position < n_samples:
            page = _read_page(file)
            if page[5] & _FIRST and position > 0:
                return True
            stream, number = page[14:18], _integer(page[18:22])
            # Where a stream was cut, a gap follows its header (position 0); nothing is lost.
            expected = numbers.get(stream, number - 1) + 1
            if number != expected and position > 0:
                raise UnusableAudio(f"is damaged: page {expected} of the ogg file is missing")
            numbers[stream] = number
            if _integer(page[6:14]) != _NO_POSITION:
                position = _integer(page[6:14])
            if page[5] & _LAST and file.peek(4)[:4] != b"OggS":
                break  # the end, or tags behind it
    return False


def _has_last_page(file):
    file.seek(max(0, file.seek(0, os.SEEK_END) - _LARGEST_PAGE))
    end = file.read()
    page = end[max(0, end.rfind(b"OggS")) :]
    if len(page) < _HEADER:
        return False
    sizes = page[_HEADER : _HEADER + page[_HEADER - 1]]
    is_whole = len(page) >= _HEADER + page[_HEADER - 1] + sum(sizes)
    return bool(page[5] & _LAST) and is_whole


def _read_page(file):
    header = file.read(_HEADER)
    if len(header) == _HEADER and header[:4] == b"OggS":
        sizes = file.read(header[-1])
        page = header + sizes + file.read(sum(sizes))
        if _checksum(page) == _integer(page[22:26]):
            return page
    raise UnusableAudio("is damaged: a page of the ogg file has a wrong checksum or size")


def _checksum(page):
    # Ogg and zlib use the same polynomial. Ogg reads the bits in the other order, begins with zero
    # instead of ones, and does not invert the result.
    without = page[:22] + bytes(4) + page[26:]
    crc = zlib.crc32(without.translate(_REVERSED), 0xFFFFFFFF) ^ 0xFFFFFFFF
    return int(f"{crc:032b}"[::-1], 2)


def _integer(data):
    return int.from_bytes(data, "little")
