"""The cache a clip, under several processes and killed ones."""

import multiprocessing
import os
import signal
import time

import numpy as np
import pytest

from sklearn_mer.audio import ClipCache

pytestmark = pytest.mark.skipif(
    "fork" not in multiprocessing.get_all_start_methods(), reason="this platform cannot fork"
)

KEYS = [f"{i:02d}abcdef" for i in range(6)]
SIZE = 40_000


def start(function, *arguments):
    process = multiprocessing.get_context("fork").Process(target=function, args=arguments)
    process.start()
    return process


def is_whole(array):
    """Entries are of one value each: a mixture or a piece would show."""
    return array.shape == (SIZE,) and (array == array[0]).all()


def write_and_read(folder, seed, n_rounds):
    cache = ClipCache(folder)
    rng = np.random.default_rng(seed)
    for _ in range(n_rounds):
        key = KEYS[rng.integers(len(KEYS))]
        found = cache.path("mel", key).exists()
        array = cache.get("mel", key)
        # `get` forgives broken entries, but nobody may ever see one here.
        if array is None and found:
            os._exit(2)
        if array is not None and not is_whole(array):
            os._exit(3)
        cache.put("mel", key, np.full(SIZE, rng.random()))
    os._exit(0)


def test_many_writers_of_the_same_keys(tmp_path):
    processes = [start(write_and_read, tmp_path, seed, 300) for seed in range(4)]
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0] * 4
    cache = ClipCache(tmp_path)
    assert cache.info().loc["mel", "n_entries"] == len(KEYS)
    assert all(is_whole(cache.get("mel", key)) for key in KEYS)
    assert not list(cache.folder.rglob("*.tmp"))


def write_for_ever(folder):
    cache = ClipCache(folder)
    i = 0
    while True:
        cache.put("mel", f"{i % 300:04d}abcdef", np.full(SIZE, float(i)))
        i += 1


@pytest.mark.parametrize("n_entries", [1, 20, 60])
def test_a_writer_killed_at_any_moment(n_entries, tmp_path):
    cache = ClipCache(tmp_path)
    process = start(write_for_ever, tmp_path)
    deadline = time.monotonic() + 60
    while len(list(cache.folder.rglob("*.npy"))) < n_entries and time.monotonic() < deadline:
        time.sleep(0.001)
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    entries = list(cache.folder.rglob("*.npy"))
    assert len(entries) >= n_entries
    assert all(is_whole(np.load(path)) for path in entries)
    assert cache.info().loc["mel", "n_entries"] == len(entries)


def die_halfway(folder):
    def half(temporary, path):
        os.truncate(temporary, os.path.getsize(temporary) // 2)
        os.kill(os.getpid(), signal.SIGKILL)

    os.replace = half
    ClipCache(folder).put("mel", KEYS[0], np.zeros(SIZE))


def test_a_writer_killed_halfway_through_an_entry(tmp_path):
    cache = ClipCache(tmp_path)
    process = start(die_halfway, tmp_path)
    process.join()
    assert process.exitcode == -signal.SIGKILL
    (stray,) = (path for path in cache.folder.rglob("*") if path.is_file())
    assert SIZE * 4 < stray.stat().st_size < SIZE * 5
    assert cache.get("mel", KEYS[0]) is None
    assert cache.info().loc["mel", "n_entries"] == 0
    cache.put("mel", KEYS[0], np.ones(SIZE))
    assert is_whole(cache.get("mel", KEYS[0]))
    cache.clear()
    assert not stray.exists()


def test_clearing_while_others_write(tmp_path):
    cache = ClipCache(tmp_path)
    process = start(write_for_ever, tmp_path)
    try:
        for _ in range(30):
            cache.info()
            cache.clear()
        assert process.is_alive()
    finally:
        process.kill()
        process.join()
