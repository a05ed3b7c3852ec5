"""Every kind of file: fields are set, the rest stays, and all bytes come back."""

import av
import mutagen
import numpy as np
import pytest
from mutagen.apev2 import APEv2
from mutagen.id3 import ID3

from sklearn_mer.tags import TagError, read_fields, undo_fields, write_fields

from .files import FIELDS, KINDS, PICTURE

OWN = {*FIELDS, "TMOO", "WM/MOOD", *(f"TXXX:{name}" for name in FIELDS)}
OWN |= {f"----:COM.APPLE.ITUNES:{name}" for name in FIELDS}


def others(path):
    """Everything else that mutagen finds."""
    file = mutagen.File(path)
    pairs = file.tags if isinstance(file.tags, list) else (file.tags or {}).items()
    found = sorted((key, repr(value)) for key, value in pairs if key.upper() not in OWN)
    return found, [picture.data for picture in getattr(file, "pictures", [])]


def decoded(path):
    with av.open(str(path), metadata_errors="ignore") as container:
        return np.hstack([frame.to_ndarray() for frame in container.decode(audio=0)])


def raw_frames(content):
    """(frame, bytes) of an ID3v2 tag without unsynchronisation."""
    position, end = 10, 10 + sum(content[6 + i] << 21 - 7 * i for i in range(4))
    while position < end and content[position]:
        size = content[position + 4 : position + 8]
        if content[3] == 4:
            length = sum(size[i] << 21 - 7 * i for i in range(4))
        else:
            length = int.from_bytes(size, "big")
        yield content[position : position + 10 + length]
        position += 10 + length


@pytest.mark.parametrize("kind", KINDS)
def test_fields_are_set_the_rest_stays_and_all_bytes_come_back(kind, song, journal):
    path = song(kind)
    before, old, heard = path.read_bytes(), others(path), decoded(path)
    assert read_fields(path) == {}
    assert write_fields(path, FIELDS, journal=journal).fields == FIELDS
    assert read_fields(path) == FIELDS
    if kind != "v1-mp3":  # what it says is said again in the new tag
        assert others(path) == old
    np.testing.assert_array_equal(decoded(path), heard)
    after = path.read_bytes()
    assert write_fields(path, FIELDS, journal=journal).fields == {}
    assert write_fields(path, {"MOOD": "Sad"}, journal=journal).kept == {"MOOD": "Happy"}
    assert path.read_bytes() == after
    changed = write_fields(path, FIELDS | {"MOOD": "Sad"}, overwrite=True, journal=journal)
    assert changed.fields == {"MOOD": "Sad"}
    assert read_fields(path) == FIELDS | {"MOOD": "Sad"}
    assert undo_fields(path, journal=journal, dry_run=True) == 2
    assert undo_fields(path, journal=journal) == 2
    assert path.read_bytes() == before
    assert undo_fields(path, journal=journal) == 0


@pytest.mark.parametrize("kind", ["v23-mp3", "v24-mp3", "both-mp3"])
def test_other_frames_keep_their_bytes_and_the_tag_its_version(kind, song, journal):
    path = song(kind)
    before = path.read_bytes()
    write_fields(path, FIELDS, journal=journal)
    after = path.read_bytes()
    assert after[:6] == before[:6]
    assert list(raw_frames(after))[len(FIELDS) :] == list(raw_frames(before))
    assert after.endswith(before[-128:])
    assert any(PICTURE in frame for frame in raw_frames(after))


def test_both_tags_of_an_mp3_get_the_fields_and_no_new_kind_is_added(song, journal):
    path = song("both-mp3")
    write_fields(path, FIELDS, journal=journal)
    assert ID3(path)["TMOO"].text == ["Happy"]
    assert APEv2(path)["MOOD"] == "Happy"
    assert b"\3\0\0\0\1\0\0\0Title\0abc" in path.read_bytes()  # with its flag
    path = song("ape-mp3")
    write_fields(path, FIELDS, journal=journal)
    assert APEv2(path)["AROUSAL"] == "0.6000"
    assert not path.read_bytes().startswith(b"ID3")


def test_a_new_tag_says_what_the_older_one_said(song, journal):
    path = song("v1-mp3")
    write_fields(path, FIELDS, journal=journal)
    tags = ID3(path, load_v1=False)
    assert tags["TIT2"].text == ["Titel ü"]
    assert [str(frame) for frame in tags.getall("COMM")] == ["c" * 20]
    assert path.read_bytes()[-128:-125] == b"TAG"


def test_moods_that_others_wrote_stay(song, journal):
    for kind, key in {
        "v23-mp3": "TXXX:mood",
        "flac": "Mood",
        "m4a": "----:com.apple.iTunes:Mood",
    }.items():
        path = song(kind)
        file = mutagen.File(path)
        if kind == "v23-mp3":
            from mutagen.id3 import TXXX

            file.tags.add(TXXX(encoding=1, desc="mood", text=["Chill ÿ"]))
            file.save(v2_version=3)
        else:
            file[key] = ["Chill ÿ".encode() if kind == "m4a" else "Chill ÿ"]
            file.save()
        assert read_fields(path) == {"MOOD": "Chill ÿ"}
        done = write_fields(path, FIELDS, journal=journal)
        assert done.kept == {"MOOD": "Chill ÿ"}
        assert read_fields(path) == FIELDS | {"MOOD": "Chill ÿ"}
        write_fields(path, FIELDS, journal=journal, overwrite=True)
        assert read_fields(path) == FIELDS
        assert "Chill" not in repr(others(path))


def test_several_values_of_a_field_are_one_text(song):
    path = song("ogg")
    file = mutagen.File(path)
    file["MOOD"] = ["Chill", "Sad"]
    file.save()
    assert read_fields(path) == {"MOOD": "Chill; Sad"}


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.txt", b"words", "tags of such files are not known"),
        ("a.mp3", b"", "cannot be read"),
        ("a.flac", b"fLaC\0", "cannot be read"),
        ("a.m4a", b"\0\0\0\x18ftypM4A " + bytes(99), "cannot be read"),
    ],
)
def test_files_that_are_left_alone(name, content, message, tmp_path, journal):
    (tmp_path / name).write_bytes(content)
    for do in (read_fields, lambda path: write_fields(path, FIELDS, journal=journal)):
        with pytest.raises(TagError, match=message):
            do(tmp_path / name)
    assert (tmp_path / name).read_bytes() == content


def test_a_wrong_size_in_a_header(song, journal):
    path = song("bare-wav")
    content = path.read_bytes()
    path.write_bytes(content[:4] + b"\xff\xff\xff\xff" + content[8:])  # as written to a pipe
    with pytest.raises(TagError, match="the size in its header is not the size of the file"):
        write_fields(path, FIELDS, journal=journal)
