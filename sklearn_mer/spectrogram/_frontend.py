"""From clips to the spectrograms or waveforms that networks are trained on."""

import numpy as np

from .._docs import share_docs
from .._parts import clone_part
from ..audio import as_input_of, check_cache, heard_duration, refuse_hearing
from ._mel import MelSpectrogram

# Seconds to which the default front end repeats arrays: the network of `cnn` needs as many.
SHORTEST = 2.5

# Bytes of spectrograms that are held in memory. More stay in the cache until a batch needs them.
IN_MEMORY = 2**31


@share_docs
def fit_frontend(
    frontend,
    clips,
    *,
    offset=0.0,
    duration="auto",
    default=None,
    n_jobs=None,
    shortest=SHORTEST,
):
    """Clone and fit the front end of a method.

    Parameters
    ----------
    frontend : transformer or None
        None for the default front end.
    clips : Clips
        The training clips.
    offset : float, default=0.0
        {offset}
        Used by the default front end only.
    duration : float, "auto" or None, default="auto"
        {heard_duration}
        Used by the default front end only.
    default : transformer or None, default=None
        The default front end. None for `MelSpectrogram` with its defaults.
    n_jobs : int or None, default=None
        {n_jobs}
        Used by the default front end only.
    shortest : float, default=2.5
        Seconds to which the default front end repeats shorter arrays.

    Returns
    -------
    transformer
        The fitted front end.

    Raises
    ------
    ValueError
        If `offset` or `duration` are given beside a front end.
    """
    if frontend is None:
        frontend = clone_part(MelSpectrogram() if default is None else default, "frontend")
        seconds = heard_duration(
            duration,
            clips,
            offset=offset,
            sample_rate=frontend.sample_rate,
            of_files=frontend.duration,
            shortest=shortest,
        )
        frontend.set_params(n_jobs=n_jobs, offset=offset, duration=seconds)
    else:
        refuse_hearing(f"the front end {frontend} has its own; set them there", offset, duration)
    return clone_part(frontend, "frontend").fit(as_input_of(frontend, clips))


def transform_clips(frontend, clips, *, shape=None, ndim=3, lazily=False):
    """Return the spectrograms of clips, or their waveforms.

    Parameters
    ----------
    frontend : transformer
        The fitted front end.
    clips : Clips
        The clips.
    shape : tuple of int or None, default=None
        Shape of one spectrogram in `fit`; None if this is `fit`.
    ndim : {3, 2}, default=3
        3 if spectrograms are needed, 2 if waveforms are.
    lazily : bool, default=False
        Whether `LazyRows` may be returned if the spectrograms are too large for memory.

    Returns
    -------
    ndarray or LazyRows of shape (n_clips, n_mels, n_frames) or (n_clips, n_samples), float32
        The spectrograms or waveforms.

    Raises
    ------
    ValueError
        If the front end returned arrays of another dimension or shape.
    """
    X = as_input_of(frontend, clips)
    if lazily and stays_on_disk(frontend, clips, len(clips)):
        spectrograms = frontend.transform_lazily(X)
        check_shape(spectrograms, shape)
        return spectrograms
    spectrograms = np.asarray(frontend.transform(X), dtype=np.float32)
    if spectrograms.ndim != ndim:
        raise ValueError(
            f"The front end returned an array of shape {spectrograms.shape}; {_WANTED[ndim]}."
        )
    if len(spectrograms) != len(clips):
        raise ValueError(
            f"The front end returned {len(spectrograms)} spectrograms or waveforms for "
            f"{len(clips)} clips; one per clip, in the same order, is needed."
        )
    check_shape(spectrograms, shape)
    return spectrograms


def stays_on_disk(frontend, clips, n_rows):
    """Return whether spectrograms are too large for memory and can be left in the cache.

    Parameters
    ----------
    frontend : transformer
        The fitted front end. Only `MelSpectrogram` leaves spectrograms in the cache.
    clips : Clips
        The clips. Only spectrograms of files are left in the cache.
    n_rows : int
        Number of spectrograms, with those of altered copies.

    Returns
    -------
    bool
        Whether to leave them in the cache.
    """
    if not (isinstance(frontend, MelSpectrogram) and clips.are_files) or frontend.flatten:
        return False
    n_bytes = 4 * n_rows * frontend.n_mels * frontend.n_frames_
    return n_bytes > IN_MEMORY and check_cache(frontend.cache) is not None


_WANTED = {
    3: "spectrograms of shape (n_clips, n_mels, n_frames) are needed. Use one that returns 3-D "
    "arrays, such as MelSpectrogram(flatten=False)",
    2: "waveforms of shape (n_clips, n_samples) are needed. Use one that returns 2-D arrays, such "
    "as AudioLoader()",
}


def check_shape(spectrograms, shape):
    """Raise an error if spectrograms differ in shape from those of `fit`.

    Parameters
    ----------
    spectrograms : ndarray or LazyRows
        The spectrograms of clips.
    shape : tuple of int or None
        Shape of one spectrogram in `fit`; None for any.

    Raises
    ------
    ValueError
        If the shapes differ.
    """
    if shape is not None and spectrograms.shape[1:] != shape:
        raise ValueError(
            f"The spectrograms have shape {spectrograms.shape[1:]}, those seen in fit had {shape}. "
            "Give clips of the same length, or a front end with `duration` in seconds."
        )


def mean_and_deviation(arrays):
    """Return mean and standard deviation over all values.

    Parameters
    ----------
    arrays : ndarray or LazyRows
        One array per clip; read one at a time, so that nothing is copied.

    Returns
    -------
    mean, deviation : float
        The deviation is 1 where all values are equal.
    """
    means = np.array([array.mean(dtype=np.float64) for array in arrays])
    squares = np.array([np.square(array).mean(dtype=np.float64) for array in arrays])
    mean = means.mean()
    return float(mean), float(np.sqrt(max(squares.mean() - mean**2, 0)) or 1.0)
