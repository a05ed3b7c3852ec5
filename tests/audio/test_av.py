"""Formats that need the extra `audio`."""

import sys

import numpy as np
import pytest
import soundfile

from sklearn_mer.audio import AudioLoader, UnusableAudio
from sklearn_mer.audio._decode import decode

RATE = 16000


def tone(seconds=2.0):
    return 0.5 * np.sin(2 * np.pi * 440 * np.arange(round(seconds * RATE)) / RATE)


def write_m4a(path, channels, rate=RATE, **options):
    """Encode float channels (n_channels, n_samples) as AAC."""
    av = pytest.importorskip("av")
    if "aac" not in av.codecs_available:
        pytest.skip("this build of av has no AAC encoder")
    layout = {1: "mono", 2: "stereo"}[len(channels)]
    with av.open(str(path), "w", options=options) as container:
        stream = container.add_stream("aac", rate=rate, layout=layout)
        samples = np.ascontiguousarray(channels, dtype=np.float32)
        frame = av.AudioFrame.from_ndarray(samples, format="fltp", layout=layout)
        frame.sample_rate, frame.pts = rate, 0
        for packet in [*stream.encode(frame), *stream.encode(None)]:
            container.mux(packet)
    return path


def stream_of_unknown_length(path):
    """A flac whose header does not say how long it is, as recorders write it."""
    soundfile.write(path, tone(), RATE)
    content = bytearray(path.read_bytes())
    content[21] &= 0xF0  # the 36 bits of the number of samples
    content[22:26] = bytes(4)
    path.write_bytes(content)
    return path


@pytest.fixture
def without_av(monkeypatch):
    monkeypatch.setitem(sys.modules, "av", None)


def test_m4a(tmp_path):
    samples = decode(write_m4a(tmp_path / "a.m4a", [tone()]), sample_rate=RATE)
    assert samples.dtype == np.float32
    assert abs(len(samples) - 2 * RATE) <= 2048  # whole AAC frames
    np.testing.assert_allclose(samples[4000:28000], tone()[4000:28000], atol=0.05)


def test_tags_in_another_encoding_do_not_matter(tmp_path):
    av = pytest.importorskip("av")
    path = write_m4a(tmp_path / "a.m4a", [tone()])
    with av.open(str(path)) as source, av.open(str(tmp_path / "b.m4a"), "w") as copy:
        copy.metadata["title"] = "Muller"
        stream = copy.add_stream_from_template(source.streams.audio[0])
        for packet in source.demux(source.streams.audio[0]):
            if packet.dts is not None:
                packet.stream = stream
                copy.mux(packet)
    content = (tmp_path / "b.m4a").read_bytes()
    assert b"Muller" in content
    (tmp_path / "b.m4a").write_bytes(content.replace(b"Muller", "Müller".encode("latin-1")))
    np.testing.assert_array_equal(
        decode(tmp_path / "b.m4a", sample_rate=RATE), decode(path, sample_rate=RATE)
    )


def test_m4a_is_mixed_cut_and_resampled(tmp_path):
    times = np.arange(3 * 44100) / 44100
    left = 0.4 * np.sin(2 * np.pi * 440 * times) * (times >= 1)
    path = write_m4a(tmp_path / "a.m4a", [left, 0 * left], rate=44100)
    samples = AudioLoader(offset=1.5, duration=1.0).fit_transform([path])[0]
    assert len(samples) == RATE
    assert np.abs(samples).max() == pytest.approx(0.2, rel=0.1)
    assert np.abs(decode(path, sample_rate=RATE, duration=0.8)).max() < 0.01


@pytest.mark.parametrize("rate", [RATE, 44100])
def test_a_part_is_a_part_of_the_whole(rate, tmp_path):
    noise = np.random.default_rng(0).uniform(-0.5, 0.5, (2, 4 * rate))
    path = write_m4a(tmp_path / "a.m4a", noise, rate=rate)
    whole = decode(path, sample_rate=rate)
    for offset, duration in [(0, 1.0), (1.5, 0.1), (3.0, None), (0, 100.0)]:
        part = decode(path, sample_rate=rate, offset=offset, duration=duration)
        start = round(offset * rate)
        stop = None if duration is None else start + round(duration * rate)
        np.testing.assert_array_equal(part, whole[start:stop])


def test_m4a_beyond_its_end(tmp_path):
    path = write_m4a(tmp_path / "a.m4a", [tone()])
    with pytest.raises(UnusableAudio, match=r"no samples after offset=9\.0 s"):
        decode(path, sample_rate=RATE, offset=9.0)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.8])
@pytest.mark.parametrize("options", [{}, {"movflags": "faststart"}], ids=["plain", "faststart"])
@pytest.mark.parametrize("ending", ["m4a", "mka"])
def test_truncated_files(ending, options, share, tmp_path):
    noise = np.random.default_rng(0).uniform(-0.5, 0.5, (1, 10 * RATE))
    path = write_m4a(tmp_path / f"a.{ending}", noise, **(options if ending == "m4a" else {}))
    path.write_bytes(path.read_bytes()[: round(share * path.stat().st_size)])
    ((name, why),) = AudioLoader().check([path])
    assert name == str(path)
    assert "truncated" in why


def test_without_the_extra_m4a_says_what_to_install(tmp_path, without_av):
    (tmp_path / "a.m4a").write_bytes(b"\0\0\0\x20ftypM4A " + bytes(500))
    with pytest.raises(
        UnusableAudio, match=r'install the extra: pip install "sklearn-mer\[audio\]"'
    ):
        decode(tmp_path / "a.m4a", sample_rate=RATE)


def test_without_the_extra_nothing_is_said_of_it_for_a_broken_mp3(tmp_path, without_av):
    (tmp_path / "a.mp3").write_text("words " * 500)
    with pytest.raises(UnusableAudio) as caught:
        decode(tmp_path / "a.mp3", sample_rate=RATE)
    assert "install" not in str(caught.value)


def test_a_flac_that_does_not_say_its_length(tmp_path):
    pytest.importorskip("av")
    path = stream_of_unknown_length(tmp_path / "a.flac")
    np.testing.assert_allclose(decode(path, sample_rate=RATE), tone(), atol=1e-4)


def test_a_flac_that_does_not_say_its_length_without_the_extra(tmp_path, without_av):
    path = stream_of_unknown_length(tmp_path / "a.flac")
    with pytest.raises(UnusableAudio, match="gives no length"):
        decode(path, sample_rate=RATE)
