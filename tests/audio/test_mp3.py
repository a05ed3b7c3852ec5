"""mp3 files with and without a table of contents."""

import struct

import numpy as np
import pytest
import soundfile

from sklearn_mer.audio._decode import decode

RATE = 16000


def quiet_then_loud():
    """Six seconds for which an encoder of variable bit rate changes the rate."""
    noise = np.random.default_rng(0).uniform(-0.5, 0.5, 3 * RATE)
    return np.concatenate([0.01 * np.sin(np.arange(3 * RATE) / 20), noise])


def write_mp3(path, samples, mode="VARIABLE", *, contents=True):
    soundfile.write(path, samples, RATE, bitrate_mode=mode, compression_level=0.5)
    if not contents:
        content = path.read_bytes()
        second = content.find(content[:2], 4)  # the first frame is the table
        assert b"Xing" in content[:second] or b"Info" in content[:second]
        path.write_bytes(content[second:])
    return path


def wave_around(content):
    """An mp3 within a wav file."""
    layer3 = struct.pack("<HHIIHHHHIHHH", 0x55, 1, RATE, 4000, 1, 0, 12, 1, 2, 144, 1, 1393)
    chunks = b"WAVEfmt " + struct.pack("<I", len(layer3)) + layer3
    chunks += b"data" + struct.pack("<I", len(content)) + content
    return b"RIFF" + struct.pack("<I", len(chunks)) + chunks


ID3V2 = b"ID3\x03\0\0" + bytes([0, 0, 8, 0]) + b"TIT2\0\0\0\x06\0\0\0title" + bytes(1008)
ID3V1 = b"TAG" + b"title".ljust(125, b"\0")


@pytest.mark.parametrize("mode", ["VARIABLE", "AVERAGE", "CONSTANT"])
@pytest.mark.parametrize("backwards", [False, True])
def test_a_file_without_contents_is_heard_to_its_end(mode, backwards, tmp_path):
    samples = quiet_then_loud()[:: -1 if backwards else 1]
    expected = decode(write_mp3(tmp_path / "a.mp3", samples, mode), sample_rate=RATE)
    path = write_mp3(tmp_path / "b.mp3", samples, mode, contents=False)
    heard = decode(path, sample_rate=RATE)
    assert 6.0 <= len(heard) / RATE < 6.1  # with the encoder's delay
    delay = 1105
    np.testing.assert_allclose(heard[delay:][: len(expected)], expected, atol=1e-5)
    for offset, duration in [(0, 5.0), (2.0, 3.0), (5.5, None), (0, 100.0)]:
        part = decode(path, sample_rate=RATE, offset=offset, duration=duration)
        start = round(offset * RATE)
        stop = None if duration is None else start + round(duration * RATE)
        np.testing.assert_array_equal(part, heard[start:stop])


@pytest.mark.parametrize("contents", [True, False])
def test_tags_change_nothing(contents, tmp_path, capfd):
    path = write_mp3(tmp_path / "a.mp3", quiet_then_loud(), contents=contents)
    expected = decode(path, sample_rate=RATE)
    path.write_bytes(ID3V2 + path.read_bytes() + ID3V1)
    np.testing.assert_array_equal(decode(path, sample_rate=RATE), expected)
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("contents", [True, False])
def test_a_part_is_a_part_of_the_whole(contents, tmp_path, capfd):
    noise = np.random.default_rng(0).uniform(-0.5, 0.5, 10 * RATE)
    path = write_mp3(tmp_path / "a.mp3", noise, "CONSTANT", contents=contents)
    whole = decode(path, sample_rate=RATE)
    for i in range(20):
        part = decode(path, sample_rate=RATE, offset=0.4 * i, duration=1.0)
        np.testing.assert_array_equal(part, whole[round(0.4 * i * RATE) :][:RATE])
    assert capfd.readouterr().err == ""  # libmpg123 complains of the frames after a seek


def test_an_offset_beyond_the_end_of_a_file_without_contents(tmp_path):
    path = write_mp3(tmp_path / "a.mp3", quiet_then_loud(), contents=False)
    with pytest.raises(ValueError, match=r"no samples after offset=7\.0 s"):
        decode(path, sample_rate=RATE, offset=7.0)


@pytest.mark.parametrize("mode", ["VARIABLE", "CONSTANT"])
def test_mp3_in_wav(mode, tmp_path):
    path = write_mp3(tmp_path / "a.mp3", quiet_then_loud(), mode, contents=False)
    (tmp_path / "a.wav").write_bytes(wave_around(path.read_bytes()))
    heard = decode(tmp_path / "a.wav", sample_rate=RATE)
    expected = decode(path, sample_rate=RATE)
    np.testing.assert_allclose(heard, expected[-len(heard) :], atol=1e-6)
    assert len(heard) / RATE >= 6.0


@pytest.mark.parametrize("contents", [True, False])
def test_damage_that_ends_decoding(contents, tmp_path):
    noise = np.random.default_rng(0).uniform(-0.5, 0.5, 6 * RATE)
    path = write_mp3(tmp_path / "a.mp3", noise, "CONSTANT", contents=contents)
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 2000] = bytes(2000)
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"damaged|truncated"):
        decode(path, sample_rate=RATE)
    assert len(decode(path, sample_rate=RATE, duration=2.0)) == 2 * RATE


def test_other_tags_at_the_end_are_no_frames(tmp_path):
    path = write_mp3(tmp_path / "a.mp3", quiet_then_loud(), contents=False)
    expected = decode(path, sample_rate=RATE)
    path.write_bytes(path.read_bytes() + b"APETAGEX" + b"a title".ljust(900, b"\0"))
    np.testing.assert_array_equal(decode(path, sample_rate=RATE)[: len(expected)], expected)


def test_files_one_behind_the_other(tmp_path):
    first = write_mp3(tmp_path / "a.mp3", quiet_then_loud()).read_bytes()
    part = write_mp3(tmp_path / "b.mp3", quiet_then_loud(), contents=False).read_bytes()
    path = tmp_path / "c.mp3"
    path.write_bytes(part + part)
    assert len(decode(path, sample_rate=RATE)) / RATE >= 12.0
    # The table of contents of the first file says that the second is not there.
    path.write_bytes(first + part)
    assert len(decode(path, sample_rate=RATE, duration=6.0)) == 6 * RATE
    with pytest.raises(ValueError, match="more sound than its table of contents says"):
        decode(path, sample_rate=RATE)
