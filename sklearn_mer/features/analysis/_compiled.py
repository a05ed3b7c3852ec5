"""How loops are compiled.

What it takes is a part of the seconds from an installation to its first answer, and grows with the
number of statements, not with their work. So loops that are fast without are not compiled, arrays
are made outside, and functions that only other loops call lack what calls from Python need.
"""

import numba

_HOW = {"nogil": True, "error_model": "numpy", "no_cfunc_wrapper": True}

#: Decorates a loop.
compiled = numba.njit(cache=True, **_HOW)
#: Decorates what loops in the same module call.
part_of_loops = numba.njit(no_cpython_wrapper=True, **_HOW)
#: The same where sums may be reordered, which takes a fourth of the time.
part_with_reordered_sums = numba.njit(
    no_cpython_wrapper=True, fastmath={"reassoc", "contract"}, **_HOW
)
