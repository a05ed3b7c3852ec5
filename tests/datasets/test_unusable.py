import pytest

from sklearn_mer.audio import AudioError
from sklearn_mer.datasets import load_4qaed


@pytest.fixture
def bad_clips(copy_4qaed, songs_4qaed):
    """Make the first three clips missing, empty and undecodable; return their paths."""
    paths = [
        copy_4qaed / quadrant / f"{clip}.mp3" for clip, quadrant in songs_4qaed.iloc[:3].items()
    ]
    paths[0].unlink()
    paths[1].write_bytes(b"")
    paths[2].write_bytes(b"this is no music" * 100)
    return [str(path) for path in paths]


def test_one_error_lists_all_missing_and_empty_clips(bad_clips, data_home):
    with pytest.raises(AudioError) as caught:
        load_4qaed(data_home=data_home)
    # Clips are not decoded here, so that the third is not among them.
    assert [path for path, _ in caught.value.bad_files] == bad_clips[:2]
    for path in bad_clips[:2]:
        assert path in str(caught.value)


def test_bad_clips_are_skipped_and_reported(bad_clips, data_home, songs_4qaed):
    with pytest.warns(UserWarning, match="3 of 12 clips cannot be used") as record:
        bunch = load_4qaed(data_home=data_home, on_error="skip", n_jobs=2)
    assert record[0].filename == __file__
    kept = list(songs_4qaed.index[3:])
    for table in [bunch.data, bunch.target, bunch.groups, bunch.metadata, bunch.frame]:
        assert list(table.index) == kept
    assert list(bunch.ids) == kept
    assert list(bunch.target) == list(songs_4qaed.iloc[3:])
    assert list(bunch.skipped["file"]) == bad_clips
    assert bunch.skipped["reason"].str.len().min() > 0


def test_skipping_every_clip_is_an_error(copy_4qaed, data_home, songs_4qaed):
    for clip, quadrant in songs_4qaed.items():
        (copy_4qaed / quadrant / f"{clip}.mp3").write_bytes(b"no music")
    with pytest.raises(AudioError) as caught:
        load_4qaed(data_home=data_home, on_error="skip")
    assert len(caught.value.bad_files) == 12
