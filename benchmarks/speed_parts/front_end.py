"""From files to spectrograms, compared with librosa."""

import tempfile
import time

import librosa
import soundfile
import soxr
from threadpoolctl import threadpool_limits

from sklearn_mer import AudioLoader, MelSpectrogram

from ._clips import RATE, SECONDS
from ._turns import ratio, take_turns


def front_end(paths, options):
    """Compare the steps from files to spectrograms with librosa's, one thread each."""
    with threadpool_limits(1):
        rows = [mel_row(paths, options), *file_rows(paths, options)]
    return [*rows, workers_row(paths, options), cache_row(paths, options)]


def mel_row(paths, options):
    """Compare the step from waveforms to spectrograms."""
    waveforms = AudioLoader(duration=SECONDS).fit_transform(paths)
    ours = MelSpectrogram(duration=SECONDS, normalize=False, cache=False).fit(waveforms[:1])
    seconds = take_turns(
        options.rounds,
        librosa=lambda: [librosa_mel(waveform) for waveform in waveforms],
        ours=lambda: ours.transform(waveforms),
    )
    what = "mel and dB of a waveform: librosa / ours"
    return ratio("mel_vs_librosa", what, seconds["librosa"], seconds["ours"], len(paths))


def file_rows(paths, options):
    """Compare the step from files to spectrograms with librosa, and with decoding alone."""
    ours = MelSpectrogram(duration=SECONDS, normalize=False, cache=False).fit(paths[:1])
    seconds = take_turns(
        options.rounds,
        librosa=lambda: [librosa_mel(librosa_load(path)) for path in paths],
        ours=lambda: ours.transform(paths),
        floor=lambda: [decode_and_resample(path) for path in paths],
    )
    n = len(paths)
    what = "file to spectrogram: librosa / ours", "file to spectrogram: ours / decoding, resampling"
    return [
        ratio("file_vs_librosa", what[0], seconds["librosa"], seconds["ours"], n),
        ratio("frontend_over_floor", what[1], seconds["ours"], seconds["floor"], n),
    ]


def workers_row(paths, options):
    """Compare one thread with two, from file to spectrogram."""
    one, two = (
        MelSpectrogram(duration=SECONDS, normalize=False, cache=False, n_jobs=n_jobs).fit(paths[:1])
        for n_jobs in (1, 2)
    )
    seconds = take_turns(
        options.rounds, one=lambda: one.transform(paths), two=lambda: two.transform(paths)
    )
    what = "file to spectrogram: one thread / two"
    return ratio("two_workers", what, seconds["one"], seconds["two"], len(paths))


def cache_row(paths, options):
    """Compare the first pass, which fills the cache, with the second."""
    cold, cached = [], []
    for _ in range(options.rounds):
        with tempfile.TemporaryDirectory() as folder:
            ours = MelSpectrogram(duration=SECONDS, normalize=False, cache=folder).fit(paths[:1])
            for seconds in (cold, cached):
                start = time.perf_counter()
                ours.transform(paths)
                seconds.append(time.perf_counter() - start)
    return ratio("cached_vs_cold", "first pass / second, cached pass", cold, cached, len(paths))


def librosa_load(path):
    """Load a file as librosa's users do."""
    return librosa.load(path, sr=RATE, duration=SECONDS)[0]


def librosa_mel(waveform):
    """Compute a spectrogram as librosa's users do."""
    return librosa.power_to_db(librosa.feature.melspectrogram(y=waveform, sr=RATE))


def decode_and_resample(path):
    """Decode and resample, which every front end must do."""
    samples, rate = soundfile.read(path, dtype="float32")
    return soxr.resample(samples[: SECONDS * rate], rate, RATE)
