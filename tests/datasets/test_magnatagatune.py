"""Loading a small synthetic copy of MagnaTagATune."""

import numpy as np
import pandas as pd
import pytest

from sklearn_mer.audio import AudioError
from sklearn_mer.datasets import (
    DatasetError,
    DatasetNotFoundError,
    _magnatagatune,
    load_magnatagatune,
)
from sklearn_mer.embeddings import available_weights

TAGS = pd.DataFrame(
    # Counts: guitar 4, loud and slow 3, weird 1, never 0.
    {
        "weird": [0, 0, 0, 0, 0, 1, 0],
        "slow": [1, 0, 0, 1, 0, 1, 0],
        "never": [0, 0, 0, 0, 0, 0, 0],
        "loud": [0, 1, 1, 0, 1, 0, 0],
        "guitar": [1, 1, 1, 1, 0, 0, 0],
    },
    index=pd.Index(["2", "6", "10", "11", "12", "14", "25"], dtype=object),
)
PATHS = [
    "f/american_bach_soloists-solo_cantatas-01-aria-0-29.mp3",
    "0/lvx_nova-ambient_heart-01-a-30-59.mp3",
    "b/lvx_nova-ambient_heart-02-b-0-29.mp3",
    "c/lone_one.mp3",
    "d/jag-four_strings-03-c-0-29.mp3",
    "9/jag-four_strings-03-c-30-59.mp3",
    "a/nobody-nothing-01-d-0-29.mp3",
]


@pytest.fixture
def copy_mtat(data_home, write_tag_set, write_clip):
    """Folder of a synthetic copy in `data_home`."""
    root = write_tag_set(data_home / "datasets" / "MagnaTagATune", TAGS, PATHS)
    for path in PATHS:
        write_clip(root / path)
    return root


@pytest.fixture
def rewrite_annotations(copy_mtat):
    def apply(change):
        path = copy_mtat / "annotations_final.csv"
        table = pd.read_csv(path, sep="\t", dtype=str)
        change(table).to_csv(path, sep="\t", index=False)

    return apply


def test_what_is_loaded(copy_mtat, data_home):
    bunch = load_magnatagatune(data_home=data_home, n_tags=3)
    assert bunch.tag_names == bunch.target_names == ["guitar", "loud", "slow"]
    assert list(bunch.ids) == ["2", "6", "10", "11", "12", "14"]  # 25 has no tag
    pd.testing.assert_frame_equal(
        bunch.target, TAGS.loc[bunch.ids, bunch.tag_names], check_names=False
    )
    assert list(bunch.data["audio"]) == [str(copy_mtat / path) for path in PATHS[:6]]
    assert list(bunch.split) == ["test", "train", "train", "validation", "test", "train"]
    assert list(bunch.groups) == [
        "american_bach_soloists", "lvx_nova", "lvx_nova", "lone_one", "jag", "jag"
    ]  # fmt: skip
    assert list(bunch.frame) == ["audio", "guitar", "loud", "slow"]
    assert list(bunch.metadata["mp3_path"]) == PATHS[:6]
    assert bunch.skipped.empty
    for part in ["ISMIR", "CC BY-NC-SA", "annotations_final.csv"]:
        assert part in bunch.DESCR


def test_arrays_and_pairs(copy_mtat, data_home):
    frames = load_magnatagatune(data_home=data_home, n_tags=3)
    arrays = load_magnatagatune(data_home=data_home, n_tags=3, as_frame=False)
    assert arrays.frame is None
    assert arrays.target.dtype == np.int64
    for name in ("data", "target", "groups", "split", "ids"):
        assert isinstance(arrays[name], np.ndarray)
        expected = np.asarray(frames[name]).reshape(arrays[name].shape)
        np.testing.assert_array_equal(arrays[name], expected)
    X, y = load_magnatagatune(data_home=data_home, n_tags=3, return_X_y=True)
    pd.testing.assert_frame_equal(X, frames.data)
    pd.testing.assert_frame_equal(y, frames.target)


def test_clips_without_a_kept_tag(copy_mtat, data_home):
    kept = load_magnatagatune(data_home=data_home, n_tags=1, drop_untagged=False)
    assert len(kept.ids) == 7
    assert kept.target["guitar"].tolist() == [1, 1, 1, 1, 0, 0, 0]
    dropped = load_magnatagatune(data_home=data_home, n_tags=1)
    assert list(dropped.ids) == ["2", "6", "10", "11"]


def test_all_tags_by_frequency_then_name(copy_mtat, data_home):
    bunch = load_magnatagatune(data_home=data_home, n_tags=None)
    assert bunch.tag_names == ["guitar", "loud", "slow", "weird", "never"]


def test_the_tags_of_the_published_tagger_are_in_the_same_order():
    # What n_tags=50 gives on the published annotations is the register's order of tags.
    tags = available_weights()["mtat_crnn"].tags
    counts = pd.DataFrame({tag: [1] * (50 - i) + [0] * i for i, tag in enumerate(tags)})
    assert list(_magnatagatune.most_frequent(counts[sorted(tags)], 50, "")) == list(tags)


@pytest.mark.parametrize("n_tags", [0, 6, 2.0, True, "3"])
def test_other_numbers_of_tags_are_refused(copy_mtat, data_home, n_tags):
    with pytest.raises(ValueError, match=r"n_tags must be None or an integer from 1 to 5.*; got"):
        load_magnatagatune(data_home=data_home, n_tags=n_tags)


def test_a_missing_set_says_what_to_do(data_home):
    with pytest.raises(DatasetNotFoundError) as caught:
        load_magnatagatune(data_home=data_home)
    message = str(caught.value)
    for part in ["MagnaTagATune", "annotations_final.csv", "SKLEARN_MER_DATA", "mirg.city.ac.uk"]:
        assert part in message
    assert "or call" not in message
    assert message.endswith(").")


def test_a_set_without_clips(data_home, write_tag_set):
    write_tag_set(data_home / "datasets" / "MagnaTagATune", TAGS, PATHS)
    with pytest.raises(DatasetNotFoundError, match="no clip in the folders 0 to 9 and a to f"):
        load_magnatagatune(data_home=data_home, n_tags=3)


def test_missing_and_empty_clips_are_named_at_once(copy_mtat, data_home):
    (copy_mtat / PATHS[0]).unlink()
    (copy_mtat / PATHS[1]).write_bytes(b"")
    with pytest.raises(AudioError) as caught:
        load_magnatagatune(data_home=data_home, n_tags=3)
    assert dict(caught.value.bad_files) == {
        str(copy_mtat / PATHS[0]): "no such file",
        str(copy_mtat / PATHS[1]): "the file is empty (0 bytes)",
    }


def test_bad_clips_can_be_left_out(copy_mtat, data_home):
    (copy_mtat / PATHS[0]).unlink()
    (copy_mtat / PATHS[4]).write_bytes(b"no music at all")
    with pytest.warns(UserWarning, match="2 of 6 clips cannot be used"):
        bunch = load_magnatagatune(data_home=data_home, n_tags=3, on_error="skip")
    assert list(bunch.ids) == ["6", "10", "11", "14"]
    assert list(bunch.target.index) == list(bunch.split.index) == list(bunch.ids)
    assert set(bunch.skipped["file"]) == {str(copy_mtat / PATHS[i]) for i in (0, 4)}


@pytest.mark.parametrize("on_error", ["raise", "skip"])
def test_the_clips_that_are_published_empty_cost_a_warning(
    copy_mtat, data_home, rewrite_annotations, on_error
):
    first, second, third = _magnatagatune.KNOWN_EMPTY
    for path in (first, second):
        (copy_mtat / path).parent.mkdir(exist_ok=True)
    (copy_mtat / first).write_bytes(b"")  # the second is missing, the third is a good copy
    (copy_mtat / third).write_bytes((copy_mtat / PATHS[0]).read_bytes())
    rewrite_annotations(lambda t: t.assign(mp3_path=[*PATHS[:3], first, second, third, PATHS[6]]))
    with pytest.warns(UserWarning, match="2 clips that are broken in the published archive"):
        bunch = load_magnatagatune(data_home=data_home, n_tags=3, on_error=on_error)
    assert list(bunch.ids) == ["2", "6", "10", "14"]
    assert set(bunch.skipped["file"]) == {str(copy_mtat / path) for path in (first, second)}


@pytest.mark.filterwarnings("ignore:1 clips that are broken")
def test_another_empty_clip_is_an_error_still(copy_mtat, data_home, rewrite_annotations):
    rewrite_annotations(lambda t: t.assign(mp3_path=[*PATHS[:6], _magnatagatune.KNOWN_EMPTY[0]]))
    (copy_mtat / PATHS[0]).write_bytes(b"")
    with pytest.raises(AudioError, match="1 of 6 audio files") as caught:
        load_magnatagatune(data_home=data_home, n_tags=3, drop_untagged=False)
    assert caught.value.bad_files[0][0] == str(copy_mtat / PATHS[0])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda t: t.drop(columns="mp3_path"), "has no column mp3_path; its columns are"),
        (lambda t: t.drop(columns="clip_id"), "has no column clip_id; its columns are"),
        (lambda t: t[["clip_id", "mp3_path"]], "has 7 clips and 0 tags"),
        (lambda t: t.iloc[:0], "has 0 clips and 5 tags"),
        (lambda t: t.assign(clip_id="7"), "duplicate clips: 7"),
        (lambda t: t.assign(loud="yes"), "7 tags other than 0 and 1: loud of 2: 'yes', loud of 6"),
        (lambda t: t.assign(slow=["2", *t["slow"][1:]]), "1 tags other .* slow of 2: '2'"),
        (lambda t: t.assign(slow=["", *t["slow"][1:]]), "1 tags other than 0 and 1: slow of 2"),
        (
            lambda t: t.assign(mp3_path="../a.mp3"),
            "7 clips whose mp3_path is not a file in a folder",
        ),
        (lambda t: t.assign(mp3_path=["", *PATHS[1:]]), "1 clips whose mp3_path is not a file"),
    ],
)
def test_other_annotations_are_refused(data_home, rewrite_annotations, change, message):
    rewrite_annotations(change)
    with pytest.raises(DatasetError, match=message) as caught:
        load_magnatagatune(data_home=data_home, n_tags=3)
    assert "annotations_final.csv" in str(caught.value)


def test_commas_are_refused(copy_mtat, data_home):
    path = copy_mtat / "annotations_final.csv"
    path.write_text(path.read_text().replace("\t", ","))
    with pytest.raises(DatasetError, match="has no column clip_id; its columns are"):
        load_magnatagatune(data_home=data_home, n_tags=3)


def test_tags_that_nobody_has(data_home, rewrite_annotations):
    rewrite_annotations(lambda t: t[["clip_id", "never", "mp3_path"]])
    with pytest.raises(DatasetError, match=r"none of its 7 clips .*drop_untagged=False"):
        load_magnatagatune(data_home=data_home, n_tags=1)
