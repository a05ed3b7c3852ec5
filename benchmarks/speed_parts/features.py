"""The descriptors, compared with real time and with librosa."""

import librosa
import numpy as np
from threadpoolctl import threadpool_limits

from sklearn_mer import AudioLoader, EmotionFeatures

from ._turns import ratio, take_turns

RATE, SECONDS, N_CLIPS = 22050, 30, 8
#: Descriptors that librosa has too, under our names.
SHARED = (
    "dynamics__rms",
    "rhythm__onset_strength",
    "rhythm__tempo",
    "tone_colour__spectral_centroid",
    "tone_colour__spectral_spread",
    "tone_colour__spectral_rolloff",
    "tone_colour__spectral_flatness",
    "tone_colour__zero_crossings",
    "tone_colour__mfcc",
    "tone_colour__mfcc_delta",
    "tone_colour__contrast",
    "harmony__chroma",
    "harmony__tonal_centroid",
    "melody__f0",
)


def features(paths, options):
    """Compare all descriptors with real time, and the shared ones with librosa's."""
    paths = paths[:N_CLIPS]
    waveforms = AudioLoader(sample_rate=RATE, duration=SECONDS).fit_transform(paths)
    whole = EmotionFeatures(sample_rate=RATE, cache=False).fit(paths)
    shared = EmotionFeatures(columns=SHARED, sample_rate=RATE, cache=False).fit(waveforms)
    with threadpool_limits(1):
        seconds = take_turns(
            options.rounds,
            whole=lambda: whole.transform(paths),
            ours=lambda: shared.transform(waveforms),
            librosa=lambda: [librosa_call_by_call(waveform) for waveform in waveforms],
        )
    n = len(paths)
    sound = [float(SECONDS * n)] * options.rounds
    what = "file to all descriptors, one core: seconds of sound / seconds"
    return [
        ratio("features_real_time", what, sound, seconds["whole"], n, unit="s per clip"),
        ratio(
            "features_vs_librosa",
            f"{len(SHARED)} descriptors of a waveform: librosa call by call / ours",
            seconds["librosa"],
            seconds["ours"],
            n,
        ),
    ]


def librosa_call_by_call(waveform):
    """Compute the descriptors of `SHARED` as users of librosa do: each from the waveform."""
    given = {"y": waveform, "sr": RATE}
    mfcc = librosa.feature.mfcc(**given)
    series = [
        librosa.feature.rms(y=waveform),
        librosa.onset.onset_strength(**given),
        librosa.feature.tempo(**given),
        librosa.feature.spectral_centroid(**given),
        librosa.feature.spectral_bandwidth(**given),
        *(
            librosa.feature.spectral_rolloff(**given, roll_percent=part)
            for part in (0.5, 0.85, 0.95)
        ),
        librosa.feature.spectral_flatness(y=waveform),
        librosa.feature.zero_crossing_rate(waveform),
        mfcc,
        librosa.feature.delta(mfcc),
        librosa.feature.spectral_contrast(**given),
        librosa.feature.chroma_stft(**given),
        librosa.feature.tonnetz(**given),
        librosa.yin(waveform, fmin=55, fmax=1760, sr=RATE),
    ]
    return np.concatenate([np.append(x.mean(axis=-1), x.std(axis=-1)) for x in series])
