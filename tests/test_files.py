"""Files that are written whole or not at all."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest

from sklearn_mer._files import replace_file


@pytest.mark.parametrize("content", ["naïve\r\ntext\n", b"\x00bytes"])
def test_a_file_is_replaced_and_its_folder_is_made(tmp_path, content):
    path = tmp_path / "new" / "table.csv"
    for written in ("before", content):
        assert replace_file(path, written) == path
    expected = content.encode() if isinstance(content, str) else content
    assert path.read_bytes() == expected
    assert list(path.parent.iterdir()) == [path]


def test_a_failed_write_keeps_the_file_and_leaves_nothing_beside_it(tmp_path, monkeypatch):
    path = replace_file(tmp_path / "table.csv", "before")
    write = Path.write_bytes

    def disk_full(part, content):
        write(part, content[:3])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", disk_full)
    with pytest.raises(OSError, match=r"No space .*table\.csv'$"):
        replace_file(path, "after")
    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]


def test_threads_may_write_the_same_file(tmp_path):
    path = tmp_path / "table.csv"
    contents = [bytes([number]) * 100_000 for number in range(20)]
    with ThreadPoolExecutor(8) as threads:
        assert set(threads.map(partial(replace_file, path), contents)) == {path}
    assert path.read_bytes() in contents
    assert list(tmp_path.iterdir()) == [path]
