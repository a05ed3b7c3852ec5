import numpy as np
import pytest
import soundfile

from sklearn_mer.audio import AudioError
from sklearn_mer.datasets import DatasetError, DatasetNotFoundError, load_table


@pytest.fixture
def write(tmp_path):
    """Write three clips in a folder, and a table of them beside it."""
    (tmp_path / "clips").mkdir()
    for number in range(3):
        samples = np.sin(np.arange(4000) / (9 + number))
        soundfile.write(tmp_path / "clips" / f"{number}.wav", samples, 8000)

    def write(text):
        path = tmp_path / "table.csv"
        path.write_text(text)
        return path

    return write


def test_paths_labels_and_groups(write, tmp_path):
    absolute = tmp_path / "clips" / "2.wav"
    path = write(f"year,path,label,group\n1,clips/0.wav,2,x\n2,clips/1.wav,1,\n3,{absolute},2,x\n")
    clips = load_table(path)
    assert clips.target.tolist() == ["2", "1", "2"]
    assert clips.data["audio"].tolist() == [str(tmp_path / f"clips/{i}.wav") for i in range(3)]
    assert clips.groups.tolist() == ["x", "clips/1.wav", "x"]
    assert load_table(path, label="year", group=None).groups is None
    X, y = load_table(path, as_frame=False, return_X_y=True)
    assert X.shape == y.shape == (3,)
    assert load_table(path, group="year").groups.tolist() == ["1", "2", "3"]


def test_a_fixed_split(write):
    path = write("path,label,part\nclips/0.wav,a,test\nclips/1.wav,b, train \nclips/2.wav,a,\n")
    clips = load_table(path, split="part")
    assert clips.split.tolist()[:2] == ["test", "train"]
    assert clips.split.isna().tolist() == [False, False, True]
    ((train, test),) = clips.splits
    assert (train.tolist(), test.tolist()) == ([1], [0])
    assert "split" not in load_table(path)


def test_other_separators_and_no_groups(write):
    path = write("label;path\na;clips/0.wav\nb;clips/1.wav\n")
    clips = load_table(path, sep=";")
    assert clips.groups is None
    assert clips.target_names == ["a", "b"]


def test_clips_that_cannot_be_used(write):
    path = write("path,label\nclips/0.wav,a\nclips/1.wav,b\nlost.wav,a\n")
    with pytest.raises(AudioError, match=r"lost\.wav: no such file"):
        load_table(path)
    with pytest.warns(UserWarning, match="1 of 3 clips"):
        clips = load_table(path, on_error="skip")
    assert clips.ids.tolist() == ["clips/0.wav", "clips/1.wav"]


@pytest.mark.parametrize(
    ("text", "how", "message"),
    [
        ("audio,label\na.wav,x\n", {}, r"no column path; its columns are audio, label"),
        ("path,mood\na.wav,x\n", {}, "no column label; its columns are mood"),
        ("path,label\na.wav,x\n", {"group": "artist"}, "no column artist"),
        ("path,label\na.wav,x\n", {"split": "part"}, "no column part"),
        (
            "path,label,part\na.wav,x,tset\n",
            {"split": "part"},
            r"has 'tset' in the column part for a\.wav; a part .*one of train, validate, test",
        ),
        ("path,label\na.wav,x\nb.wav,\n", {}, r"1 clips without a label .*: b\.wav"),
        ("path,label\na.wav,x\na.wav,y\n", {}, r"duplicate clips: a\.wav"),
        ("path,label\nclips/0.wav,x\nclips/1.wav,x\n", {}, "only the class x"),
    ],
)
def test_tables_that_are_wrong(text, how, message, write):
    with pytest.raises(DatasetError, match=message):
        load_table(write(text), **how)


def test_no_table(tmp_path):
    with pytest.raises(DatasetNotFoundError, match="columns path,mood"):
        load_table(tmp_path / "a.csv", label="mood")
