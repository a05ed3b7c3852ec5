"""The cache a clip, in one process."""

import io
import os
import pickle
import warnings

import numpy as np
import pytest
from sklearn.base import clone

from sklearn_mer.audio import ClipCache, check_cache, default_cache_folder, digest_of
from sklearn_mer.spectrogram import MelSpectrogram

KEY = "0a1b2c"


@pytest.fixture
def cache(tmp_path):
    return ClipCache(tmp_path / "cache")


def npy_bytes(array):
    buffer = io.BytesIO()
    np.save(buffer, array)
    return buffer.getvalue()


def npz_bytes(array):
    buffer = io.BytesIO()
    np.savez(buffer, array)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "array", [np.arange(6, dtype=np.float32).reshape(2, 3), np.float64(3), np.empty((0, 4)), [True]]
)
def test_what_is_put_is_got(cache, array):
    assert cache.get("mel", KEY) is None
    cache.put("mel", KEY, array)
    got = cache.get("mel", KEY)
    np.testing.assert_array_equal(got, array)
    assert got.dtype == np.asarray(array).dtype
    assert cache.get("other", KEY) is None


def test_a_later_put_wins(cache):
    for value in (1, 2):
        cache.put("mel", KEY, np.full(3, value))
    assert cache.get("mel", KEY).tolist() == [2, 2, 2]
    assert cache.info().loc["mel", "n_entries"] == 1


HEADER = npy_bytes(np.zeros(10))[:10]
BROKEN = {
    "empty": b"",
    "magic alone": b"\x93NUMPY",
    "half": npy_bytes(np.arange(1000.0))[:4000],
    "without its last byte": npy_bytes(np.arange(1000.0))[:-1],
    "text": b"no array " * 50,
    "zip": b"PK\x03\x04" + bytes(50),
    "pickle": pickle.dumps({"a": 1}),
    "object array": npy_bytes(np.array([None, {}], dtype=object)),
    "header that ends early": HEADER + b"{'descr': ('<f8', 'shape': (1".ljust(118),
    "header of nonsense": HEADER + b"\x00\xff(((" * 30,
    "npz": npz_bytes(np.arange(1000.0)),
    "without a checksum": npy_bytes(np.arange(1000.0)),
    "header of a huge array": HEADER
    + b"{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999999,)}".ljust(118),
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
def test_broken_entries_are_as_good_as_none(cache, content):
    path = cache.path("mel", KEY)
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    assert cache.get("mel", KEY) is None
    cache.put("mel", KEY, np.ones(2))
    assert cache.get("mel", KEY).tolist() == [1, 1]


DAMAGE = {
    "one bit": lambda content: content[:200] + bytes([content[200] ^ 1]) + content[201:],
    "zeros": lambda content: content[:128] + bytes(len(content) - 128),
    "other type": lambda content: content.replace(b"<f4", b"<i4"),
    "other shape": lambda content: content.replace(b"(10, 20)", b"(20, 10)"),
    "other order": lambda content: content.replace(b"False", b"True "),
    "longer": lambda content: content + bytes(4),
    "nothing but a checksum": lambda content: content[-4:],
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_damaged_entries_are_as_good_as_none(cache, damage):
    array = np.random.default_rng(0).random((10, 20)).astype(np.float32)
    cache.put("mel", KEY, array)
    path = cache.path("mel", KEY)
    content = path.read_bytes()
    assert damage(content) != content
    path.write_bytes(damage(content))
    assert cache.get("mel", KEY) is None
    path.write_bytes(content)
    np.testing.assert_array_equal(cache.get("mel", KEY), array)


def test_an_entry_under_the_name_of_another_one_is_as_good_as_none(cache):
    cache.put("mel", KEY, np.zeros(3))
    for step, key in [("mel", "0a1b2d"), ("other", KEY)]:
        path = cache.path(step, key)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(cache.path("mel", KEY).read_bytes())
        assert cache.get(step, key) is None


def test_an_array_from_the_cache_can_be_changed(cache):
    cache.put("mel", KEY, np.zeros(3))
    array = cache.get("mel", KEY)
    array += 1
    assert cache.get("mel", KEY).tolist() == [0, 0, 0]


def test_size_and_clearing(cache):
    assert cache.info().empty
    assert cache.nbytes == 0
    for step, n_entries in [("mel", 3), ("summary", 2)]:
        for i in range(n_entries):
            cache.put(step, f"{i}{KEY}", np.zeros(100, dtype=np.float32))
    info = cache.info()
    assert info["n_entries"].to_dict() == {"mel": 3, "summary": 2}
    assert info["bytes"].to_dict() == {"mel": 3 * 532, "summary": 2 * 532}
    assert cache.nbytes == 5 * 532
    cache.clear("nothing of this name")
    cache.clear("mel")
    assert list(cache.info().index) == ["summary"]
    cache.clear()
    assert cache.info().empty
    cache.clear()
    cache.put("mel", KEY, np.zeros(1))
    assert cache.get("mel", KEY) is not None


def test_clearing_removes_nothing_else(cache, tmp_path):
    cache.put("mel", KEY, np.zeros(1))
    bystander = tmp_path / "cache" / "bystander"
    bystander.mkdir()
    for step in ("..", ".", "", str(bystander), "../.."):
        cache.clear(step)
    assert cache.get("mel", KEY) is not None
    cache.clear()
    assert bystander.is_dir()


def test_remains_of_dead_writers_are_no_entries_and_are_cleared(cache):
    cache.put("mel", KEY, np.zeros(1))
    stray = cache.path("mel", KEY).with_name("x8f3.tmp")
    stray.write_bytes(bytes(1000))
    assert cache.info().loc["mel"].to_dict() == {"n_entries": 1, "bytes": 140 + 1000}
    cache.clear("mel")
    assert not stray.exists()


def test_a_failing_write_leaves_nothing_and_warns(cache, monkeypatch):
    def full(source, target):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.warns(UserWarning, match=r"cannot be written \(No space left.*SKLEARN_MER_CACHE"):
        cache.put("mel", KEY, np.zeros(5))
    assert not [path for path in cache.folder.rglob("*") if path.is_file()]


def test_an_interrupted_write_leaves_nothing(cache, monkeypatch):
    def interrupted(*args, **options):
        raise KeyboardInterrupt

    monkeypatch.setattr(np, "save", interrupted)
    with pytest.raises(KeyboardInterrupt):
        cache.put("mel", KEY, np.zeros(5))
    assert not [path for path in cache.folder.rglob("*") if path.is_file()]


def test_a_folder_that_cannot_be_written_is_said_once(tmp_path):
    (tmp_path / "file").touch()
    cache = ClipCache(tmp_path / "file")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("default")
        for i in range(50):
            cache.put("mel", f"{i:02d}{KEY}", np.zeros(1))
    assert [str(tmp_path) in str(warning.message) for warning in caught] == [True]


def test_a_folder_that_may_not_be_cleared_is_not_passed_over(public_folder, without_privileges):
    cache = ClipCache(public_folder)
    cache.put("mel", KEY, np.zeros(1))
    cache.path("mel", KEY).parent.chmod(0o555)
    with without_privileges(), pytest.raises(PermissionError):
        cache.clear()


def test_the_default_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("SKLEARN_MER_CACHE", str(tmp_path))
    assert default_cache_folder() == tmp_path
    cache = ClipCache()
    cache.put("mel", KEY, np.zeros(1))
    assert tmp_path in cache.path("mel", KEY).parents
    assert cache.path("mel", KEY).is_file()
    for unset in (
        lambda: monkeypatch.delenv("SKLEARN_MER_CACHE"),
        lambda: monkeypatch.setenv("SKLEARN_MER_CACHE", ""),
    ):
        monkeypatch.setenv("SKLEARN_MER_CACHE", "x")
        unset()
        assert default_cache_folder().name == "sklearn_mer"


def test_the_cache_parameter(tmp_path):
    assert check_cache(False) is None
    assert check_cache(None) is None
    assert check_cache(True).folder == ClipCache().folder
    assert check_cache(str(tmp_path)).folder == ClipCache(tmp_path).folder
    cache = ClipCache(tmp_path)
    assert check_cache(cache) is cache


def test_copies_of_a_cache_are_the_same_folder(cache):
    cache.put("mel", KEY, np.ones(1))
    for copy in (pickle.loads(pickle.dumps(cache)), clone(cache, safe=False)):
        assert copy.get("mel", KEY).tolist() == [1]
    assert str(cache.folder) in repr(cache)


def test_digests():
    digests = {
        digest_of(value) for value in ([1, 2], [2, 1], [1.5], ["1"], [None], {"a": 1}, b"[1]")
    }
    assert len(digests) == 7
    assert digest_of({"a": 1, "b": 2}) == digest_of({"b": 2, "a": 1})
    numpys = [np.int64(64), np.float64(0.5), np.True_, np.str_("x")]
    assert digest_of(numpys) == digest_of([64, 0.5, True, "x"])
    assert digest_of(memoryview(b"abc")) == digest_of(b"abc")
    with pytest.raises(TypeError, match="cannot be part of a key"):
        digest_of([object()])


@pytest.mark.parametrize("location", ["", "\ud800", "a\0b"])
def test_names_that_no_folder_can_have(location, short_files):
    with pytest.raises(ValueError, match=r"is no name of a folder for the cache; give one"):
        MelSpectrogram(cache=location).fit_transform(short_files)
