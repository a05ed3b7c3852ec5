"""The study's front end: from clips to the spectrograms that networks learn from."""

import numpy as np
from sklearn.base import clone

from ..audio import check_cache
from ._mel import MelSpectrogram

# Seconds that the default front end pads clips to: what the network of `cnn` needs.
SHORTEST = 2.5

# Bytes of spectrograms that are held in memory; more stay in the cache until a batch wants them.
IN_MEMORY = 2**31


def fit_frontend(frontend, clips, *, n_jobs=None, shortest=SHORTEST):
    """Return the front end, cloned and fitted.

    Parameters
    ----------
    frontend : transformer or None
        None for the study's: 16 kHz, peak-normalised, the first 30 s of files; arrays are taken
        as long as they are.
    clips : Clips
    n_jobs : int or None, default=None
        Threads of the study's.
    shortest : float, default=2.5
        Seconds to which the study's pads arrays that are shorter.

    Returns
    -------
    transformer
    """
    return fit_default(MelSpectrogram, frontend, clips, n_jobs=n_jobs, shortest=shortest)


def fit_default(cls, frontend, clips, *, n_jobs, shortest):
    """Return the front end, cloned and fitted; of class `cls` at the study's settings if None."""
    if frontend is not None:
        return clone(frontend).fit(clips.audio)
    sample_rate = 16000
    duration = 30.0 if clips.are_files else max(shortest, clips.audio.shape[1] / sample_rate)
    return cls(sample_rate=sample_rate, duration=duration, normalize=True, n_jobs=n_jobs).fit(
        clips.audio
    )


def transform_clips(frontend, clips, *, shape=None, ndim=3, lazily=False):
    """Return the spectrograms of clips, or their waveforms.

    Parameters
    ----------
    frontend : transformer
        Fitted.
    clips : Clips
    shape : tuple of int or None, default=None
        That of one spectrogram in `fit`, where it is known.
    ndim : {3, 2}, default=3
        Whether spectrograms or waveforms are wanted.
    lazily : bool, default=False
        Whether `LazyRows` will do, where the whole is too large for memory.

    Returns
    -------
    ndarray or LazyRows of shape (n_clips, n_mels, n_frames) or (n_clips, n_samples), float32
    """
    if lazily and stays_on_disk(frontend, clips, len(clips)):
        spectrograms = frontend.transform_lazily(clips.audio)
        check_shape(spectrograms, shape)
        return spectrograms
    spectrograms = np.asarray(frontend.transform(clips.audio), dtype=np.float32)
    if spectrograms.ndim != ndim:
        raise ValueError(
            f"The front end made an array of shape {spectrograms.shape}; {_WANTED[ndim]}."
        )
    check_shape(spectrograms, shape)
    return spectrograms


def stays_on_disk(frontend, clips, n_rows):
    """Tell whether so many spectrograms, of files by our front end, are left in the cache."""
    if not (isinstance(frontend, MelSpectrogram) and clips.are_files) or frontend.flatten:
        return False
    n_bytes = 4 * n_rows * frontend.n_mels * frontend.n_frames_
    return n_bytes > IN_MEMORY and check_cache(frontend.cache) is not None


_WANTED = {
    3: "spectrograms of shape (n_clips, n_mels, n_frames) are needed. Use one that gives 3-D "
    "arrays, such as MelSpectrogram(flatten=False)",
    2: "waveforms of shape (n_clips, n_samples) are needed. Use one that gives 2-D arrays, such "
    "as AudioLoader()",
}


def check_shape(spectrograms, shape):
    """Refuse spectrograms of another shape than in `fit`; None for any."""
    if shape is not None and spectrograms.shape[1:] != shape:
        raise ValueError(
            f"The spectrograms have shape {spectrograms.shape[1:]}, those seen in fit had {shape}. "
            "Give clips of the same length, or a front end with `duration` in seconds."
        )


def mean_and_deviation(arrays):
    """Return mean and standard deviation over all values, clip by clip, so without a copy."""
    means = np.array([array.mean(dtype=np.float64) for array in arrays])
    squares = np.array([np.square(array).mean(dtype=np.float64) for array in arrays])
    mean = means.mean()
    return float(mean), float(np.sqrt(max(squares.mean() - mean**2, 0)) or 1.0)
