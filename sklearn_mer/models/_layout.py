"""The order of an array's axes in memory, by which sums round."""

import numpy as np


def in_memory_order(array):
    """Return an array with its axes as they are in memory, and what brings them back.

    Parameters
    ----------
    array : ndarray
        Any.

    Returns
    -------
    stored : ndarray
        In C order.
    layout : dict
        Empty for an array in C order; else ``axes`` of `array` from the outermost to the innermost
        and ``strides`` in values. torch reads those of axes of length one, too.
    """
    axes = list(range(array.ndim))
    if array.size:
        axes.sort(key=lambda axis: -abs(array.strides[axis]))
    stored = np.asarray(array.transpose(axes), order="C")
    if axes == sorted(axes):
        return stored, {}
    strides = _dense_strides(array.shape, axes)
    for axis, length in enumerate(array.shape):
        if length == 1:
            strides[axis] = abs(array.strides[axis]) // array.itemsize
    return stored, {"axes": axes, "strides": strides}


def from_memory_order(stored, axes, strides):
    """Return the array of `in_memory_order`; raise a ValueError for a layout that is none."""
    n_axes = stored.ndim
    whole = isinstance(axes, list) and isinstance(strides, list)
    whole = whole and all(type(number) is int for number in (*axes, *strides))
    if not whole or sorted(axes) != list(range(n_axes)) or len(strides) != n_axes:
        raise ValueError("the order of its axes is none")
    array = stored.transpose(np.argsort(axes))
    dense = _dense_strides(array.shape, axes)
    pairs = zip(array.shape, strides, dense, strict=True)
    if not all(0 <= own < 2**40 if n == 1 else own == of_axes for n, own, of_axes in pairs):
        raise ValueError("its strides are not those of a whole array")
    in_bytes = [stride * stored.itemsize for stride in strides]
    return np.lib.stride_tricks.as_strided(array, array.shape, in_bytes)


def _dense_strides(shape, axes):
    strides, step = [0] * len(shape), 1
    for axis in reversed(axes):
        strides[axis] = step
        step *= shape[axis]
    return strides
