"""What of a file has to be kept so that it can be made of its successor, to the byte."""

import base64
import mmap
import zlib
from contextlib import ExitStack

import numpy as np

_BLOCK = 1 << 14
_SAMPLE, _FAR = 64, 1 << 20
# Shorter stretches of equal bytes between two changes are kept with them.
_GAP = 16


def make_patch(before, after):
    """Return what makes the first file of the second one.

    New tags move what follows them by some bytes, and change tables of offsets. The patch says
    where the parts of the first file are in the second, and what is then still different.

    Parameters
    ----------
    before, after : str
        Two files.

    Returns
    -------
    dict
        ``size``, the length of the first file; ``moved``, a list of [start, shift]: from a start
        on, its bytes are so much further on in the second; ``places``, where it differs from
        these, a list of [start, end]; ``differences``, what has to be added to the bytes there,
        modulo 256: compressed, as base 64. Bytes that the second file lacks count as 0.
    """
    with ExitStack() as stack:
        old, new = (stack.enter_context(_mapped(path)) for path in (before, after))
        moved = list(_moves(old, new))
        places, differences = [], []
        for start, end, content in _guess(new, moved, len(old)):
            difference = _bytes(old[start:end]) - _bytes(content)
            for first, last in _runs(np.flatnonzero(difference)):
                places.append([start + first, start + last])
                differences.append(difference[first:last].tobytes())
        packed = base64.b64encode(zlib.compress(b"".join(differences), 9)).decode("ascii")
        return {"size": len(old), "moved": moved, "places": places, "differences": packed}


def apply_patch(patch, after, part):
    """Write the first file.

    Parameters
    ----------
    patch : dict
        From `make_patch`.
    after : str
        The second file.
    part : str
        Where the first one is written; it is there, and empty.
    """
    differences = _bytes(zlib.decompress(base64.b64decode(patch["differences"])))
    with _mapped(after) as new, open(part, "r+b") as old:
        for _, _, content in _guess(new, patch["moved"], patch["size"]):
            old.write(content)
        done = 0
        for start, end in patch["places"]:
            old.seek(start)
            content = _bytes(old.read(end - start))
            old.seek(start)
            old.write((content + differences[done : done + end - start]).tobytes())
            done += end - start


def _mapped(path):
    with open(path, "rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def _bytes(content):
    return np.frombuffer(content, np.uint8)


def _moves(old, new):
    """Yield [start, shift] where the shift that fits best is another than before."""
    shifts = dict.fromkeys([0, len(new) - len(old), _shift_in_the_middle(old, new)])
    last = None
    for start in range(0, len(old), _BLOCK):
        ours = _bytes(old[start : start + _BLOCK])
        wrong = {
            shift: np.count_nonzero(ours - _bytes(_read(new, start + shift, len(ours))))
            for shift in shifts
        }
        best = min(wrong, key=wrong.get)
        if last is None or wrong[best] < wrong[last]:
            last = best
            yield [start, best]


def _shift_in_the_middle(old, new):
    middle = len(old) // 2
    sample = old[middle : middle + _SAMPLE]
    found = new.find(sample, max(0, middle - _FAR), middle + _FAR)
    return found - middle if found >= 0 else 0


def _guess(new, moved, size):
    """Yield (start, end, bytes) of the first file without its differences."""
    for (start, shift), (stop, _) in zip(moved, [*moved[1:], (size, 0)], strict=True):
        for first in range(start, stop, _BLOCK):
            end = min(first + _BLOCK, stop)
            yield first, end, _read(new, first + shift, end - first)


def _read(file, start, length):
    """Return bytes of a file, zeros where it has none."""
    content = file[max(0, start) : max(0, start + length)]
    before = bytes(min(length, max(0, -start)))
    return before + content + bytes(length - len(before) - len(content))


def _runs(places):
    """Return [first, last + 1] of runs of places."""
    if not len(places):
        return []
    breaks = np.flatnonzero(np.diff(places) > _GAP) + 1
    return [(int(run[0]), int(run[-1]) + 1) for run in np.split(places, breaks)]
