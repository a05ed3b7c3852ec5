"""Keep freed memory for the next use instead of returning it to the system.

Networks and spectrograms allocate and free the same few large blocks again and again. glibc returns
such blocks to the system at once, especially those of threads, and the system clears every page
when it is allocated again: a quarter of the time of an epoch.
"""

import ctypes
import platform
import sys
import threading
from contextlib import suppress
from pathlib import Path

try:
    import resource
except ImportError:  # not on Windows
    resource = None

# Of glibc's malloc.h.
_TRIM_THRESHOLD, _TOP_PAD, _MMAP_THRESHOLD = -1, -2, -3
_MIB = 2**20
_KEEPING = {_MMAP_THRESHOLD: 256 * _MIB, _TRIM_THRESHOLD: 1024 * _MIB, _TOP_PAD: 64 * _MIB}
# The largest values that glibc sets by itself, in a process that has used large blocks.
_USUAL = {_MMAP_THRESHOLD: 32 * _MIB, _TRIM_THRESHOLD: 64 * _MIB, _TOP_PAD: 0}


class kept_memory:
    """Context in which the C library keeps freed memory.

    Contexts may overlap, in any threads. Does nothing if the C library is not glibc.

    Parameters
    ----------
    gives_back : bool, default=True
        Whether free memory is returned to the system on exit, except the last 64 MiB of each
        thread. After little work, that takes longer than the work.
    """

    _lock = threading.Lock()
    _n_inside = 0

    def __init__(self, *, gives_back=True):
        self._gives_back = gives_back

    def __enter__(self):
        cls = type(self)
        with cls._lock:
            cls._n_inside += 1
            if cls._n_inside == 1:
                _set(_KEEPING)

    def __exit__(self, *_):
        cls = type(self)
        with cls._lock:
            cls._n_inside -= 1
            if cls._n_inside == 0:
                _set(_USUAL)
                if self._gives_back:
                    _give_back()


def _glibc():
    return ctypes.CDLL(None) if platform.libc_ver()[0] == "glibc" else None


_libc = _glibc()


def _set(options):
    if _libc is not None:
        for option, value in options.items():
            _libc.mallopt(option, value)


def _give_back():
    if _libc is not None:
        _libc.malloc_trim(0)


def reset_peak_memory():
    """Start a new measurement of the peak memory, where the system can (Linux)."""
    with suppress(OSError):  # then the peak is that of the process since its start
        Path("/proc/self/clear_refs").write_text("5")


def peak_memory_mb():
    """Return the peak resident memory of this process in MiB, None if unknown."""
    try:
        status = Path("/proc/self/status").read_text()
        return int(status.partition("VmHWM:")[2].split()[0]) / 1024
    except (OSError, IndexError):
        if resource is None:
            return None
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak / (2**20 if sys.platform == "darwin" else 2**10)  # bytes there, KiB elsewhere
