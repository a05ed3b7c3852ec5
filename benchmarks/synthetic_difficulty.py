"""Difficulty of the clips of `make_quadrant_clips`: print the figures of its documentation.

python benchmarks/synthetic_difficulty.py [--clips 100 200] [--seeds 0 1 2 3 4] [--jobs 1]
"""

import argparse
import time

import librosa
import numpy as np
from joblib import Parallel, delayed
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from sklearn_mer.datasets import make_quadrant_clips


def summarise_clip(waveform, sample_rate):
    """Return means and deviations of plain descriptors of librosa over one clip.

    Returns
    -------
    ndarray of shape (65,)
    """
    magnitude = np.abs(librosa.stft(waveform, n_fft=1024, hop_length=512))
    mel = librosa.power_to_db(librosa.feature.melspectrogram(S=magnitude**2, sr=sample_rate))
    spread = np.vstack(
        [
            librosa.feature.mfcc(S=mel, sr=sample_rate, n_mfcc=20),
            librosa.feature.spectral_centroid(S=magnitude, sr=sample_rate),
            librosa.feature.spectral_bandwidth(S=magnitude, sr=sample_rate),
            librosa.feature.spectral_rolloff(S=magnitude, sr=sample_rate),
            librosa.feature.spectral_flatness(S=magnitude),
            librosa.feature.zero_crossing_rate(waveform, frame_length=1024, hop_length=512),
            librosa.onset.onset_strength(S=mel, sr=sample_rate)[None, :],
        ]
    )
    # The tuning is known; estimating it would take longer than everything else.
    chroma = librosa.feature.chroma_stft(S=magnitude**2, sr=sample_rate, tuning=0)
    loudness = librosa.feature.rms(S=magnitude, frame_length=1024)
    parts = spread.mean(axis=1), spread.std(axis=1), chroma.mean(axis=1), [loudness.std()]
    return np.concatenate(parts)


def summarise(clips, n_jobs=1):
    """Describe all clips after peak normalisation, as the methods do.

    Returns
    -------
    ndarray of shape (n_clips, 65)
    """
    waveforms = clips.data / np.abs(clips.data).max(axis=1, keepdims=True)
    rows = Parallel(n_jobs=n_jobs)(
        delayed(summarise_clip)(waveform, clips.sample_rate) for waveform in waveforms
    )
    return np.array(rows)


def score(X, y, groups=None, seed=0):
    """Return the macro F1 of a scaled RBF-SVM, mean of five folds."""
    kind = StratifiedKFold if groups is None else StratifiedGroupKFold
    folds = kind(5, shuffle=True, random_state=seed)
    model = make_pipeline(StandardScaler(), SVC(C=5))
    return cross_val_score(model, X, y, groups=groups, cv=folds, scoring="f1_macro").mean()


def numeric_cues(clips):
    """Return the drawn cues as numbers, without valence and arousal; major is 1."""
    cues = clips.parameters.drop(columns=["valence", "arousal", "key"])
    return cues.assign(mode=(cues["mode"] == "major").astype(float))


def measure(n_clips, seed, n_jobs=1):
    """Return all scores of one data set.

    Returns
    -------
    dict of {str: float}
    """
    clips = make_quadrant_clips(n_clips, random_state=seed)
    X, cues = summarise(clips, n_jobs), numeric_cues(clips)
    shuffled = np.random.default_rng(seed).permutation(clips.target)
    position = clips.parameters[["valence", "arousal"]]
    return {
        "audio summary": score(X, clips.target),
        "audio summary, unseen artists": score(X, clips.target, clips.groups),
        "audio summary, shuffled labels": score(X, shuffled),
        "all drawn cues": score(cues, clips.target),
        "valence and arousal as drawn": score(position, clips.target),
        **{f"only {name}": score(cues[[name]], clips.target) for name in cues},
    }


def seconds_per_clip(n_clips=50):
    """Return the seconds that `make_quadrant_clips` takes per clip on one core."""
    start = time.perf_counter()
    make_quadrant_clips(n_clips, random_state=0)
    return (time.perf_counter() - start) / n_clips


def main(argv=None):
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--clips", type=int, nargs="+", default=[100, 200])
    parser.add_argument("--seeds", type=int, nargs="+", default=range(5))
    parser.add_argument("--jobs", type=int, default=1)
    arguments = parser.parse_args(argv)
    print(f"one clip of 3 s takes {1000 * seconds_per_clip():.1f} ms")
    for n_clips in arguments.clips:
        results = [measure(n_clips, seed, arguments.jobs) for seed in arguments.seeds]
        print(f"\n{n_clips} clips, macro F1 for the seeds {list(arguments.seeds)}")
        for name in results[0]:
            values = [result[name] for result in results]
            print(f"{name:32} {np.mean(values):.3f}  ({min(values):.3f} to {max(values):.3f})")


if __name__ == "__main__":
    main()
