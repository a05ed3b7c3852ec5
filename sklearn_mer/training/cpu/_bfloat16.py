"""Numbers in bfloat16 by their bits, for compiled loops that have no such type."""

import numba
import numpy as np


@numba.njit(nogil=True, cache=True, inline="always")
def single(bits):
    """Return the float32 whose upper half are the bits of a bfloat16, given as int16."""
    return np.int32(np.int32(bits) << np.int32(16)).view(np.float32)


@numba.njit(nogil=True, cache=True, inline="always")
def half(number):
    """Return the bits of the bfloat16 nearest to a float32, to the even one of two as near."""
    bits = np.float32(number).view(np.int32)
    odd = (bits >> np.int32(16)) & np.int32(1)
    return np.int16((bits + np.int32(0x7FFF) + odd) >> np.int32(16))
