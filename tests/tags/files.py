"""Small music files with tags of others, one of each kind."""

import struct

import av
import mutagen
import numpy as np
import soundfile
from mutagen.apev2 import APEv2
from mutagen.flac import FLAC, Picture
from mutagen.id3 import APIC, COMM, ID3, TIT2, TXXX

RATE = 48000
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9
FIELDS = {
    "MOOD": "Happy",
    "MOOD_HAPPY": "0.7000",
    "MOOD_AGGRESSIVE": "0.1000",
    "MOOD_SAD": "0.0500",
    "MOOD_RELAXED": "0.1500",
    "VALENCE": "0.7000",
    "AROUSAL": "0.6000",
}


def sound():
    """Noise. FFmpeg does not trim an mp3 file of which tags are a sixteenth."""
    return np.random.RandomState(0).uniform(-0.5, 0.5, 2 * RATE).astype(np.float32)


def encoded(path, codec):
    """Write a file with PyAV."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=RATE, layout="mono")
        stream.bit_rate = 64000
        frame = av.AudioFrame.from_ndarray(sound()[None], format="fltp", layout="mono")
        frame.sample_rate = RATE
        for packet in [*stream.encode(frame), *stream.encode(None)]:
            container.mux(packet)


def frames():
    """Frames of others, in odd encodings too."""
    tags = ID3()
    tags.add(TIT2(encoding=1, text=["Übung ÿ"]))
    tags.add(TXXX(encoding=1, desc="Größe", text=["ÿ", "zwei"]))
    tags.add(COMM(encoding=0, lang="deu", desc="x", text=["was"]))
    tags.add(APIC(encoding=0, mime="image/png", type=3, desc="", data=PICTURE))
    return tags


def id3v1():
    """A tag with a letter that is not ASCII."""
    parts = ["Titel ü", "Jemand", "Album"]
    named = b"".join(part.encode("latin-1").ljust(30, b"\0") for part in parts)
    return b"TAG" + named + b"2001" + b"c" * 20 + bytes(10) + b"\x11"


def write_ape(path):
    """Add an APE tag, with a flag that mutagen does not write."""
    body = struct.pack("<2I", 3, 1) + b"Title\0abc" + struct.pack("<2I", 2, 0) + b"mp3gain\0-1"
    ends = [
        struct.pack("<8s4I8x", b"APETAGEX", 2000, len(body) + 32, 2, flags)
        for flags in (0xA0000000, 0x80000000)
    ]
    with open(path, "ab") as file:
        file.write(ends[0] + body + ends[1])
    assert APEv2(path)["mp3gain"] == "-1"


def make(folder, kind):
    """Write a file of a kind; return its path."""
    path = folder / f"song.{kind.partition('-')[2] or kind}"
    if kind in ("m4a", "wma"):
        encoded(path, {"m4a": "aac", "wma": "wmav2"}[kind])
    else:
        subtype = {"ogg": "VORBIS", "opus": "OPUS"}.get(kind)
        form = {"ogg": "OGG", "opus": "OGG"}.get(kind)
        soundfile.write(path, sound(), RATE, format=form, subtype=subtype)
    MAKERS.get(kind, named)(path)
    return path


def named(path):
    """Add the tags of others that files of names and values have."""
    file = mutagen.File(path)
    if file.tags is None:
        file.add_tags()
    if path.suffix == ".m4a":
        file["\xa9nam"], file["covr"], file["tmpo"] = ["Übung"], [PICTURE], [120]
        file["----:com.apple.iTunes:LABEL"] = [b"any"]
    else:
        file["TITLE"], file["Label"] = ["Übung"], ["a", "b"]
    if isinstance(file, FLAC):
        picture = Picture()
        picture.data, picture.mime = PICTURE, "image/png"
        file.add_picture(picture)
    file.save()


def tagged(path, version=4, v1=b"", ape=False):
    """Add an ID3v2 tag and others."""
    frames().save(path, v1=0, v2_version=version, v23_sep=None)
    if ape:
        write_ape(path)
    with open(path, "ab") as file:
        file.write(v1)


def in_a_chunk(path):
    """Add an ID3v2 tag as a chunk."""
    file = mutagen.File(path)
    file.add_tags()
    for frame in frames().values():
        file.tags.add(frame)
    file.save()


def second(path):
    """Add an ID3v1 tag only."""
    with open(path, "ab") as file:
        file.write(id3v1())


def third(path):
    """Add an APE tag and an ID3v1 tag."""
    write_ape(path)
    second(path)


MAKERS = {
    "v23-mp3": lambda path: tagged(path, 3),
    "v24-mp3": lambda path: tagged(path, 4, id3v1()),
    "both-mp3": lambda path: tagged(path, 3, id3v1(), ape=True),
    "v1-mp3": second,
    "ape-mp3": third,
    "bare-mp3": lambda path: None,
    "bare-wav": lambda path: None,
    "bare-flac": lambda path: None,
    "wav": in_a_chunk,
    "aiff": in_a_chunk,
}
KINDS = [*MAKERS, "flac", "ogg", "opus", "m4a", "wma"]
