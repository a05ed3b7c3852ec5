"""From maps in bfloat16 to the tiles of Winograd's algorithm F(2 x 2, 3 x 3), and back.

A tile is 4 x 4 values of a map around one place of 2 x 2 values; neighbouring tiles overlap. Tiles
are stored as 16 matrices, one for each position in a tile, with one row per tile and one column
per channel. Sums are computed in float32.
"""

from typing import NamedTuple

import numba
import numpy as np

from ._bfloat16 import half, single

PLACES = 16
"""Number of positions in a tile."""


class Mix(NamedTuple):
    """How each of the four lines of a tile is computed from two lines of a map and two factors.

    The first line of a tile begins `before` lines before its place. Columns are as lines.
    """

    before: int
    one: np.ndarray
    other: np.ndarray
    factor: np.ndarray
    other_factor: np.ndarray


def _mix(before, rows):
    matrix = np.array(rows, dtype=np.float32)
    pairs = np.array([_two_lines(row) for row in matrix])
    lines = np.arange(len(matrix))
    one, other = pairs.T.copy()
    return Mix(before, one, other, matrix[lines, one], matrix[lines, other])


def _two_lines(row):
    used = np.flatnonzero(row)
    return used if len(used) == 2 else (used[0], (used[0] + 1) % len(row))


# Matrices of Lavin and Gray: B transposed for the input of the convolution; A for the gradient of
# its output, from which that of the weights is computed.
INPUT = _mix(1, [[1, 0, -1, 0], [0, 1, 1, 0], [0, -1, 1, 0], [0, 1, 0, -1]])
OUTPUT = _mix(0, [[1, 0], [1, 1], [1, -1], [0, -1]])
SUM = 5
"""The position in a tile of `OUTPUT` that holds the sum of its 2 x 2 values."""


def count_tiles(size):
    """Return the number of lines of tiles for `size` lines of a map."""
    return (size + 1) // 2


def to_tiles(maps, first, last, mix, tiles):
    """Write some lines of tiles.

    Parameters
    ----------
    maps : ndarray of int16, shape (n_clips, height, width, n_channels)
        Bits of numbers in bfloat16.
    first, last : int
        Range of lines of tiles, counted over all clips.
    mix : Mix
    tiles : ndarray of int16, shape (16, n_tiles, n_channels)
        Written to.
    """
    width = (2 * count_tiles(maps.shape[2]) + 2) * maps.shape[3]
    mixed = np.zeros(width, np.float32)  # with a column of zeros at each end
    _to_tiles(maps, first, last, *mix, mixed, tiles)


def from_tiles(tiles, first, last, bias, maps):
    """Write the lines of maps of some lines of tiles; parameters are as in `to_tiles`.

    Parameters
    ----------
    bias : ndarray of float32, shape (n_channels,)
    """
    lines = np.empty((4, count_tiles(maps.shape[2]) * maps.shape[3]), np.float32)
    _from_tiles(tiles, first, last, bias, lines, maps)


# As in the pooling, flat lines let the innermost loops become vector instructions. So do few arrays
# per loop, which the compiler must check for overlap.
@numba.njit(nogil=True, cache=True)
def _to_tiles(maps, first, last, before, one, other, factor, other_factor, mixed, tiles):
    n_rows, n_columns, n_channels = maps.shape[1:]
    n_high, n_wide = (n_rows + 1) // 2, (n_columns + 1) // 2
    channels, inner = numba.uint64(n_channels), mixed[before * n_channels :]
    for high in range(first, last):
        clip, row = maps[high // n_high], 2 * (high % n_high) - before
        start = (high - first) * n_wide
        for i in range(4):
            _mix_rows(clip, row + one[i], row + other[i], factor[i], other_factor[i], inner)
            for j in range(4):
                target = tiles[4 * i + j, start : start + n_wide].reshape(-1)
                by, second_by = factor[j], other_factor[j]
                for wide in range(n_wide):
                    a = numba.uint64((2 * wide + one[j]) * n_channels)
                    b = numba.uint64((2 * wide + other[j]) * n_channels)
                    place = numba.uint64(wide * n_channels)
                    for c in range(channels):
                        target[place + c] = half(by * mixed[a + c] + second_by * mixed[b + c])


@numba.njit(nogil=True, cache=True)
def _mix_rows(clip, one, other, by, other_by, mixed):
    """Write the weighted sum of two rows of a clip; rows beyond its edge are zeros."""
    there, other_there = 0 <= one < len(clip), 0 <= other < len(clip)
    # If only one row exists, it is used twice, so that the loop stays the same.
    line = clip[one if there else other if other_there else 0].reshape(-1)
    other_line = clip[other if other_there else one if there else 0].reshape(-1)
    by, other_by = by * np.float32(there), other_by * np.float32(other_there)
    for c in range(numba.uint64(len(line))):
        mixed[c] = by * single(line[c]) + other_by * single(other_line[c])


@numba.njit(nogil=True, cache=True)
def _from_tiles(tiles, first, last, bias, lines, maps):
    n_rows, n_columns, n_channels = maps.shape[1:]
    n_high, n_wide = (n_rows + 1) // 2, (n_columns + 1) // 2
    channels, length = numba.uint64(n_channels), numba.uint64(n_wide * n_channels)
    for high in range(first, last):
        start, row = (high - first) * n_wide, 2 * (high % n_high)
        for i in range(min(2, n_rows - row)):
            sign = np.float32(1 - 2 * i)
            for j in range(4):
                a = tiles[4 * i + j, start : start + n_wide].reshape(-1)
                b = tiles[4 * i + 4 + j, start : start + n_wide].reshape(-1)
                d = tiles[4 * i + 8 + j, start : start + n_wide].reshape(-1)
                line = lines[j]
                for c in range(length):
                    line[c] = single(a[c]) + sign * (single(b[c]) + single(d[c]))
            target = maps[high // n_high, row + i].reshape(-1)
            for j in range(2):
                first_line, second, third = lines[j], lines[j + 1], lines[j + 2]
                sign = np.float32(1 - 2 * j)
                for wide in range((n_columns + 1 - j) // 2):
                    place = numba.uint64(wide * n_channels)
                    put = numba.uint64((2 * wide + j) * n_channels)
                    for c in range(channels):
                        both = second[place + c] + third[place + c]
                        value = first_line[place + c] + sign * both + bias[c]
                        target[put + c] = half(value)
