"""One thread of torch for a while."""

import multiprocessing
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch
from cases import make

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
    with one_torch_thread() as n_threads:
        assert n_threads == 2
        assert torch.get_num_threads() == 1
        assert threads_of_a_new_thread() == 1
        with one_torch_thread() as n_threads:
            assert n_threads == 1
            assert torch.get_num_threads() == 1
        assert torch.get_num_threads() == 1
        assert threads_of_a_new_thread() == 1
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


def test_threads_that_begin_inside_and_end_later(two_threads):
    """Whichever is the first to end, the others still have one thread, and then all have two."""
    steps = [threading.Event() for _ in range(3)]

    def second():
        with one_torch_thread() as n_threads:
            steps[0].set()
            steps[1].wait(10)
            inside = torch.get_num_threads(), threads_of_a_new_thread()
        steps[2].wait(10)
        return n_threads, inside, torch.get_num_threads()

    with ThreadPoolExecutor(1) as pool:
        with one_torch_thread():
            running = pool.submit(second)
            steps[0].wait(10)
        assert torch.get_num_threads() == 2
        steps[1].set()
        steps[2].set()
        assert running.result() == (2, (1, 1), 2)
    assert threads_of_a_new_thread() == 2


def test_fits_in_threads_leave_the_number_of_threads(two_threads, clips):
    X, y = clips

    def fit(_):
        return make("cnn", max_epochs=1).fit(X, y).predict_proba(X)

    with ThreadPoolExecutor(3) as pool:
        results = list(pool.map(fit, range(3)))
        counts = list(pool.map(lambda _: torch.get_num_threads(), range(3)))
    assert counts == [2] * 3
    assert torch.get_num_threads() == threads_of_a_new_thread() == 2
    np.testing.assert_array_equal(results, [fit(0)] * 3)


@pytest.mark.skipif(
    "fork" not in multiprocessing.get_all_start_methods(), reason="no fork on this platform"
)
@pytest.mark.parametrize("key", ["cnn", "artist_cnn"])
@pytest.mark.filterwarnings("ignore:.*use of fork:DeprecationWarning")
def test_a_forked_process_can_fit(key, two_threads, clips):
    X, y = clips
    method = make(key, max_epochs=1)
    expected = method.fit(X, y).predict_proba(X)
    torch.ones(1000, 1000).exp()  # starts the threads of torch, if nothing has
    ours, theirs = multiprocessing.Pipe()

    def child():
        theirs.send((method.fit(X, y).predict_proba(X), torch.get_num_threads()))

    process = multiprocessing.get_context("fork").Process(target=child)
    process.start()
    try:
        assert ours.poll(60), "it hangs"
        probabilities, n_threads = ours.recv()
    finally:
        process.kill()
        process.join()
    np.testing.assert_array_equal(probabilities, expected)
    assert n_threads == 1
    assert torch.get_num_threads() == threads_of_a_new_thread() == 2
