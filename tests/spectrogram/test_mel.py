"""MelSpectrogram beside its values: the cache, threads, parameters."""

import threading
from concurrent.futures import ThreadPoolExecutor

import joblib
import numpy as np
import pytest
import soundfile
import torch

from sklearn_mer.audio import AudioError, ClipCache
from sklearn_mer.spectrogram import MelSpectrogram, _mel


@pytest.fixture
def kernel_calls(monkeypatch):
    """Grows by one for every spectrogram that is computed."""
    calls = []

    class Counted(_mel.MelKernel):
        def __call__(self, waveform):
            calls.append(len(waveform))
            return super().__call__(waveform)

    monkeypatch.setattr(_mel, "MelKernel", Counted)
    return calls


def test_a_file_is_computed_once(kernel_calls, short_files, tmp_path):
    mel = MelSpectrogram(cache=tmp_path / "cache")
    first = mel.fit_transform(short_files)
    assert len(kernel_calls) == 5
    for again in (mel, MelSpectrogram(cache=str(tmp_path / "cache"), n_jobs=2, verbose=1)):
        for X in (short_files, short_files[::-1], short_files[2:4]):
            again.fit(X).transform(X)
        np.testing.assert_array_equal(again.transform(short_files), first)
    MelSpectrogram(cache=ClipCache(tmp_path / "cache"), flatten=True).fit_transform(short_files)
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
    MelSpectrogram(cache=cache).fit_transform(short_files)
    kept = MelSpectrogram(cache=cache, **change).fit_transform(short_files)
    assert len(kernel_calls) == 10
    fresh = MelSpectrogram(cache=False, **change).fit_transform(short_files)
    np.testing.assert_array_equal(kept, fresh)


def test_waveforms_and_cache_false_leave_no_files(short_clips, short_files, tmp_path, monkeypatch):
    monkeypatch.setenv("SKLEARN_MER_CACHE", str(tmp_path / "cache"))
    MelSpectrogram().fit_transform(short_clips)
    MelSpectrogram(cache=False).fit_transform(short_files)
    assert not (tmp_path / "cache").exists()
    MelSpectrogram().fit_transform(short_files)
    assert len(list((tmp_path / "cache").rglob("*.npy"))) == 5


def test_numpy_numbers_as_parameters(kernel_calls, short_files, tmp_path):
    cache = tmp_path / "cache"
    numpys = {"n_mels": np.int64(64), "fmin": np.float64(50), "normalize": np.True_}
    MelSpectrogram(cache=cache, **numpys).fit_transform(short_files)
    plain = {"n_mels": 64, "fmin": 50.0, "normalize": True}
    MelSpectrogram(cache=cache, **plain).fit_transform(short_files)
    assert len(kernel_calls) == 5


def threads_of_a_new_thread():
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(torch.get_num_threads).result()


@pytest.mark.parametrize("n_threads", [1, 2, 3])
def test_torch_keeps_its_threads(n_threads, short_clips):
    before = torch.get_num_threads()
    torch.set_num_threads(n_threads)
    try:
        for n_jobs in (1, 2, 4):
            MelSpectrogram(n_jobs=n_jobs).fit_transform(np.tile(short_clips, (8, 1)))
            assert torch.get_num_threads() == n_threads
            assert threads_of_a_new_thread() == n_threads
        with pytest.raises(AudioError):
            MelSpectrogram(n_jobs=2).fit(["gone.wav"])
        assert torch.get_num_threads() == n_threads
    finally:
        torch.set_num_threads(before)


def test_many_callers_at_once(short_clips):
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        expected = MelSpectrogram().fit_transform(short_clips)
        barrier = threading.Barrier(4)

        def call(_):
            barrier.wait()
            return [MelSpectrogram(n_jobs=2).fit_transform(short_clips) for _ in range(5)]

        with ThreadPoolExecutor(4) as pool:
            for results in pool.map(call, range(4)):
                for result in results:
                    np.testing.assert_array_equal(result, expected)
        assert torch.get_num_threads() == 2
        assert threads_of_a_new_thread() == 2
    finally:
        torch.set_num_threads(before)


def test_under_a_configured_process_backend(short_clips):
    expected = MelSpectrogram().fit_transform(short_clips)
    with joblib.parallel_config("loky", n_jobs=2):
        np.testing.assert_array_equal(MelSpectrogram().fit_transform(short_clips), expected)


def test_flat_rows_and_their_names(short_clips):
    cube = MelSpectrogram(n_mels=3).fit_transform(short_clips)
    assert cube.shape == (5, 3, 8)
    flat = MelSpectrogram(n_mels=3, flatten=True).set_output(transform="pandas")
    table = flat.fit_transform(short_clips)
    assert list(table.columns[[0, 1, 8, -1]]) == [
        "mel_000_frame_0000",
        "mel_000_frame_0001",
        "mel_001_frame_0000",
        "mel_002_frame_0007",
    ]
    np.testing.assert_array_equal(table["mel_002_frame_0005"], cube[:, 2, 5])
    for name in ("get_feature_names_out", "set_output"):
        assert not hasattr(MelSpectrogram(), name)


def test_clips_of_another_length(short_files, short_clips, tmp_path):
    mel = MelSpectrogram(cache=False).fit(short_clips[:, :2000])
    with pytest.raises(
        ValueError, match=r"have 8 frames, those seen in fit had 4; give `duration`"
    ):
        mel.transform(short_files)
    half = tmp_path / "half.wav"
    soundfile.write(half, short_clips[0, :2000], 16000, subtype="FLOAT")
    with pytest.raises(ValueError, match=r"differ in length \(4 to 8 values\); give `duration`"):
        mel.fit_transform([*short_files, half])
    assert MelSpectrogram(duration=0.25).fit_transform([*short_files, half]).shape == (6, 128, 8)


@pytest.mark.parametrize("bands", [{"fmin": 8000.0}, {"fmin": 500, "fmax": 400}])
def test_bands_that_are_none(bands, short_clips):
    with pytest.raises(ValueError, match=r"fmin=.* is not below .*; lower fmin or raise fmax"):
        MelSpectrogram(**bands).fit(short_clips)


@pytest.mark.parametrize(
    ("name", "value"),
    [("n_fft", 1), ("hop_length", 0), ("n_mels", 0), ("top_db", -1), ("fmax", 0), ("cache", 3)],
)
def test_parameters_are_checked(name, value, short_clips):
    with pytest.raises(ValueError, match=f"The '{name}' parameter of MelSpectrogram"):
        MelSpectrogram(**{name: value}).fit(short_clips)


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
    mel = MelSpectrogram(cache=tmp_path / "cache", top_db=None).fit(short_files)
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
