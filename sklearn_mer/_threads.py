"""Threads of torch: how many it uses, also beside other threads and in forked processes."""

import os
import threading

import torch

from . import _forks


class one_torch_thread:
    """Context in which torch uses one thread, because clips are processed in threads.

    Enter it where those threads are started, not inside them: torch has one number for each
    thread, and one for threads that start later, and both are set. Contexts may overlap in any
    threads: when the last one ends, all numbers are what they were.

    Enters as the number of threads that torch may use: that outside of all contexts.
    """

    _lock = threading.Lock()
    _n_inside = 0
    _later = None  # threads that start later: the number outside of all contexts
    _of_this_thread = threading.local()

    def __enter__(self):
        cls, here = type(self), self._of_this_thread
        one_thread_if_forked()
        with cls._lock:
            self._found = torch.get_num_threads()
            if cls._n_inside == 0:
                cls._later = _in_new_thread(torch.get_num_threads)
            elif not getattr(here, "n_inside", 0):
                # Of a thread that has started since then; it was one before as well, or never set.
                self._found = max(self._found, cls._later)
            cls._n_inside += 1
            torch.set_num_threads(1)
        here.n_inside = getattr(here, "n_inside", 0) + 1
        return self._found

    def __exit__(self, *_):
        cls = type(self)
        self._of_this_thread.n_inside -= 1
        with cls._lock:
            cls._n_inside -= 1
            torch.set_num_threads(self._found)
            _in_new_thread(torch.set_num_threads, 1 if cls._n_inside else cls._later)


def _in_new_thread(function, *args):
    """Call a function in a thread of its own, which has the number of threads that start later."""
    results = []
    thread = threading.Thread(target=lambda: results.append(function(*args)))
    thread.start()
    thread.join()
    return results[0]


def one_thread_if_forked():
    """Let torch use one thread in a forked process.

    Threads do not survive a fork, and torch, once it has run in the first process, would wait for
    its own forever. Processes that are started in other ways (spawn, loky) use all threads.
    """
    if _forks.forked:
        torch.set_num_threads(1)


def _begin_anew():
    # Other threads of the first process may have been inside.
    one_torch_thread._lock = threading.Lock()
    one_torch_thread._n_inside = 0
    one_torch_thread._of_this_thread = threading.local()


if hasattr(os, "register_at_fork"):  # not on Windows
    os.register_at_fork(after_in_child=_begin_anew)
