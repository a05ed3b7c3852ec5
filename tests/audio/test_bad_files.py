"""Files that cannot be used: one error names them all, with the reason for each."""

import os
import pickle
import sys

import numpy as np
import pytest
import soundfile

from sklearn_mer.audio import AudioError, AudioLoader
from sklearn_mer.audio._decode import decode
from sklearn_mer.features import SummaryFeatures
from sklearn_mer.spectrogram import MelSpectrogram

RATE = 16000
FORMATS = ["wav", "flac", "ogg", "mp3", "aiff"]


def write(path, seconds=3.0, samples=None, **options):
    if samples is None:
        samples = 0.5 * np.random.default_rng(0).uniform(-1, 1, round(seconds * RATE))
    soundfile.write(path, samples, RATE, **options)
    return path


def cut(path, share):
    content = path.read_bytes()
    path.write_bytes(content[: round(share * len(content))])
    return path


def reason(path):
    """Why the loader refuses the file, or None."""
    bad = AudioLoader().check([path])
    assert [name for name, _ in bad] == [str(path)] * len(bad)
    return bad[0][1] if bad else None


@pytest.mark.parametrize("ending", FORMATS)
def test_whole_files_are_good(ending, tmp_path):
    assert reason(write(tmp_path / f"a.{ending}")) is None


@pytest.mark.parametrize("share", [0.3, 0.5, 0.6])
@pytest.mark.parametrize("ending", FORMATS)
def test_truncated_files(ending, share, tmp_path):
    assert "truncated" in reason(cut(write(tmp_path / f"a.{ending}"), share))


@pytest.mark.parametrize("seconds", [0.5, 3.0, 40.0])
@pytest.mark.parametrize("ending", ["wav", "flac", "ogg", "aiff"])
def test_files_that_lack_their_end(ending, seconds, tmp_path):
    path = write(tmp_path / f"a.{ending}", seconds)
    path.write_bytes(path.read_bytes()[:-10])
    # Read whole; of a flac, what comes before the gap is good.
    bad = AudioLoader(duration=None).check([path])
    assert "truncated" in bad[0][1]


def test_tags_after_the_end_of_an_ogg_do_no_harm(tmp_path):
    path = write(tmp_path / "a.ogg")
    path.write_bytes(path.read_bytes() + b"TAG" + bytes(125))
    assert reason(path) is None


@pytest.mark.parametrize("ending", FORMATS)
def test_a_piece_of_the_header(ending, tmp_path):
    path = write(tmp_path / f"a.{ending}")
    path.write_bytes(path.read_bytes()[:20])
    assert reason(path)


@pytest.mark.parametrize("ending", FORMATS)
def test_zero_bytes(ending, tmp_path):
    path = tmp_path / f"a.{ending}"
    path.touch()
    assert reason(path) == "the file is empty (0 bytes)"


@pytest.mark.parametrize("ending", ["wav", "ogg", "aiff"])
def test_zero_length(ending, tmp_path):
    path = write(tmp_path / f"a.{ending}", samples=np.zeros(0))
    assert path.stat().st_size > 0
    assert "zero length" in reason(path)


@pytest.mark.parametrize("content", [b"no audio " * 500, bytes(5000), bytes(range(256)) * 20])
@pytest.mark.parametrize("ending", [*FORMATS, "txt"])
def test_no_audio(ending, content, tmp_path):
    path = tmp_path / f"a.{ending}"
    path.write_bytes(content)
    why = reason(path)
    assert "cannot be decoded (" in why
    assert "does not exist" not in why


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_values_that_are_no_numbers(value, tmp_path):
    samples = np.zeros(1000)
    samples[500] = value
    path = write(tmp_path / "a.wav", samples=samples, subtype="FLOAT")
    assert "NaN or infinite" in reason(path)
    # What is cut off is not looked at.
    assert AudioLoader(duration=0.01).check([path]) == []


@pytest.mark.parametrize("sizes", ["mixed", "large"])
def test_samples_beyond_any_audio(sizes, tmp_path):
    samples = np.zeros((4000, 2))
    samples[500] = 3e38 if sizes == "mixed" else 1e30
    path = write(tmp_path / "a.wav", samples=samples, subtype="FLOAT")
    assert {"mixed": "infinite", "large": "samples of 1e+30"}[sizes] in reason(path)
    # Integers in a float file are loud, but usable.
    samples[500] = 2**31
    assert reason(write(tmp_path / "b.wav", samples=samples, subtype="FLOAT")) is None


def test_waveforms_beyond_any_audio():
    X = np.zeros((3, 4000))
    X[1, 7] = 1e28
    with pytest.raises(AudioError, match=r"clip 1.*samples of 1e\+28"):
        AudioLoader(duration=None).fit_transform(X)


def test_a_double_that_single_precision_cannot_hold(tmp_path):
    path = write(tmp_path / "a.wav", samples=np.full(1000, 1e300), subtype="DOUBLE")
    assert "infinite" in reason(path)


KINDS = [
    *[("WAV", subtype) for subtype in ("MS_ADPCM", "IMA_ADPCM", "GSM610", "G721_32", "ALAW")],
    *[("WAV", f"NMS_ADPCM_{bits}") for bits in (16, 24, 32)],
    *[("AU", subtype) for subtype in ("G721_32", "G723_24", "G723_40", "ULAW")],
    *[("AIFF", "GSM610"), ("W64", "GSM610"), ("W64", "PCM_16"), ("RF64", "PCM_16")],
    *[("SVX", "PCM_16"), ("CAF", "ALAC_16")],
]


@pytest.mark.parametrize(("container", "subtype"), KINDS)
def test_kinds_of_coding(container, subtype, tmp_path):
    tone = 0.5 * np.sin(2 * np.pi * 440 * np.arange(RATE) / RATE)
    path = tmp_path / f"a.{container.lower()}"
    soundfile.write(path, tone, RATE, format=container, subtype=subtype)
    whole = decode(path, sample_rate=RATE)
    assert RATE <= len(whole) <= RATE + 1000  # some pad the last block
    assert np.corrcoef(whole[:RATE], tone)[0, 1] > 0.97
    part = decode(path, sample_rate=RATE, offset=0.25, duration=0.5)
    np.testing.assert_array_equal(part, whole[RATE // 4 :][: RATE // 2])
    assert "truncated" in reason(cut(path, 0.5))


# What sox, ffmpeg, arecord and others write into a pipe; 0 is not known to libsndfile.
@pytest.mark.parametrize("size", [0x7FFFF000, 0x7FFFFFFF, 0x7FFFFFFF - 36, 0x80000000, 0xFFFFFFFF])
@pytest.mark.parametrize("ending", ["wav", "aiff"])
def test_streams_that_do_not_say_their_size(ending, size, tmp_path):
    path = write(tmp_path / f"a.{ending}")
    expected = decode(path, sample_rate=RATE)
    set_size(path, size)
    np.testing.assert_array_equal(decode(path, sample_rate=RATE), expected)


def test_a_stream_that_says_zero(tmp_path):
    pytest.importorskip("av")
    path = write(tmp_path / "a.wav")
    expected = decode(path, sample_rate=RATE)
    set_size(path, 0)
    np.testing.assert_array_equal(decode(path, sample_rate=RATE), expected)
    part = decode(path, sample_rate=RATE, offset=0.5, duration=1.0)
    np.testing.assert_array_equal(part, expected[RATE // 2 :][:RATE])


@pytest.mark.parametrize("n_channels", [2, 6, 9, 36])
def test_many_channels(n_channels, tmp_path):
    pytest.importorskip("av")
    samples = np.random.default_rng(0).uniform(-0.5, 0.5, (3000, n_channels))
    path = write(tmp_path / "a.wav", samples=samples, subtype="FLOAT")
    np.testing.assert_allclose(decode(path, sample_rate=RATE), samples.mean(axis=1), atol=1e-6)
    set_size(path, 0)  # decoded with PyAV
    np.testing.assert_allclose(decode(path, sample_rate=RATE), samples.mean(axis=1), atol=1e-6)


def test_a_stream_that_says_zero_without_av(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "av", None)
    path = write(tmp_path / "a.wav")
    set_size(path, 0)
    assert "its header says zero length" in reason(path)


def set_size(path, size):
    content = bytearray(path.read_bytes())
    position = content.index({".wav": b"data", ".aiff": b"SSND"}[path.suffix]) + 4
    order = "little" if path.suffix == ".wav" else "big"
    content[position : position + 4] = size.to_bytes(4, order)
    path.write_bytes(content)


def test_a_header_that_claims_days_of_sound(tmp_path):
    path = write(tmp_path / "a.flac")
    content = bytearray(path.read_bytes())
    content[21] |= 0x0F  # the 36 bits of the number of samples
    content[22:26] = b"\xff" * 4
    path.write_bytes(content)
    # Depending on the system, memory for 2**36 samples is refused or the missing ones are noticed.
    bad = AudioLoader(duration=None).check([path])
    assert "truncated" in bad[0][1] or "too long to be held in memory" in bad[0][1]
    assert reason(path) is not None  # 30 s
    assert AudioLoader(duration=1.0).check([path]) == []


def test_too_little_memory_names_the_file(tmp_path, monkeypatch):
    def read(*args, **options):
        raise MemoryError

    path = write(tmp_path / "a.wav")
    monkeypatch.setattr(soundfile.SoundFile, "read", read)
    assert "too long to be held in memory" in reason(path)


def test_things_that_are_no_files(tmp_path):
    assert reason(tmp_path) == "not a file"
    assert reason(tmp_path / "gone.wav") == "no such file"
    (tmp_path / "link.wav").symlink_to(tmp_path / "gone.wav")
    assert reason(tmp_path / "link.wav") == "no such file"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this platform has no named pipes")
def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.wav")
    with pytest.raises(AudioError, match="not a file"):
        MelSpectrogram(cache=tmp_path / "cache").fit([tmp_path / "pipe.wav"])


def test_a_file_that_may_not_be_read(public_folder, without_privileges):
    path = write(public_folder / "a.wav")
    path.chmod(0)
    with without_privileges():
        assert reason(path) == "cannot be opened (Permission denied)"
        with pytest.raises(AudioError, match="Permission denied"):
            MelSpectrogram(cache=False).fit([path])


BAD = {
    "empty": lambda path: path.write_bytes(b""),
    "cannot be decoded": lambda path: path.write_text("words " * 300),
    "truncated": lambda path: cut(path, 0.5),
    "NaN": lambda path: write(path, samples=np.full(9, np.nan), subtype="FLOAT"),
    "zero length": lambda path: write(path, samples=np.zeros(0)),
    "no such file": lambda path: path.unlink(),
}


@pytest.fixture(params=[[0, 7, 8, 20, 31, 39], [5, 11, 12, 13, 30, 38]], ids=["first", "later"])
def forty_files(request, tmp_path):
    """Forty files, six of them bad, and what is wrong with those."""
    paths = [write(tmp_path / f"{i:02d}.wav", seconds=0.2) for i in range(40)]
    expected = {}
    for place, (why, spoil) in zip(request.param, BAD.items(), strict=True):
        spoil(paths[place])
        expected[str(paths[place])] = why
    return paths, expected


STEPS = [
    AudioLoader(duration=0.2),
    AudioLoader(duration=0.2, n_jobs=2),
    MelSpectrogram(duration=0.2, cache=False),
    SummaryFeatures(duration=0.2, cache=False),
]


@pytest.mark.parametrize("step", STEPS, ids=str)
def test_one_error_names_all(step, forty_files):
    paths, expected = forty_files
    with pytest.raises(AudioError) as caught:
        step.fit_transform(paths)
    error = caught.value
    assert error.n_files == 40
    assert [path for path, _ in error.bad_files] == list(expected)
    message = str(error)
    assert message.startswith("6 of 40 audio files cannot be used:")
    for path, why in error.bad_files:
        assert expected[path] in why
        assert f"{path}: {why}" in message
    assert 'on_error="skip"' in message


def test_check_reports_without_raising(forty_files):
    paths, expected = forty_files
    bad = AudioLoader(n_jobs=2).check(paths)
    assert [path for path, _ in bad] == list(expected)
    assert all(expected[path] in why for path, why in bad)


def test_many_bad_files_are_counted_and_kept(tmp_path):
    error = AudioError([(f"{i}.mp3", "no such file") for i in range(120)], n_files=900)
    assert "120 of 900" in str(error)
    assert "... and 70 more (see .bad_files)" in str(error)
    assert len(error.bad_files) == 120


def test_the_error_crosses_processes():
    error = AudioError([("a.mp3", "no such file")], n_files=3)
    copy = pickle.loads(pickle.dumps(error))
    assert isinstance(copy, ValueError)
    assert (copy.bad_files, copy.n_files, str(copy)) == (error.bad_files, 3, str(error))
