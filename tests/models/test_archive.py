"""The container: files that are damaged, foreign, or made to do harm."""

import io
import struct
import tracemalloc
import zipfile

import forged
import numpy as np
import pytest
from sklearn.svm import SVC

from sklearn_mer.models import ModelFileError, load_model, model_info, save_model

LABELS = np.array(["Q1", "Q2", "Q3", "Q4"] * 5)


@pytest.fixture(scope="module")
def content(tmp_path_factory):
    """The bytes of a file."""
    X = np.random.RandomState(0).normal(size=(20, 3))
    path = tmp_path_factory.mktemp("models") / "model.mer"
    return save_model(SVC().fit(X, LABELS), path).read_bytes()


@pytest.fixture
def refused(tmp_path):
    """Assert that bytes are refused, with a text, and without taking memory."""

    def check(content, message, read=load_model):
        path = tmp_path / "model.mer"
        path.write_bytes(content)
        tracemalloc.start()
        try:
            with pytest.raises(ModelFileError, match=message) as told:
                read(path)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert str(told.value).startswith(f"{path} cannot be loaded: ")
        assert len(str(told.value)) < 700
        assert peak < 30 * 2**20

    return check


def test_every_flipped_byte_is_seen_or_harmless(content, tmp_path):
    whole = _arrays(load_model(_write(tmp_path, content)))
    for place in range(0, len(content), 37):
        damaged = bytearray(content)
        damaged[place] ^= 0x10
        try:
            found = _arrays(load_model(_write(tmp_path, damaged)))
        except ModelFileError:
            continue
        assert found == whole  # a date, or the like


def _arrays(svc):
    return {key: value.tobytes() for key, value in vars(svc).items() if hasattr(value, "tobytes")}


def _write(tmp_path, content):
    path = tmp_path / "model.mer"
    path.write_bytes(content)
    return path


def test_files_that_are_not_whole(content, refused):
    for n_bytes in (0, 1, 21, 22, 100, len(content) // 2, len(content) - 1):
        refused(content[:n_bytes], "no file of `save_model`, or not a whole one")
        refused(content[:n_bytes], "no file of `save_model`, or not a whole one", model_info)


def test_foreign_files(content, refused, tmp_path):
    np.savez(tmp_path / "a.npz", a=np.zeros(3))
    refused((tmp_path / "a.npz").read_bytes(), "none of `save_model`: it has no info.json")
    refused(b"RIFF" + bytes(1000), "no file of `save_model`")
    refused(b"MZ" + content, "no file of `save_model`")
    refused(content + b"more", "not a whole one")
    refused(forged.zipped([("info.json", b"{}")]), "its info.json is not one of `save_model`")
    refused(forged.zipped([("info.json", b"[]")]), "its info.json is no JSON object")


def test_a_newer_file_says_by_whom_it_was_saved(content, refused):
    info, structure, arrays = forged.parts(content)
    newer = info | {"format": 2, "versions": info["versions"] | {"sklearn-mer": "9.1"}}
    file = forged.zipped([("info.json", _json(newer)), ("something.else", b"")])
    for read in (load_model, model_info):
        refused(file, "format 2, saved by sklearn-mer 9.1; this version reads up to 1", read)
    for odd in (None, "1", 1.0, True, 0, -1):
        refused(forged.whole(info | {"format": odd}, structure, arrays), "is not one of")
    refused(forged.whole(info | {"versions": [1]}, structure, arrays), "is not one of")


def _json(value):
    import json

    return json.dumps(value).encode()


def test_names_that_lead_elsewhere(content, refused):
    named = list(forged.entries(content).items())
    for name in ("../evil", "/etc/passwd", "arrays/../../x.npy", "C:\\x", "arrays/01.npy", "x"):
        refused(forged.zipped([*named, (name, b"")]), "entries are not those of a model")
        refused(forged.zipped([(name, named[-1][1]), *named[:-1]]), "entries are not those")


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_names_that_are_there_twice(content, refused):
    named = list(forged.entries(content).items())
    refused(forged.zipped([*named, named[1]]), "two entries of one name")


def test_bombs(content, refused):
    named = list(forged.entries(content).items())
    bomb = [*named[:-1], (named[-1][0], bytes(2**26))]
    refused(forged.zipped(bomb, zipfile.ZIP_DEFLATED), "compressed or encrypted")
    refused(forged.zipped(named, zipfile.ZIP_BZIP2), "compressed or encrypted")
    # Sizes that the file does not have, in the directory and in the entry.
    last = content.rindex(b"PK\1\2")
    for size in (2**31, 2**32 - 2):
        sizes = struct.pack("<II", size, size)
        grown = content[: last + 20] + sizes + content[last + 28 :]
        refused(grown, "larger than the file|Overlapped|damaged")


def test_entries_that_overlap(content, refused):
    # Two names in the directory for one content.
    directory = content.rindex(b"PK\1\2")
    end = len(content) - 22
    again = bytearray(content[directory:end])
    number = int(again[46:].split(b"/")[1].split(b".")[0])
    again[46:] = again[46:].replace(b"%d.npy" % number, b"%d.npy" % (number + 1))
    n, size, start = struct.unpack("<HII", content[end + 10 : end + 20])
    last = struct.pack("<HHHHIIH", 0, 0, n + 1, n + 1, size + len(again), start, 0)
    file = content[:end] + bytes(again) + b"PK\5\6" + last
    refused(file, "damaged|Overlapped|overlap")


def test_a_name_that_is_no_text(content, refused):
    named = bytearray(content)
    named[6:8] = struct.pack("<H", 0x800)  # says that it is UTF-8
    named[30:34] = b"\xff\xff\xff\xff"
    refused(bytes(named), "its info.json is damaged")


def test_a_directory_that_would_take_much_memory(content, refused):
    end = bytearray(content[-22:])
    refused(content[:-22] + b"PK\6\7" + bytes(16) + end, "larger directory than a model has")
    end[12:16] = struct.pack("<I", 2**31)
    refused(content[:-22] + bytes(end), "larger directory than a model has")


def test_json_that_is_deep_large_or_none(content, refused):
    named = forged.entries(content)

    def with_structure(text, name="model.json"):
        return forged.zipped((named | {name: text}).items())

    for name in ("model.json", "info.json"):
        refused(
            with_structure(b"[" * 10**6, name), f"{name} is (no valid JSON|no JSON object)|larger"
        )
        refused(with_structure(b'{"a":' * 50_000, name), "no valid JSON")
        refused(with_structure(b"{", name), "no valid JSON")
        refused(with_structure(b"\xff", name), "no valid JSON")
        refused(with_structure(b'{"a": 1, "a": 2}', name), "a name stands twice")
        for number in (b"NaN", b"-Infinity", b"1e999", b"9" * 5000):
            refused(with_structure(b'{"a": ' + number + b"}", name), "no valid JSON")
    refused(with_structure(b" " * (16 * 2**20 + 1)), "its model.json is larger than 16 MiB")
    refused(with_structure(b" " * (2**20 + 1), "info.json"), "its info.json is larger than 1 MiB")
    deep = b'{"model": ' + b"[" * 500 + b"]" * 500 + b"}"
    refused(with_structure(deep), "nested deeper than a model")


def _npy(header, data=b"", version=(1, 0)):
    length = struct.pack("<H" if version[0] == 1 else "<I", len(header))
    return b"\x93NUMPY" + bytes(version) + length + header + data


@pytest.mark.parametrize(
    ("array", "message"),
    [
        (b"", "no valid header"),
        (b"\x93NUMPY\x01\x00\xff\xff", "no valid header"),
        (
            _npy(b"{'descr': '<f8', 'fortran_order': False, 'shape': (3,), }\n"),
            "24 bytes, but has 0",
        ),
        (
            _npy(b"{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000000,), }\n"),
            "8000000000000 bytes, but has 0",
        ),
        (
            _npy(b"{'descr': '<f8', 'fortran_order': False, 'shape': (-1,), }\n", bytes(8)),
            "-8 bytes",
        ),
        (
            _npy(b"{'descr': '<f8', 'fortran_order': False, 'shape': (-1, -1), }\n", bytes(8)),
            "says",
        ),
        (_npy(b"{'descr': '<f8', 'fortran_order': True, 'shape': (1,), }\n", bytes(8)), "says"),
        (
            _npy(b"{'descr': '|O', 'fortran_order': False, 'shape': (1,), }\n", bytes(8)),
            "not allowed",
        ),
        (
            _npy(b"{'descr': '>f8', 'fortran_order': False, 'shape': (1,), }\n", bytes(8)),
            "not allowed",
        ),
        (_npy(b"{'descr': '<c16', 'fortran_order': False, 'shape': (0,), }\n"), "not allowed"),
        (_npy(b"{'descr': '<M8[s]', 'fortran_order': False, 'shape': (0,), }\n"), "not allowed"),
        (
            _npy(b"{'descr': '|V8', 'fortran_order': False, 'shape': (1,), }\n", bytes(8)),
            "not allowed",
        ),
        (
            _npy(b"{'descr': ('<f8', (9, 9)), 'fortran_order': False, 'shape': (0,), }\n"),
            "not allowed",
        ),
        (
            _npy(b"{'descr': '<f8', 'fortran_order': False, 'shape': (0,), }\n", version=(2, 0)),
            "header",
        ),
        (_npy(b"(" * 5000), "no valid header"),
        (
            _npy(
                b"{'descr': '<f8', 'fortran_order': False, 'shape': (" + b"1," * 40 + b")}",
                bytes(8),
            ),
            "says",
        ),
        (
            _npy(b"{'descr': '|b1', 'fortran_order': False, 'shape': (1,), }\n", b"\7"),
            "truth values",
        ),
        (
            _npy(b"{'descr': '<U1', 'fortran_order': False, 'shape': (1,), }\n", b"\xff" * 4),
            "text that is none",
        ),
    ],
)
def test_arrays_that_are_none(array, message, content, refused):
    named = forged.entries(content)
    last = list(named)[-1]
    refused(forged.zipped((named | {last: array}).items()), message)


def test_arrays_with_objects_are_not_unpickled(content, refused):
    file = io.BytesIO()
    np.save(file, np.array([print], dtype=object), allow_pickle=True)
    named = forged.entries(content)
    refused(forged.zipped((named | {"arrays/0.npy": file.getvalue()}).items()), "not allowed")


def test_an_archive_says_nothing_of_when_and_where(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {entry.create_system for entry in archive.infolist()} == {3}
        assert not archive.comment
        assert archive.testzip() is None


def test_a_card_or_structure_that_is_too_large(tmp_path):
    svc = SVC().fit(np.eye(4), LABELS[:4])
    with pytest.raises(ValueError, match=r"info.json of the model would take 1\.\d MiB; 1 are"):
        save_model(svc, tmp_path / "model.mer", card={"a": "x" * 2**20})
    svc.extra_ = ["x" * 2**24]
    with pytest.raises(ValueError, match=r"model.json of the model would take 16\.\d MiB; 16 are"):
        save_model(svc, tmp_path / "model.mer")
