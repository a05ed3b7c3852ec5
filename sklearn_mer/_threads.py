"""Threads of torch."""

import threading

import torch


class one_torch_thread:
    """Keep torch to one thread for a while: the threads over clips are enough.

    To be entered where those threads are started, not in them: setting torch's number in one
    thread also sets what threads yet to come start with. Callers may overlap; the number found
    by the first is what each leaves behind.
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
