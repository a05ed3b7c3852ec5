"""Numbers in bfloat16 by their bits, because numba has no such type."""

import numba
import numpy as np


@numba.njit(nogil=True, cache=True, inline="always")
def single(bits):
    """Return the float32 of a bfloat16 given by its bits."""
    return np.int32(np.int32(bits) << np.int32(16)).view(np.float32)


@numba.njit(nogil=True, cache=True, inline="always")
def half(number):
    """Return the bits of the bfloat16 nearest to a float32, ties to even."""
    bits = np.float32(number).view(np.int32)
    odd = (bits >> np.int32(16)) & np.int32(1)
    return np.int16((bits + np.int32(0x7FFF) + odd) >> np.int32(16))
