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
    assert sum(len(content) // 2 for _, content in patch["bytes"]) == n_kept
    part.write_bytes(b"")
    apply_patch(patch, after, part)
    assert part.read_bytes() == old
