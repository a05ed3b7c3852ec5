"""Names of drivers, by which another one sees whose process has died."""

import contextlib
import os
import platform
import uuid
from hashlib import blake2b


def new_owner():
    """Return a name for a driver in this process, no two alike.

    It is a digest of the machine, the number of the process, and chance.
    """
    return f"{_machine()}-{os.getpid()}-{uuid.uuid4().hex}"


def has_died(owner):
    """Tell whether the process of a driver is known to have ended."""
    machine, _, process = owner.partition("-")
    number = process.partition("-")[0]
    if machine != _machine() or not number.isdecimal() or os.name != "posix":
        return False
    with contextlib.suppress(PermissionError, OverflowError):  # somebody else's is alive
        try:
            os.kill(int(number), 0)  # sends nothing
        except ProcessLookupError:
            return True
    return False


def _machine():
    # By its network card too: many machines that share a drive are named "localhost".
    return blake2b(f"{platform.node()} {uuid.getnode()}".encode(), digest_size=8).hexdigest()
