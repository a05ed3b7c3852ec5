"""What of a file has to be kept so that it can be made of its successor, to the byte."""

import mmap
from contextlib import ExitStack

import numpy as np

_BLOCK = 1 << 20
_SAMPLE = 64
# Shorter stretches of equal bytes between two changes are kept with them.
_GAP = 16


def make_patch(before, after):
    """Return what makes the first file of the second one.

    Tags move the audio by some bytes. The patch says by how many, and holds the old bytes of all
    places that are still different.

    Parameters
    ----------
    before, after : str
        Two files.

    Returns
    -------
    dict
        ``size``, the length of the first file; ``shift``, how far its bytes are in the second;
        ``bytes``, the bytes that differ: a list of [position, bytes as hexadecimal digits].
    """
    with ExitStack() as stack:
        old, new = (stack.enter_context(_mapped(path)) for path in (before, after))
        shifts = dict.fromkeys([0, len(new) - len(old), _shift_in_the_middle(old, new)])
        found = [_differences(old, new, shift) for shift in shifts]
        sizes = [sum(end - start for start, end in runs) for runs in found]
        best = int(np.argmin(sizes))
        kept = [[start, old[start:end].hex()] for start, end in found[best]]
        return {"size": len(old), "shift": list(shifts)[best], "bytes": kept}


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
    size, shift = patch["size"], patch["shift"]
    with open(after, "rb") as new, open(part, "r+b") as old:
        start = max(0, -shift)
        new.seek(start + shift)
        old.seek(start)
        left = size - start
        while left > 0 and (block := new.read(min(left, _BLOCK))):
            old.write(block)
            left -= len(block)
        for position, content in patch["bytes"]:
            old.seek(position)
            old.write(bytes.fromhex(content))
        old.truncate(size)


def _mapped(path):
    with open(path, "rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def _shift_in_the_middle(old, new):
    middle = len(old) // 2
    sample = old[middle : middle + _SAMPLE]
    found = new.find(sample, max(0, middle - _BLOCK), middle + _BLOCK)
    return found - middle if found >= 0 else 0


def _differences(old, new, shift):
    """Return where the first file differs from the shifted second one, [(start, end)]."""
    runs = []
    for start in range(0, len(old), _BLOCK):
        end = min(start + _BLOCK, len(old))
        differs = np.ones(end - start, dtype=bool)
        first, last = max(start, -shift), min(end, len(new) - shift)
        if first < last:
            ours = np.frombuffer(old, np.uint8, last - first, first)
            theirs = np.frombuffer(new, np.uint8, last - first, first + shift)
            differs[first - start : last - start] = ours != theirs
            del ours, theirs  # else the map could not be closed
        runs += _runs(np.flatnonzero(differs) + start)
    return runs


def _runs(places):
    if not len(places):
        return []
    breaks = np.flatnonzero(np.diff(places) > _GAP) + 1
    return [(int(run[0]), int(run[-1]) + 1) for run in np.split(places, breaks)]
