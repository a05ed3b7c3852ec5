"""Memory of this process."""

import sys

try:
    import resource
except ImportError:  # not on Windows
    resource = None


def reset_peak_memory():
    """Start a new measurement of the peak memory, where the system can (Linux)."""
    try:
        with open("/proc/self/clear_refs", "w") as file:
            file.write("5")
    except OSError:
        pass  # then the peak is that of the process since its start


def peak_memory_mb():
    """Return the peak resident memory of this process in MiB.

    Since the last :func:`reset_peak_memory` on Linux, since the start of the process
    elsewhere; None where the system does not tell (Windows).

    Returns
    -------
    float or None
    """
    try:
        with open("/proc/self/status") as file:
            kib = next(line.split()[1] for line in file if line.startswith("VmHWM:"))
            return int(kib) / 1024
    except (OSError, StopIteration):
        return _peak_since_start()


def _peak_since_start():
    if resource is None:
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 2**10)  # bytes there, KiB elsewhere
