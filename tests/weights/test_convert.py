"""From originals to the files of the register."""

import hashlib
import io
from pathlib import Path

import numpy as np
import pytest

from sklearn_mer.weights import WeightsError, _convert, available_weights
from sklearn_mer.weights._convert import check_can_convert, convert, npz_bytes

from .small_originals import LAYERS, SLOTS, checkpoint, keras_model

NAMED = {name.replace("/", "."): array for name, array in LAYERS.items()}


def same(content, arrays):
    with np.load(io.BytesIO(content), allow_pickle=False) as file:
        assert sorted(file.files) == sorted(arrays)
        return all(np.array_equal(file[name], arrays[name]) for name in arrays)


def test_musicnn():
    assert same(convert("musicnn", [*checkpoint({**LAYERS, **SLOTS})]), NAMED)


def test_artist():
    assert same(convert("artist", [keras_model(LAYERS, SLOTS)]), NAMED)


@pytest.mark.parametrize("content", [b"", b"no HDF5 at all", keras_model(LAYERS, {})[:900]])
def test_what_keras_has_not_saved(content):
    with pytest.raises(WeightsError, match="no model that Keras saved"):
        convert("artist", [content])


def test_a_model_of_keras_without_weights():
    import h5py

    content = io.BytesIO()
    with h5py.File(content, "w") as file:
        file["other"] = 1
    with pytest.raises(WeightsError, match="no model that Keras saved"):
        convert("artist", [content.getvalue()])


def test_h5py_is_optional(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "h5py", None)
    with pytest.raises(ImportError, match=r'artist network needs h5py.*"sklearn-mer\[weights\]"'):
        check_can_convert("artist")
    check_can_convert("musicnn")


def test_files_of_torch_stay_as_they_are():
    assert convert("crnn", [b"PK\x03\x04..."]) == b"PK\x03\x04..."
    assert convert("openl3", [b"\x80\x02..."]) == b"\x80\x02..."
    with pytest.raises(WeightsError, match=r"no file of torch; it begins with b'<!DOCTYPE"):
        convert("openl3", [b"<!DOCTYPE html>"])


def test_the_bytes_are_those_of_numpy(tmp_path):
    np.savez(tmp_path / "a.npz", **{name: NAMED[name] for name in sorted(NAMED)})
    assert npz_bytes(NAMED) == (tmp_path / "a.npz").read_bytes()


def test_the_bytes_do_not_depend_on_the_platform(monkeypatch):
    monkeypatch.setattr(_convert.zipfile.sys, "platform", "win32")
    on_windows = npz_bytes(NAMED)
    monkeypatch.undo()
    assert on_windows == npz_bytes(NAMED)


@pytest.mark.data
@pytest.mark.parametrize(
    "name", [name for name, info in available_weights().items() if info.sha256]
)
def test_the_originals_become_the_register(name, real_data_home):
    info = available_weights()[name]
    found = _originals(real_data_home)
    missing = [one.file for one in info.originals if one.sha256 not in found]
    if missing:
        pytest.skip(f"the original {missing[0]} is not here")
    content = convert(info.network, [found[one.sha256] for one in info.originals])
    assert hashlib.sha256(content).hexdigest() == info.sha256
    assert len(content) == info.n_bytes


def _originals(home):
    """Return {sha256: content} of the files in the data home and in ``originals`` beside it."""
    files = [*(home / "weights").glob("*.pth"), *(home.parent / "originals").rglob("*.*")]
    contents = [file.read_bytes() for file in filter(Path.is_file, files)]
    return {hashlib.sha256(content).hexdigest(): content for content in contents}
