"""Good files of every format, and what the loader makes of them."""

import numpy as np
import pytest
import soundfile

from sklearn_mer.audio import AudioError, AudioLoader, UnusableAudio, _decode, start_is_read
from sklearn_mer.audio._decode import decode

FORMATS = ["wav", "flac", "ogg", "mp3"]


def tone(rate, seconds=1.0, hertz=440):
    return 0.5 * np.sin(2 * np.pi * hertz * np.arange(round(seconds * rate)) / rate)


def middle(samples):
    """Without the tenth of a second at each end, where filters and codecs settle."""
    return samples[1600:-1600]


@pytest.mark.parametrize("rate", [8000, 16000, 22050, 32000, 44100, 48000])
@pytest.mark.parametrize("ending", FORMATS)
def test_formats_and_rates(ending, rate, tmp_path):
    path = tmp_path / f"tone.{ending}"
    soundfile.write(path, tone(rate), rate)
    samples = decode(path, sample_rate=16000)
    assert samples.dtype == np.float32
    assert samples.flags.c_contiguous
    assert len(samples) == 16000
    tolerance = 1e-3 if ending in {"wav", "flac"} else 0.07
    np.testing.assert_allclose(middle(samples), middle(tone(16000)), atol=tolerance)


@pytest.mark.parametrize("subtype", ["PCM_U8", "PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE"])
def test_wav_subtypes(subtype, tmp_path):
    soundfile.write(tmp_path / "a.wav", tone(16000), 16000, subtype=subtype)
    samples = decode(tmp_path / "a.wav", sample_rate=16000)
    np.testing.assert_allclose(samples, tone(16000), atol=0.01 if subtype == "PCM_U8" else 1e-4)


def test_channels_are_averaged(tmp_path):
    left, right = tone(16000), 0.3 * tone(16000, hertz=900)
    soundfile.write(tmp_path / "a.wav", np.column_stack([left, right]), 16000, subtype="FLOAT")
    samples = decode(tmp_path / "a.wav", sample_rate=16000)
    np.testing.assert_allclose(samples, (left + right) / 2, atol=1e-6)


@pytest.mark.parametrize("ending", FORMATS)
def test_offset_and_duration_cut_the_source(ending, tmp_path):
    ramp = np.repeat([0.1, 0.3, 0.5, 0.7], 16000) * tone(16000, seconds=4)
    soundfile.write(tmp_path / f"a.{ending}", ramp, 16000)
    loader = AudioLoader(offset=1.0, duration=2.0)
    samples = loader.fit_transform([tmp_path / f"a.{ending}"])[0]
    assert len(samples) == 32000
    levels = [np.abs(half[2000:-2000]).max() for half in np.split(samples, 2)]
    np.testing.assert_allclose(levels, [0.15, 0.25], rtol=0.1)


def test_short_clips_are_repeated_and_long_ones_cut(tmp_path):
    for name, seconds in [("short", 0.5), ("long", 2.0)]:
        soundfile.write(tmp_path / f"{name}.wav", tone(16000, seconds), 16000, subtype="FLOAT")
    files = [tmp_path / "short.wav", tmp_path / "long.wav"]
    short, long = AudioLoader(duration=1.0).fit_transform(files)
    np.testing.assert_array_equal(short[:8000], tone(16000, 0.5).astype(np.float32))
    np.testing.assert_array_equal(short[8000:], short[:8000])
    np.testing.assert_array_equal(long, tone(16000, 1.0).astype(np.float32))


def test_waveforms_are_cut_repeated_and_normalised_like_files(short_clips, short_files):
    for parameters in [
        {"duration": 0.1},
        {"duration": 0.5, "normalize": True},
        {"offset": 0.05, "duration": None},
        {"offset": 0.05, "duration": 0.1, "normalize": True},
    ]:
        loader = AudioLoader(**parameters)
        expected = loader.fit_transform(short_files)
        np.testing.assert_array_equal(loader.fit_transform(short_clips), expected)


def test_peak_normalisation(tmp_path):
    soundfile.write(tmp_path / "quiet.wav", 0.01 * tone(16000), 16000, subtype="FLOAT")
    soundfile.write(tmp_path / "silent.wav", np.zeros(16000), 16000)
    files = [tmp_path / "quiet.wav", tmp_path / "silent.wav"]
    quiet, silent = AudioLoader(duration=2.0, normalize=True).fit_transform(files)
    assert np.abs(quiet).max() == 1
    np.testing.assert_array_equal(silent, np.zeros(32000))
    before = AudioLoader(duration=2.0).fit_transform(files)[0]
    np.testing.assert_allclose(quiet, before / before.max(), rtol=1e-6)


@pytest.mark.parametrize("rate", [8000, 16000, 44100])
@pytest.mark.parametrize("ending", FORMATS)
def test_one_sample(ending, rate, tmp_path):
    path = tmp_path / f"one.{ending}"
    soundfile.write(path, np.array([0.5]), rate)
    assert len(decode(path, sample_rate=16000)) >= 1
    with pytest.raises(AudioError, match=r"one\.\w+: holds 0\.\d+ s of sound; at least 0\.128 s"):
        AudioLoader(duration=30.0).fit_transform([path])


def test_a_duration_of_less_than_a_sample_keeps_one(tmp_path):
    soundfile.write(tmp_path / "a.wav", tone(44100), 44100)
    assert AudioLoader(duration=1e-9).fit_transform([tmp_path / "a.wav"]).shape == (1, 1)


def test_clips_of_different_length_need_a_duration(tmp_path):
    for i, seconds in enumerate([0.5, 0.5, 0.75]):
        soundfile.write(tmp_path / f"{i}.wav", tone(16000, seconds), 16000)
    files = [tmp_path / f"{i}.wav" for i in range(3)]
    loader = AudioLoader(duration=None).fit(files[:2])
    with pytest.raises(ValueError, match=r"differ in length \(8000 to 12000.*set `duration`"):
        loader.transform(files)
    with pytest.raises(ValueError, match=r"have 12000 samples, those seen in fit had 8000"):
        loader.transform(files[2:])


def test_an_offset_beyond_the_end(short_clips, short_files):
    with pytest.raises(AudioError, match=r"lasts 0\.25 s, not longer than offset=1\.0 s"):
        AudioLoader(offset=1.0).fit_transform(short_files)
    with pytest.raises(AudioError, match=r"clip 0: no samples after offset=1\.0 s"):
        AudioLoader(offset=1.0).fit_transform(short_clips)


@pytest.mark.parametrize("ending", ["wav", "mp3"])
@pytest.mark.parametrize(
    ("offset", "duration", "is_all", "reads"),
    [
        (0, 2, False, 0),
        (0.5, 1, False, 0),
        (0, 2.5, False, 1),
        (0, None, False, 1),
        (0, 2.5, True, 0),
        (1, None, True, 0),
        (3, 1, True, 1),
    ],
)
def test_what_was_read_is_not_read_again(
    offset, duration, is_all, reads, ending, tmp_path, monkeypatch
):
    path, read = tmp_path / f"tone.{ending}", []
    soundfile.write(path, np.stack([tone(22050, 2), tone(22050, 2, 523)], axis=1), 22050)
    start = decode(path, sample_rate=22050, duration=None if is_all else 2)
    how = {"sample_rate": 16000, "offset": offset, "duration": duration}
    expected = answer(path, **how)
    whole = _decode._read
    monkeypatch.setattr(_decode, "_read", lambda *args: read.append(args) or whole(*args))
    with start_is_read(path, start, 22050, is_all=is_all):
        np.testing.assert_array_equal(answer(path, **how), expected)
    assert len(read) == reads
    answer(path, **how)
    assert len(read) == reads + 1


def answer(path, **how):
    try:
        return decode(path, **how)
    except UnusableAudio as error:
        return str(error)


def test_decoding_alone_says_why(tmp_path):
    with pytest.raises(UnusableAudio, match="no such file"):
        decode(tmp_path / "gone.wav", sample_rate=16000)


@pytest.mark.parametrize("n_jobs", [2, -1])
def test_threads_change_nothing(n_jobs, short_files):
    one = AudioLoader(duration=1.0).fit_transform(short_files * 4)
    many = AudioLoader(duration=1.0, n_jobs=n_jobs).fit_transform(short_files * 4)
    np.testing.assert_array_equal(many, one)


def test_progress_is_shown_when_asked(short_files, capsys):
    AudioLoader(duration=0.1).fit_transform(short_files)
    assert capsys.readouterr().err == ""
    AudioLoader(duration=0.1, verbose=1).fit(short_files).transform(short_files)
    assert "5/5" in capsys.readouterr().err


def test_parameters_are_checked(short_clips):
    for name, value in [
        ("sample_rate", 0),
        ("sample_rate", 10),
        ("sample_rate", 10**9),
        ("sample_rate", 10**12),
        ("sample_rate", 16000.5),
        ("offset", -1),
        ("offset", np.inf),
        ("duration", 0),
        ("duration", 1e9),
        ("duration", np.inf),
        ("normalize", "yes"),
    ]:
        with pytest.raises(ValueError, match=f"The '{name}' parameter of AudioLoader"):
            AudioLoader(**{name: value}).fit(short_clips)
