import io

import pytest
from mutagen.id3 import ID3, TIT2, TXXX

from sklearn_mer.tags import FIELDS, TagError
from sklearn_mer.tags._id3 import edit_tag, tag_length

KEYS = {name: keys["id3"] for name, keys in FIELDS.items()}
TITLE = b"\0Title"
OLD = {
    2: (b"TT2\0\0\x06" + TITLE, b"TXX\0\0\x0a\0mood\0Calm"),
    3: (b"TIT2\0\0\0\x06\0\0" + TITLE, b"TXXX\0\0\0\x0a\0\0\0mood\0Calm"),
    4: (b"TIT2\0\0\0\x06\0\0" + TITLE, b"TMOO\0\0\0\x05\0\0\0Calm"),
}


def tag(version, body, flags=0):
    return b"ID3" + bytes([version, 0, flags, 0, 0, len(body) >> 7, len(body) & 127]) + body


def texts(content):
    return {key: frame.text for key, frame in ID3(io.BytesIO(content)).items()}


@pytest.mark.parametrize("version", [2, 3, 4])
def test_frames_of_every_version(version):
    title, mood = OLD[version]
    edited = edit_tag(tag(version, title + mood + bytes(30)), {"MOOD": "Sad"}, KEYS)
    assert edited[:4] == b"ID3" + bytes([version])
    assert edited.endswith(title + bytes(30))
    assert tag_length(io.BytesIO(edited + b"sound")) == len(edited)
    key = "TXXX:MOOD" if version == 2 else "TMOO"
    assert texts(edited) == {"TIT2": ["Title"], key: ["Sad"]}
    added = edit_tag(edited, {"VALENCE": "-0.5000"}, KEYS)
    assert texts(added) == texts(edited) | {"TXXX:VALENCE": ["-0.5000"]}


def test_a_new_tag():
    assert texts(edit_tag(b"", {"MOOD": "Sad"}, KEYS)) == {"TMOO": ["Sad"]}


@pytest.mark.parametrize("encoding", [0, 1, 2, 3])
def test_names_in_every_encoding(encoding):
    tags = ID3()
    tags.add(TXXX(encoding=encoding, desc="valence", text=["0.1"]))
    tags.add(TXXX(encoding=encoding, desc="valence2", text=["0.1"]))
    tags.save(file := io.BytesIO())
    edited = edit_tag(file.getvalue(), {"VALENCE": "1.0000"}, KEYS)
    assert texts(edited) == {"TXXX:VALENCE": ["1.0000"], "TXXX:valence2": ["0.1"]}


def test_tags_without_the_byte_pair_of_a_frame_of_sound():
    # In version 2.3 all of the tag, in 2.4 each frame, has a zero after each byte of ones.
    body = b"TXXX\0\0\0\x11\0\0\x01\xff\0\xfe" + "mood".encode("utf-16-le") + b"\0\0"
    body += b"\xff\0\xfe" + "A".encode("utf-16-le")
    title = b"TIT2\0\0\0\x05\0\0\x01\xff\0\xfe" + "B".encode("utf-16-le")
    edited = edit_tag(tag(3, body + title + bytes(9), 0x80), {"MOOD": "Sad"}, KEYS)
    assert edited.endswith(title + bytes(9))
    assert texts(edited) == {"TIT2": ["B"], "TMOO": ["Sad"]}
    assert texts(edit_tag(edited, {"AROUSAL": "0.1000"}, KEYS))["TMOO"] == ["Sad"]
    with pytest.raises(TagError, match="unsynchronised in an odd way"):
        edit_tag(tag(3, b"\xff\xff" + title, 0x80), {"MOOD": "Sad"}, KEYS)


def test_frames_that_are_no_text_and_damage_stay():
    odd = b"TXXX\0\0\0\x03\0\x80abc" + b"TXXX\0\0\0\x02\0\0\x09x" + b"PRIV\0\0\0\x01\0\0x"
    for rest in (b"", b"TIT2\0\0\x09\0\0\0cut", b"\xff\xfe"):
        edited = edit_tag(tag(3, odd + rest), {"MOOD": "Sad"}, KEYS)
        assert edited.endswith(odd + rest)


def test_plain_sizes_in_version_4():
    long = b"TXXX\0\0\0\xc8\0\0\0x\0" + b"y" * 197
    edited = edit_tag(tag(4, long + OLD[4][1]), {"MOOD": "Sad"}, KEYS)
    assert edited.endswith(long)
    assert edited.count(b"TMOO") == 1


@pytest.mark.parametrize(
    ("version", "flags", "message"),
    [
        (3, 0x40, "extended header"),
        (4, 0x10, "footer"),
        (2, 0x40, "extended header"),
        (5, 0, "of version 2.5"),
    ],
)
def test_tags_that_are_left_alone(version, flags, message):
    with pytest.raises(TagError, match=message):
        edit_tag(tag(version, b"", flags), {"MOOD": "Sad"}, KEYS)


def test_an_empty_file_has_no_tag():
    assert tag_length(io.BytesIO(b"ID3")) == 0
    tags = ID3()
    tags.add(TIT2(text=["x"]))
    tags.save(file := io.BytesIO())
    file.seek(0)
    assert tag_length(file) == len(file.getvalue())
