"""Songs window by window: the samples that `decode` returns, at any length."""

import os
import tracemalloc
import warnings

import numpy as np
import pytest
import soundfile

from sklearn_mer.audio import AudioLoader, UnusableAudio, file_digest, song_windows, window_files
from sklearn_mer.audio._decode import decode, decode_blocks, mix

ENDINGS = ["wav", "flac", "ogg", "mp3", "m4a"]
RATE = 11025


@pytest.fixture(scope="module")
def stereo():
    """Ten seconds of noise in two channels."""
    return np.random.default_rng(0).uniform(-0.5, 0.5, (10 * RATE, 2)).astype(np.float32)


@pytest.fixture
def song(stereo, tmp_path):
    """Write it as a file of a kind."""

    def write(ending, samples=stereo):
        path = tmp_path / f"song.{ending}"
        if ending != "m4a":
            soundfile.write(path, samples, RATE)
            return path
        av = pytest.importorskip("av")
        with av.open(str(path), "w") as container:
            stream = container.add_stream("aac", rate=RATE, layout="stereo")
            planes = np.ascontiguousarray(samples.T)
            frame = av.AudioFrame.from_ndarray(planes, "fltp", "stereo")
            frame.sample_rate, frame.pts = RATE, 0
            container.mux([*stream.encode(frame), *stream.encode(None)])
        return path

    return write


def spans(path, window, hop):
    return [(w.start, w.end) for w in song_windows(path, window, hop)]


@pytest.mark.parametrize("ending", ENDINGS)
def test_windows_hold_what_decode_returns(ending, song, monkeypatch):
    monkeypatch.setattr("sklearn_mer.audio._mp3._BLOCK", 5000)  # several blocks a window
    path = song(ending)
    found = list(song_windows(path, 3.0, 1.5))
    assert len(found) >= 5
    whole = decode(path, sample_rate=RATE)
    for window in found:
        first, last = round(window.start * RATE), round(window.end * RATE)
        np.testing.assert_array_equal(window.samples, whole[first:last])
        assert not window.is_only
    first = decode(path, sample_rate=RATE, duration=3.0)
    np.testing.assert_array_equal(found[0].samples, first)


@pytest.mark.parametrize("ending", ENDINGS)
def test_files_of_windows_are_heard_as_the_song_is(ending, song):
    path = song(ending)
    loader = AudioLoader(duration=3.0).fit([path])
    with window_files() as write:
        clip = write(next(song_windows(path, 3.0, 1.5)), path)
        assert os.path.basename(clip) == "song at 0 s.wav"
        np.testing.assert_array_equal(loader.transform([clip]), loader.transform([path]))
        with pytest.raises(OSError, match="temporary"):
            file_digest(clip)
    assert not os.path.exists(clip)
    assert file_digest(path)


@pytest.mark.parametrize("ending", ["flac", "mp3", "m4a"])
def test_memory_does_not_depend_on_the_length(ending, song, stereo, monkeypatch):
    monkeypatch.setattr("sklearn_mer.audio._mp3._BLOCK", 5000)

    def peak(path):
        tracemalloc.start()
        try:
            for _ in song_windows(path, 2.0, 1.0):
                pass
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    usual = peak(song(ending))
    long = song(ending, np.tile(stereo, (6, 1)))  # 5 MiB
    assert peak(long) < 1.2 * usual + 2**17


@pytest.mark.parametrize(
    ("seconds", "window", "hop", "expected"),
    [
        (2, 3, 1.5, [(0, 2)]),
        (3, 3, 1.5, [(0, 3)]),
        (3.7, 3, 1.5, [(0, 3)]),  # the rest is less than half a hop
        (3.8, 3, 1.5, [(0, 3), (0.8, 3.8)]),
        (4.5, 3, 1.5, [(0, 3), (1.5, 4.5)]),
        (5.0, 3, 1.5, [(0, 3), (1.5, 4.5)]),
        (5.5, 3, 1.5, [(0, 3), (1.5, 4.5), (2.5, 5.5)]),
        (10, 2, 4, [(0, 2), (4, 6), (8, 10)]),
        (9.9, 2, 4, [(0, 2), (4, 6), (7.9, 9.9)]),
        (7, 2, 4, [(0, 2), (4, 6)]),
        (3, 2, 4, [(0, 2)]),
    ],
)
def test_where_windows_begin_and_end(seconds, window, hop, expected, stereo, song):
    path = song("wav", stereo[: round(seconds * RATE)])
    found = list(song_windows(path, window, hop))
    times = [(w.start, w.end) for w in found]
    np.testing.assert_allclose(times, expected, atol=1e-4)
    assert [w.is_only for w in found] == [len(expected) == 1] * len(expected)


def test_hops_do_not_drift(song):
    starts = [start for start, _ in spans(song("wav"), 1.0, 1 / 3)]
    assert len(starts) == 28
    np.testing.assert_allclose(starts, np.arange(28) / 3, atol=1 / RATE)


def test_silence_and_channels_that_cancel_each_other(stereo, song):
    samples = np.concatenate([stereo[:RATE], 0 * stereo[:RATE], stereo[:RATE, :1] * [1, -1]])
    found = list(song_windows(song("wav", samples.astype(np.float32)), 1.0, 1.0))
    assert [w.is_silent for w in found] == [False, True, True]


def test_damage_is_found_where_it_is(song, stereo, monkeypatch):
    monkeypatch.setattr("sklearn_mer.audio._mp3._BLOCK", 5000)
    path = song("flac", np.tile(stereo, (3, 1)))
    content = path.read_bytes()
    path.write_bytes(content[: len(content) * 3 // 4])
    windows = song_windows(path, 3.0, 3.0)
    assert next(windows).start == 0
    with pytest.raises(UnusableAudio, match="stops early"):
        list(windows)


@pytest.mark.parametrize("ending", ENDINGS)
def test_truncated_files(ending, song):
    path = song(ending)
    path.write_bytes(path.read_bytes()[:-8000])
    with pytest.raises(UnusableAudio, match="truncated"):
        spans(path, 3.0, 3.0)


@pytest.mark.parametrize("content", [b"", b"RIFF", b"no audio at all" * 9])
def test_files_that_are_none(content, tmp_path):
    path = tmp_path / "a.wav"
    path.write_bytes(content)
    with pytest.raises(UnusableAudio) as ours:
        spans(path, 3.0, 3.0)
    with pytest.raises(UnusableAudio) as of_decode:
        decode(path, sample_rate=RATE)
    assert str(ours.value) == str(of_decode.value)


def test_a_file_without_samples(song, stereo):
    with pytest.raises(UnusableAudio, match="zero length"):
        spans(song("wav", stereo[:0]), 3.0, 3.0)


def test_a_change_of_the_channels(monkeypatch):
    blocks = iter([(np.ones((5, 2)), 10), (np.ones((5, 1)), 10)])
    monkeypatch.setattr("sklearn_mer.audio._windows.decode_blocks", lambda path: blocks)
    with pytest.raises(UnusableAudio, match=r"number of channels 0\.50 s"):
        list(song_windows("a", 1.0, 1.0))


def test_a_gap_in_an_mp3_is_told_once(song):
    path = song("mp3")
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 500] = bytes(500)
    path.write_bytes(content)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        blocks = [samples for samples, _ in decode_blocks(path)]
    assert len(caught) == 1
    assert str(caught[0].message).startswith(f"{path} is damaged ")
    np.testing.assert_array_equal(mix(np.concatenate(blocks)), decode(path, sample_rate=RATE))
