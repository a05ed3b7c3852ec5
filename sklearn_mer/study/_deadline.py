"""A time limit for a run."""

import _thread
import math
import signal
import threading
import time
from functools import partial

# Not SIGINT where there is another: it is ignored in what a script started in the background.
_SIGNAL = getattr(signal, "SIGALRM", signal.SIGINT)


class Deadline:
    """A time after which the run is interrupted, as by Ctrl-C, inside a ``with`` block.

    The time counts from the making. In a thread other than the main one, which cannot be
    interrupted, the limit only keeps new cells from being begun.
    """

    def __init__(self, seconds):
        # No timer takes more, which is centuries.
        longest = 0.5 * threading.TIMEOUT_MAX
        self._end = math.inf if seconds is None else time.monotonic() + min(seconds, longest)
        self._timer = self._before = None

    @property
    def passed(self):
        """Whether the time is over."""
        return time.monotonic() >= self._end

    def allows(self, seconds):
        """Say whether something that takes so many seconds would end in time."""
        return time.monotonic() + seconds < self._end

    def __enter__(self):
        if self._end < math.inf and threading.current_thread() is threading.main_thread():
            before = signal.signal(_SIGNAL, signal.default_int_handler)
            self._before = before or signal.SIG_DFL  # None where it was not Python's
            interrupt = _thread.interrupt_main
            if hasattr(signal, "pthread_kill"):  # wakes a sleeping call, too
                interrupt = partial(signal.pthread_kill, threading.get_ident(), _SIGNAL)
            self._timer = threading.Timer(max(0.0, self._end - time.monotonic()), interrupt)
            self._timer.daemon = True
            self._timer.start()
        return self

    def __exit__(self, *exc_info):
        if self._timer is not None:
            self._timer.cancel()
            self._timer.join()  # before the signal is again what it was, which may end the process
            signal.signal(_SIGNAL, self._before)
