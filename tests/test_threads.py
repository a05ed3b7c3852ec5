"""One thread of torch for a while."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import torch

from sklearn_mer._threads import one_torch_thread


@pytest.fixture
def two_threads():
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    yield
    torch.set_num_threads(before)


def threads_of_a_new_thread():
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(torch.get_num_threads).result()


def test_one_thread_inside_and_the_former_number_afterwards(two_threads):
    with one_torch_thread():
        assert torch.get_num_threads() == 1
        assert threads_of_a_new_thread() == 1
        with one_torch_thread():
            assert torch.get_num_threads() == 1
    assert torch.get_num_threads() == 2
    assert threads_of_a_new_thread() == 2


def test_after_an_error(two_threads):
    with pytest.raises(ZeroDivisionError), one_torch_thread():
        raise ZeroDivisionError
    assert torch.get_num_threads() == 2


def test_callers_that_overlap(two_threads):
    barrier = threading.Barrier(4)

    def call(_):
        barrier.wait()
        seen = []
        for _ in range(20):
            with one_torch_thread():
                seen.append(torch.get_num_threads())
        return seen

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(call, range(4))) == [[1] * 20] * 4
    assert torch.get_num_threads() == 2
    assert threads_of_a_new_thread() == 2
