"""Frames of mp3 files: a gap between them is found, and nothing else is taken for one."""

import warnings

import numpy as np
import pytest
import soundfile

from sklearn_mer import AudioLoader
from sklearn_mer.audio._mp3_frames import find_gap


@pytest.fixture(params=[(44100, 2), (22050, 1), (8000, 1)], ids=str)
def mp3(request, tmp_path):
    rate, n_channels = request.param
    noise = np.random.default_rng(0).uniform(-0.5, 0.5, (3 * rate, n_channels))
    path = tmp_path / "song.mp3"
    soundfile.write(path, noise, rate, format="MP3")
    return path


def test_an_intact_file_has_no_gap(mp3):
    assert find_gap(mp3, np.inf) is None


@pytest.mark.parametrize(
    "behind", [b"TAG" + bytes(125), bytes(5000), b"APETAGEX" + bytes(200)], ids=["id3", "0", "ape"]
)
def test_tags_and_padding_at_the_ends_are_no_gap(mp3, behind):
    # 300 bytes of tags: seven bits of each byte of their size count.
    tags = b"ID3\x03\x00\x00" + bytes([0, 0, 2, 44]) + bytes(300)
    mp3.write_bytes(tags + mp3.read_bytes() + behind)
    assert find_gap(mp3, np.inf) is None


@pytest.mark.parametrize("damage", ["removed", "zeros"])
def test_a_gap_is_where_it_is(mp3, damage):
    content = mp3.read_bytes()
    middle, n_bytes = len(content) // 2, 500
    put = b"" if damage == "removed" else bytes(n_bytes)
    mp3.write_bytes(content[:middle] + put + content[middle + n_bytes :])
    assert find_gap(mp3, np.inf) == pytest.approx(1.5, abs=0.2)
    assert find_gap(mp3, 1.0) is None  # behind what is heard


def test_a_warning_names_the_file(mp3):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        AudioLoader(duration=2.0).fit_transform([mp3])
    content = mp3.read_bytes()
    mp3.write_bytes(content[: len(content) // 2] + content[len(content) // 2 + 500 :])
    loader = AudioLoader(duration=2.0)
    with pytest.warns(UserWarning, match=r"song\.mp3 is damaged 1\.[3-7]. s behind its start"):
        loader.fit([mp3])


@pytest.mark.parametrize(
    "content", [b"ID3", b"\xff\xfb", b"\xff\xfb\x90\x00", bytes(4000), b"ID3" * 9]
)
def test_what_is_no_mp3_has_no_gap(tmp_path, content):
    path = tmp_path / "no.mp3"
    path.write_bytes(content)
    assert find_gap(path, np.inf) is None


@pytest.mark.data
def test_real_clips_have_no_gap(real_data_home):
    paths = sorted(real_data_home.rglob("*.mp3"))[::30]
    assert len(paths) >= 30
    assert [path for path in paths if find_gap(path, np.inf) is not None] == []
