import numpy as np
import pytest

from sklearn_mer.tags._patch import apply_patch, make_patch

SOUND = np.random.RandomState(0).bytes(70_000)


@pytest.mark.parametrize(
    ("old", "new", "n_kept"),
    [
        (SOUND, SOUND, 0),
        (SOUND, b"tag" * 99 + SOUND, 0),
        (b"head" + SOUND, SOUND, 4),
        (b"1size" + SOUND, b"2size" + SOUND + b"tag", 1),
        (SOUND + b"old", b"before" * 9 + SOUND + b"newer", 3),
        (b"\0" * 5000, b"x" + b"\0" * 5000, 0),
        (SOUND[:9], SOUND[9:30], 9),
        (b"a", b"b", 1),
    ],
)
def test_the_old_file_is_made_of_the_new_one(old, new, n_kept, tmp_path):
    before, after, part = (tmp_path / name for name in ("before", "after", "part"))
    before.write_bytes(old)
    after.write_bytes(new)
    patch = make_patch(before, after)
    assert sum(end - start for start, end in patch["places"]) == n_kept
    part.write_bytes(b"")
    apply_patch(patch, after, part)
    assert part.read_bytes() == old


def test_a_table_of_offsets_takes_little_space(tmp_path):
    offsets = np.arange(10_000, dtype=">u4") * 1234
    (tmp_path / "before").write_bytes(offsets.tobytes() + SOUND)
    (tmp_path / "after").write_bytes(b"t" * 300 + (offsets + 300).tobytes() + SOUND)
    patch = make_patch(tmp_path / "before", tmp_path / "after")
    assert [shift for _, shift in patch["moved"]] == [300]
    assert len(str(patch)) < 4000


def test_parts_are_moved_by_different_numbers(tmp_path):
    (tmp_path / "before").write_bytes(SOUND + SOUND[::-1])
    (tmp_path / "after").write_bytes(SOUND + b"tag" + SOUND[::-1])
    patch = make_patch(tmp_path / "before", tmp_path / "after")
    assert [shift for _, shift in patch["moved"]] == [0, 3]
    assert len(patch["places"]) == 1
    (tmp_path / "part").touch()
    apply_patch(patch, tmp_path / "after", tmp_path / "part")
    assert (tmp_path / "part").read_bytes() == SOUND + SOUND[::-1]
