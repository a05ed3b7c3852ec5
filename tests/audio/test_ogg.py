"""Ogg files with missing or damaged pages."""

import numpy as np
import pytest
import soundfile

from sklearn_mer.audio._decode import decode
from sklearn_mer.audio._ogg import _checksum

RATE = 16000


def pages_of(content):
    pages = []
    while content:
        n_segments = content[26]
        size = 27 + n_segments + sum(content[27 : 27 + n_segments])
        pages.append(content[:size])
        content = content[size:]
    return pages


@pytest.fixture(params=["VORBIS", "OPUS"])
def ogg(request, tmp_path):
    path = tmp_path / "a.ogg"
    noise = np.random.default_rng(0).uniform(-0.5, 0.5, 4 * RATE)
    soundfile.write(path, noise, RATE, format="OGG", subtype=request.param)
    return path


def test_a_whole_file_and_tags_around_it(ogg):
    expected = decode(ogg, sample_rate=RATE)
    assert len(expected) == 4 * RATE
    ogg.write_bytes(ogg.read_bytes() + b"TAG" + bytes(125))
    np.testing.assert_array_equal(decode(ogg, sample_rate=RATE), expected)


def test_a_missing_page(ogg):
    pages = pages_of(ogg.read_bytes())
    middle = len(pages) // 2
    ogg.write_bytes(b"".join(pages[:middle] + pages[middle + 1 :]))
    with pytest.raises(ValueError, match=f"damaged: page {middle} of the ogg file is missing"):
        decode(ogg, sample_rate=RATE)
    # What comes before is good.
    assert len(decode(ogg, sample_rate=RATE, duration=0.5)) == RATE // 2


@pytest.mark.parametrize("n_bytes", [1, 1000])
def test_damaged_bytes(n_bytes, ogg):
    content = bytearray(ogg.read_bytes())
    middle = len(content) // 2
    for i in range(middle, middle + n_bytes):
        content[i] ^= 0x55
    ogg.write_bytes(content)
    with pytest.raises(ValueError, match="damaged: a page of the ogg file has a wrong checksum"):
        decode(ogg, sample_rate=RATE)


def test_a_missing_end(ogg):
    ogg.write_bytes(b"".join(pages_of(ogg.read_bytes())[:-1]))
    with pytest.raises(ValueError, match="truncated: the last page of the ogg file is missing"):
        decode(ogg, sample_rate=RATE)


def test_a_stream_that_was_cut_from_a_longer_one(tmp_path):
    path = tmp_path / "a.ogg"
    soundfile.write(path, np.random.default_rng(0).uniform(-0.5, 0.5, 4 * RATE), RATE)
    pages = pages_of(path.read_bytes())
    path.write_bytes(b"".join(pages[:2] + pages[5:]))
    assert 0 < len(decode(path, sample_rate=RATE)) < 4 * RATE


@pytest.mark.parametrize("serial", [b"abcd", None])
def test_streams_one_behind_the_other(serial, tmp_path):
    pytest.importorskip("av")
    path, other = tmp_path / "a.ogg", tmp_path / "b.ogg"
    noise = np.random.default_rng(0).uniform(-0.5, 0.5, 4 * RATE)
    soundfile.write(path, noise, RATE)
    soundfile.write(other, noise[: 2 * RATE], RATE)
    parts = [decode(path, sample_rate=RATE), decode(other, sample_rate=RATE)]
    pages = [with_serial(page, serial) for page in pages_of(other.read_bytes())]
    path.write_bytes(path.read_bytes() + b"".join(pages))
    heard = decode(path, sample_rate=RATE)
    assert abs(len(heard) - 6 * RATE) < 1000
    np.testing.assert_allclose(heard[: 4 * RATE], parts[0], atol=1e-5)
    np.testing.assert_allclose(heard[-2 * RATE :], parts[1], atol=1e-5)
    np.testing.assert_allclose(
        decode(path, sample_rate=RATE, duration=3.0), parts[0][: 3 * RATE], atol=1e-5
    )


def with_serial(page, serial):
    if serial is None:
        return page
    page = page[:14] + serial + page[18:]
    return page[:22] + _checksum(page).to_bytes(4, "little") + page[26:]
