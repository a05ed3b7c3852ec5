"""A time limit for a run."""

import _thread
import signal
import threading
import time


class Deadline:
    """A point in time after which the run is interrupted, as Ctrl-C would.

    Used as a context manager: the time counts from the making, the interrupt can come only
    inside the block. In a thread other than the main one, which cannot be interrupted, the
    limit only keeps new cells from being begun.

    Parameters
    ----------
    seconds : float or None
        None for no limit.
    """

    def __init__(self, seconds):
        self._end = None if seconds is None else time.monotonic() + seconds
        self._timer = None

    @property
    def passed(self):
        """Whether the time is over."""
        return self._end is not None and time.monotonic() >= self._end

    def allows(self, seconds):
        """Say whether something that takes so many seconds would end in time."""
        return self._end is None or time.monotonic() + seconds < self._end

    def __enter__(self):
        if self._end is not None and threading.current_thread() is threading.main_thread():
            left = max(0.0, self._end - time.monotonic())
            self._timer = threading.Timer(left, _interrupt)
            self._timer.daemon = True
            self._timer.start()
        return self

    def __exit__(self, *exc_info):
        if self._timer is not None:
            self._timer.cancel()


def _interrupt():
    if hasattr(signal, "pthread_kill"):  # wakes a sleeping call, which the other does not
        signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)
    else:
        _thread.interrupt_main()
