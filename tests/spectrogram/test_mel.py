"""MelSpectrogram: values as librosa's, the cache, threads, parameters."""

import pickle
import threading
from concurrent.futures import ThreadPoolExecutor

import joblib
import librosa
import numpy as np
import pytest
import soundfile
from sklearn.base import clone

from sklearn_mer.audio import AudioLoader, ClipCache, _clips, _waveforms, check_clips
from sklearn_mer.spectrogram import MelSpectrogram, _mel

RATE = 16000
TOLERANCE = 1e-3  # dB
WHOLE = {"duration": None, "normalize": False}


def make_signals():
    times = np.arange(2 * RATE) / RATE
    noise = np.random.default_rng(0).normal(0, 0.1, len(times))
    sine = 0.5 * np.sin(2 * np.pi * 440 * times)
    step = np.where(times < 1, 0, noise)
    signals = {
        "noise": noise,
        "faint noise": 1e-4 * noise,
        "sine": sine,
        "chirp": librosa.chirp(fmin=50, fmax=7900, sr=RATE, length=len(times)),
        "clipped": np.clip(8 * sine + noise, -1, 1),
        "silence": np.zeros(len(times)),
        "constant": np.full(len(times), 0.3),
        "click": (times == 1).astype(float),
        "half silent": step,
        "odd length": noise[:20001],
        "a frame": noise[:2048],
        "less than a frame": noise[:700],
        "less than a hop": noise[:100],
        "one sample": np.array([0.5]),
    }
    return {name: signal.astype(np.float32) for name, signal in signals.items()}


SIGNALS = make_signals()

SETTINGS = [
    {},
    {"n_fft": 1024, "hop_length": 256, "n_mels": 64},
    {"n_fft": 512, "hop_length": 160, "n_mels": 96, "fmin": 20.0, "fmax": 7600.0},
    {"n_fft": 1000, "hop_length": 333},
    {"n_fft": 1025, "hop_length": 500},
    {"n_fft": 2047, "hop_length": 7},
    {"n_fft": 256, "hop_length": 1000, "n_mels": 13},
    {"n_mels": 1},
    {"fmax": 4000.0},
    {"top_db": None},
    {"top_db": 20.0},
    {"top_db": 0.0},
    {"sample_rate": 22050},
    {"sample_rate": 44100, "n_mels": 256, "n_fft": 4096},
]


def whole(**parameters):
    """MelSpectrogram of clips at their own length."""
    return MelSpectrogram(**{"duration": None, "normalize": False, **parameters})


@pytest.fixture
def kernel_calls(monkeypatch):
    """Grows by one for every spectrogram that is computed."""
    calls = []
    compute = _mel.MelKernel.__call__

    def counted(self, waveform):
        calls.append(len(waveform))
        return compute(self, waveform)

    monkeypatch.setattr(_mel.MelKernel, "__call__", counted)
    return calls


def test_a_file_is_computed_once(kernel_calls, short_files, tmp_path):
    mel = whole(cache=tmp_path / "cache")
    first = mel.fit_transform(short_files)
    assert len(kernel_calls) == 5
    for again in (mel, whole(cache=str(tmp_path / "cache"), n_jobs=2, verbose=1)):
        for X in (short_files, short_files[::-1], short_files[2:4]):
            again.fit(X).transform(X)
        np.testing.assert_array_equal(again.transform(short_files), first)
    whole(cache=ClipCache(tmp_path / "cache"), flatten=True).fit_transform(short_files)
    assert len(kernel_calls) == 5
    assert ClipCache(tmp_path / "cache").info().loc["mel", "n_entries"] == 5


@pytest.mark.parametrize(
    "change",
    [
        {"sample_rate": 8000},
        {"offset": 0.1},
        {"duration": 0.2},
        {"normalize": True},
        {"n_fft": 1024},
        {"hop_length": 500},
        {"n_mels": 64},
        {"fmin": 10.0},
        {"fmax": 7000.0},
        {"top_db": 60.0},
        {"top_db": None},
    ],
    ids=str,
)
def test_every_parameter_is_part_of_the_key(change, kernel_calls, short_files, tmp_path):
    cache = tmp_path / "cache"
    whole(cache=cache).fit_transform(short_files)
    kept = whole(cache=cache, **change).fit_transform(short_files)
    assert len(kernel_calls) == 10
    fresh = whole(cache=False, **change).fit_transform(short_files)
    np.testing.assert_array_equal(kept, fresh)


def test_the_defaults_are_those_of_the_study(short_files, short_clips):
    mel = MelSpectrogram(cache=False)
    assert (mel.sample_rate, mel.duration, mel.normalize) == (16000, 30.0, True)
    assert mel.fit_transform(short_files).shape == (5, 128, 938)
    waveform = np.resize(short_clips[0] / np.abs(short_clips[0]).max(), 480000)
    np.testing.assert_array_equal(
        mel.transform(short_files[:1]), whole().fit_transform(waveform[None, :])
    )


def test_filters_and_tables_are_made_once(short_files, short_clips, monkeypatch):
    made = []
    make = _mel.MelKernel.__init__
    monkeypatch.setattr(
        _mel.MelKernel,
        "__init__",
        lambda self, **given: (made.append(given), make(self, **given))[1],
    )
    _mel._make_kernel.cache_clear()
    mel = whole(n_mels=17, cache=False).fit(short_files)
    mel.transform(short_files)
    mel.transform_lazily(short_files)
    mel.transform_copies(short_files, Halves())
    assert len(made) == 1
    clone(mel).fit_transform(short_clips)
    pickle.loads(pickle.dumps(mel)).transform(short_clips)
    assert len(made) == 1
    assert len(pickle.dumps(mel)) < 1000
    assert mel.set_params(n_mels=18).fit_transform(short_clips).shape[1] == 18
    assert [given["n_mels"] for given in made] == [17, 18]


def test_checked_clips_are_not_checked_again(short_clips, short_files, monkeypatch):
    clips = check_clips(whole(), short_clips), check_clips(whole(), short_files)
    mel = whole(cache=False)
    expected = mel.fit_transform(short_clips)
    monkeypatch.setattr(_waveforms, "check_array", None)
    monkeypatch.setattr(_clips, "as_paths", None)
    for checked in clips:
        np.testing.assert_array_equal(mel.fit(checked).transform(checked), expected)


def test_waveforms_and_cache_false_leave_no_files(short_clips, short_files, tmp_path, monkeypatch):
    monkeypatch.setenv("SKLEARN_MER_CACHE", str(tmp_path / "cache"))
    whole().fit_transform(short_clips)
    whole(cache=False).fit_transform(short_files)
    assert not (tmp_path / "cache").exists()
    whole().fit_transform(short_files)
    assert len(list((tmp_path / "cache").rglob("*.npy"))) == 5


def test_numpy_numbers_as_parameters(kernel_calls, short_files, tmp_path):
    cache = tmp_path / "cache"
    numpys = {"n_mels": np.int64(64), "fmin": np.float64(50), "normalize": np.True_}
    whole(cache=cache, **numpys).fit_transform(short_files)
    plain = {"n_mels": 64, "fmin": 50.0, "normalize": True}
    whole(cache=cache, **plain).fit_transform(short_files)
    assert len(kernel_calls) == 5


def test_many_callers_at_once(short_clips):
    expected = whole().fit_transform(short_clips)
    barrier = threading.Barrier(4)

    def call(_):
        barrier.wait()
        return [whole(n_jobs=2).fit_transform(short_clips) for _ in range(5)]

    with ThreadPoolExecutor(4) as pool:
        for results in pool.map(call, range(4)):
            for result in results:
                np.testing.assert_array_equal(result, expected)


def test_under_a_configured_process_backend(short_clips):
    expected = whole().fit_transform(short_clips)
    with joblib.parallel_config("loky", n_jobs=2):
        np.testing.assert_array_equal(whole().fit_transform(short_clips), expected)


def test_flat_rows_and_their_names(short_clips):
    cube = whole(n_mels=3).fit_transform(short_clips)
    assert cube.shape == (5, 3, 8)
    flat = whole(n_mels=3, flatten=True).set_output(transform="pandas")
    table = flat.fit_transform(short_clips)
    assert list(table.columns[[0, 1, 8, -1]]) == [
        "mel_000_frame_0000",
        "mel_000_frame_0001",
        "mel_001_frame_0000",
        "mel_002_frame_0007",
    ]
    np.testing.assert_array_equal(table["mel_002_frame_0005"], cube[:, 2, 5])
    for name in ("get_feature_names_out", "set_output"):
        assert not hasattr(whole(), name)


def test_clips_of_another_length(short_files, short_clips, tmp_path):
    mel = whole(cache=False).fit(short_clips[:, :2000])
    with pytest.raises(ValueError, match=r"have 8 frames, those seen in fit had 4; set `duration`"):
        mel.transform(short_files)
    half = tmp_path / "half.wav"
    soundfile.write(half, short_clips[0, :2200], 16000, subtype="FLOAT")
    with pytest.raises(ValueError, match=r"differ in length \(5 to 8 values\); set `duration`"):
        mel.fit_transform([*short_files, half])
    assert whole(duration=0.25).fit_transform([*short_files, half]).shape == (6, 128, 8)


@pytest.mark.parametrize("bands", [{"fmin": 8000.0}, {"fmin": 500, "fmax": 400}])
def test_bands_that_are_none(bands, short_clips):
    with pytest.raises(ValueError, match=r"fmin=.* is not below .*; lower fmin or raise fmax"):
        whole(**bands).fit(short_clips)


@pytest.mark.parametrize("sample_rate", [16000, 4000])
def test_bands_above_half_the_sample_rate(sample_rate, short_clips):
    with pytest.raises(ValueError, match=r"fmax=8001 Hz is above half the sample rate, \d+.0 Hz"):
        whole(fmax=8001, sample_rate=sample_rate).fit(short_clips)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *[("n_fft", 1), ("n_fft", 2**30), ("hop_length", 0), ("hop_length", 2**40)],
        *[("n_mels", 0), ("n_mels", 10**6), ("top_db", -1), ("fmax", 0), ("cache", 3)],
        *[("sample_rate", 10), ("sample_rate", 10**12)],
    ],
)
def test_parameters_are_checked(name, value, short_clips):
    with pytest.raises(ValueError, match=f"The '{name}' parameter of MelSpectrogram"):
        whole(**{name: value}).fit(short_clips)


class Halves:
    """A sampler as far as `transform_copies` needs one."""

    def __init__(self, factors=(0.5, 0.25)):
        self.factors = factors
        self.n_calls = 0

    def copies(self, waveform):
        self.n_calls += 1
        return [np.float32(factor) * waveform for factor in self.factors]

    def signature(self):
        return ["Halves", *self.factors]


def test_copies_are_kept_too(short_clips, short_files, tmp_path):
    mel = whole(cache=tmp_path / "cache", top_db=None).fit(short_files)
    sampler = Halves()
    copies = mel.transform_copies(short_files, sampler)
    assert copies.shape == (5, 2, 128, 8)
    for i, factor in enumerate(sampler.factors):
        expected = mel.transform(np.float32(factor) * short_clips)
        np.testing.assert_array_equal(copies[:, i], expected)
    np.testing.assert_array_equal(mel.transform_copies(short_files, sampler), copies)
    assert sampler.n_calls == 5
    other = Halves((0.1,))
    assert mel.transform_copies(short_files, other).shape == (5, 1, 128, 8)
    assert other.n_calls == 5


def librosa_mel(waveform, *, top_db=80.0, sample_rate=RATE, **parameters):
    power = librosa.feature.melspectrogram(y=waveform, sr=sample_rate, **parameters)
    return librosa.power_to_db(power, top_db=top_db)


@pytest.mark.filterwarnings("ignore:n_fft=.* is too large:UserWarning")
@pytest.mark.parametrize("signal", SIGNALS.values(), ids=SIGNALS)
@pytest.mark.parametrize("settings", SETTINGS, ids=str)
def test_equal_to_librosa(settings, signal):
    if settings.get("hop_length") == 7:
        signal = signal[:9001]
    (ours,) = MelSpectrogram(**WHOLE, **settings).fit_transform(signal[None, :])
    theirs = librosa_mel(signal, **settings)
    assert ours.dtype == np.float32
    assert ours.shape == theirs.shape
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=TOLERANCE)


def test_bands_too_narrow_for_a_bin():
    settings = {"n_fft": 256, "n_mels": 128}
    with pytest.warns(UserWarning, match="Empty filters"):
        theirs = librosa_mel(SIGNALS["noise"], **settings)
    with pytest.warns(UserWarning, match="Empty filters"):
        (ours,) = MelSpectrogram(**WHOLE, **settings).fit_transform(SIGNALS["noise"][None, :])
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=TOLERANCE)


@pytest.mark.data
@pytest.mark.parametrize("step", [60, pytest.param(1, marks=pytest.mark.slow)])
def test_equal_to_librosa_on_real_clips(real_data_home, step):
    paths = sorted((real_data_home / "datasets" / "4QAED").glob("Q*/*.mp3"))[::step]
    assert len(paths) == len(range(0, 900, step))
    assert {path.parent.name for path in paths} == {"Q1", "Q2", "Q3", "Q4"}
    loader, ours = AudioLoader(), MelSpectrogram(normalize=False, cache=False)
    for path in paths:
        (theirs,) = map(librosa_mel, loader.fit_transform([path]))
        (spectrogram,) = ours.fit_transform([path])
        assert spectrogram.shape == (128, 938)
        np.testing.assert_allclose(spectrogram, theirs, rtol=0, atol=TOLERANCE)
