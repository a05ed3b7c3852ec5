"""Threads of torch."""

import threading

import torch


class one_torch_thread:
    """Context in which torch uses one thread, because clips are processed in threads.

    Enter it where those threads are started, not inside them: the number that is set in one thread
    also applies to threads that start later. Contexts may overlap; each restores the number that
    the first one found.
    """

    _lock = threading.Lock()
    _n_inside = 0
    _found = None

    def __enter__(self):
        cls = type(self)
        with cls._lock:
            if cls._n_inside == 0:
                cls._found = torch.get_num_threads()
            cls._n_inside += 1
            torch.set_num_threads(1)

    def __exit__(self, *_):
        cls = type(self)
        with cls._lock:
            cls._n_inside -= 1
            torch.set_num_threads(cls._found)
