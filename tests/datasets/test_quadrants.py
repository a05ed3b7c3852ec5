import shutil

import pytest

from sklearn_mer.datasets import DatasetError, DatasetNotFoundError, _4qaed, load_4qaed


def test_other_counts_are_refused(copy_4qaed, data_home, monkeypatch, rewrite):
    path = copy_4qaed / _4qaed.ANNOTATIONS
    whole = path.read_text()
    rewrite(path, lambda table: table.iloc[1:])
    with pytest.raises(DatasetError, match=r"lists 11 clips; 12 are published"):
        load_4qaed(data_home=data_home)
    path.write_text(whole)
    rewrite(path, lambda table: table.assign(Quadrant=["Q1", *table["Quadrant"].iloc[1:-1], "Q1"]))
    with pytest.raises(
        DatasetError, match=r"3 clips per quadrant; it lists Q1 4, Q2 3, Q3 3, Q4 2"
    ):
        load_4qaed(data_home=data_home)


def test_unknown_quadrants_are_refused(copy_4qaed, data_home, rewrite):
    rewrite(copy_4qaed / _4qaed.ANNOTATIONS, lambda table: table.replace("Q3", "Q5"))
    with pytest.raises(DatasetError, match="other quadrants than Q1, Q2, Q3, Q4 for the clips"):
        load_4qaed(data_home=data_home)


def test_a_clip_in_another_folder_is_refused(copy_4qaed, data_home, songs_4qaed):
    clip, quadrant = songs_4qaed.index[0], songs_4qaed.iloc[0]
    other = "Q4" if quadrant != "Q4" else "Q1"
    (copy_4qaed / quadrant / f"{clip}.mp3").rename(copy_4qaed / other / f"{clip}.mp3")
    for on_error in ["raise", "skip"]:
        with pytest.raises(DatasetError, match=rf"{other}/{clip}.mp3 \(annotated {quadrant}\)"):
            load_4qaed(data_home=data_home, on_error=on_error)


def test_two_files_of_one_clip_are_refused(copy_4qaed, data_home, songs_4qaed, write_clip):
    clip, quadrant = songs_4qaed.index[0], songs_4qaed.iloc[0]
    write_clip(copy_4qaed / quadrant / f"{clip}.wav")
    with pytest.raises(DatasetError, match=f"several audio files with the same name: {clip}"):
        load_4qaed(data_home=data_home)


def test_files_without_annotation_are_ignored(copy_4qaed, data_home, write_clip):
    write_clip(copy_4qaed / "Q1" / "MT9999999999.mp3")
    (copy_4qaed / "Q1" / "notes.txt").write_text("none")
    assert len(load_4qaed(data_home=data_home).data) == 12


def test_a_copy_without_any_clip_is_not_found(copy_4qaed, data_home):
    for quadrant in ["Q1", "Q2", "Q3", "Q4"]:
        shutil.rmtree(copy_4qaed / quadrant)
    with pytest.raises(DatasetNotFoundError, match="no clip in the folders Q1 to Q4"):
        load_4qaed(data_home=data_home)
