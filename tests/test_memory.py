import platform
import subprocess
import sys

import pytest

from sklearn_mer import _memory
from sklearn_mer._memory import kept_memory

on_glibc = pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="for glibc only")

# In a process of its own: what others have left free is used again too.
COUNT_FAULTS = """
import resource
from concurrent.futures import ThreadPoolExecutor
from sklearn_mer._memory import kept_memory

def use_blocks():
    for _ in range(20):
        b"x" * (40 * 2**20)  # of 10,240 pages

def count_faults():
    with ThreadPoolExecutor(1) as pool:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
        pool.submit(use_blocks).result()
        return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

print(count_faults())
with kept_memory():
    print(count_faults())
"""


@on_glibc
def test_blocks_are_used_again():
    output = subprocess.check_output([sys.executable, "-c", COUNT_FAULTS], text=True)
    outside, inside = map(int, output.split())
    assert inside < outside / 4


def test_the_last_to_leave_sets_things_back(monkeypatch):
    calls = []
    monkeypatch.setattr(_memory, "_set", calls.append)
    first, second = kept_memory(), kept_memory()
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    assert calls == [_memory._KEEPING]
    with pytest.raises(ZeroDivisionError), kept_memory():
        raise ZeroDivisionError
    assert len(calls) == 1
    second.__exit__(None, None, None)
    assert calls == [_memory._KEEPING, _memory._USUAL]


def test_memory_is_given_back_unless_it_takes_too_long(monkeypatch):
    calls = []
    monkeypatch.setattr(_memory, "_give_back", lambda: calls.append(1))
    with kept_memory(gives_back=False):
        pass
    assert not calls
    with kept_memory():
        pass
    assert calls


def test_other_c_libraries_are_left_alone(monkeypatch):
    monkeypatch.setattr(_memory, "_libc", None)
    with kept_memory():
        assert len(b"x" * 2**20) == 2**20
