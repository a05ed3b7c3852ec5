"""The frames of an mp3 file, of which only the headers are read."""

import mmap
from functools import lru_cache

_MPEG1, _LAYER1, _LAYER3 = 3, 3, 1
_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
# kbit/s by version (1, later) and layer bits, at the indices 1 to 14 of the header.
_BIT_RATES = {
    (True, 3): (32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    (True, 2): (32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (True, 1): (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (False, 3): (32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (False, 2): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    (False, 1): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
# Bytes of the file that are held in memory at a time.
_HELD = 2**22
# Bytes behind the last intact frame in which another one is looked for.
_SEARCHED = 2**16


def find_gap(path, end):
    """Return where bytes that are no frame stand between the frames of an mp3.

    Parameters
    ----------
    path : str or path-like
        The file.
    end : float
        Seconds from the start that matter.

    Returns
    -------
    float or None
        Seconds from the start; None if there are none, as in an intact file.
    """
    with open(path, "rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        place = _behind_tags(data)
        seconds, dropped = 0.0, 0
        if _is_frame(data, place):
            while seconds < end:
                frame = _frame(data[place : place + 3])
                if frame is None:
                    return seconds if _frames_follow(data, place) else None
                place += frame[0]
                seconds += frame[1]
                if place - dropped > _HELD:
                    dropped = place
                    _drop(data)
    return None


def _drop(data):
    if hasattr(data, "madvise"):  # not on Windows
        data.madvise(mmap.MADV_DONTNEED)


def _behind_tags(data):
    place = 0
    while data[place : place + 3] == b"ID3":
        header = data[place : place + 10]
        if len(header) < 10:
            break
        size = 0
        for byte in header[6:]:  # seven bits of each count
            size = size << 7 | byte & 127
        has_footer = header[5] & 16
        place += 10 + size + (10 if has_footer else 0)
    return place


def _frames_follow(data, place):
    rest = data[place : place + _SEARCHED]
    starts = (i for i in range(len(rest)) if rest[i] == 0xFF)
    return any(_is_frame(data, place + i) for i in starts)


def _is_frame(data, place):
    """Whether a frame begins there and another one behind it."""
    frame = _frame(data[place : place + 3])
    return frame is not None and _frame(data[place + frame[0] : place + frame[0] + 3]) is not None


@lru_cache(maxsize=512)
def _frame(header):
    """Return the bytes and the seconds of a frame that begins so; None if none does."""
    if len(header) < 3 or header[0] != 0xFF or header[1] < 0xE0:
        return None
    version, layer = header[1] >> 3 & 3, header[1] >> 1 & 3
    kilobits, rate = header[2] >> 4, header[2] >> 2 & 3
    if version == 1 or layer == 0 or kilobits in (0, 15) or rate == 3:
        return None
    rate = _RATES[version][rate]
    bits = 1000 * _BIT_RATES[version == _MPEG1, layer][kilobits - 1]
    padding = header[2] >> 1 & 1
    if layer == _LAYER1:
        return 4 * (12 * bits // rate + padding), 384 / rate
    n_samples = 576 if layer == _LAYER3 and version != _MPEG1 else 1152
    return n_samples // 8 * bits // rate + padding, n_samples / rate
