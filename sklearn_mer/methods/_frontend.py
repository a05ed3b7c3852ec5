"""From clips to what the networks learn from: spectrograms, and those of altered copies."""

import numbers

import numpy as np
from sklearn.base import clone

from ..audio import LazyRows, check_cache
from ..features import EmotionFeatures, SummaryFeatures
from ..spectrogram import MelSpectrogram

# Seconds that the default front end pads clips to: what the network of `cnn` needs.
SHORTEST = 2.5

# Bytes of spectrograms that are held in memory; more stay in the cache until a batch wants them.
IN_MEMORY = 2**31

# What hears clips in this library.
_OWN = MelSpectrogram, SummaryFeatures, EmotionFeatures


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
    if lazily and _stays_on_disk(frontend, clips, len(clips)):
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


def _stays_on_disk(frontend, clips, n_rows):
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


def hears_waveforms(transformer):
    """Tell whether a front end or feature transformer is one of this library's own.

    What these hear of a waveform does not change when its sign does, so no method that relies
    on them tells scikit-learn's blobs of two numbers apart (its tag ``poor_score``).
    """
    return transformer is None or isinstance(transformer, _OWN)


def mean_and_deviation(arrays):
    """Return mean and standard deviation over all values, clip by clip, so without a copy."""
    means = np.array([array.mean(dtype=np.float64) for array in arrays])
    squares = np.array([np.square(array).mean(dtype=np.float64) for array in arrays])
    mean = means.mean()
    return float(mean), float(np.sqrt(max(squares.mean() - mean**2, 0)) or 1.0)


def as_samplers(augment, frontend):
    """Return the samplers of an `augment` parameter, each with a fixed seed.

    One without a seed of its own gets 0: the copies of a clip are then made once for all folds.
    """
    if augment is None:
        return []
    samplers = augment if isinstance(augment, list | tuple) else [augment]
    for sampler in samplers:
        if not (_alters_waveforms(sampler) or hasattr(sampler, "fit_resample")):
            raise ValueError(
                f"augment holds {sampler!r}, which is no sampler of sklearn_mer.augmentation; give "
                "one, a list of them, or None."
            )
    hears = frontend is None or hasattr(frontend, "transform_copies")
    if any(_alters_waveforms(sampler) for sampler in samplers) and not hears:
        raise ValueError(
            f"augment needs a front end that hears waveforms, such as MelSpectrogram; given: "
            f"{frontend!r}. Put the sampler before it in an imblearn Pipeline instead."
        )
    return [_seeded(sampler) for sampler in samplers]


def _alters_waveforms(sampler):
    """Tell samplers of waveforms from those that take the spectrograms (`DeepSMOTE`)."""
    return hasattr(sampler, "copies") and hasattr(sampler, "signature")


def _seeded(sampler):
    if isinstance(sampler.random_state, numbers.Integral):
        return sampler
    return clone(sampler).set_params(random_state=0)


def append_copies(frontend, clips, samplers, spectrograms, targets, classes):
    """Return spectrograms and targets, followed by what the samplers add.

    Samplers of waveforms come first, with the spectrograms of the altered copies; then those of
    spectrograms, in turn, each given all there is by then (in memory: these need it whole).

    Parameters
    ----------
    frontend : MelSpectrogram or "passthrough"
        Fitted.
    clips : Clips
    samplers : list of sampler
    spectrograms : ndarray of shape (n_clips, n_mels, n_frames)
    targets : ndarray of shape (n_clips,)
    classes : ndarray of shape (n_classes,)
        The labels that the targets stand for.

    Returns
    -------
    spectrograms : ndarray or LazyRows of shape (n, n_mels, n_frames)
    targets : ndarray of shape (n,)
    """
    altering = [sampler for sampler in samplers if _alters_waveforms(sampler)]
    if altering:
        spectrograms, targets = _with_altered(frontend, clips, altering, spectrograms, targets)
    for sampler in samplers:
        if not _alters_waveforms(sampler):
            # Labels, not targets: a sampler's own parameters may name them.
            whole = spectrograms[:] if isinstance(spectrograms, LazyRows) else spectrograms
            given = whole, classes[targets]
            spectrograms, labels = clone(sampler).fit_resample(*given)
            targets = np.searchsorted(classes, labels)
    return spectrograms, targets


def _with_altered(frontend, clips, samplers, spectrograms, targets):
    n_copies = sum(sampler.n_copies for sampler in samplers)
    targets = np.tile(targets, 1 + n_copies)
    if _stays_on_disk(frontend, clips, len(targets)):
        return _altered_lazily(frontend, clips, samplers, spectrograms), targets
    return _altered_in_memory(frontend, clips, samplers, spectrograms, n_copies), targets


def _altered_in_memory(frontend, clips, samplers, spectrograms, n_copies):
    # Filled in place, one sampler after the other: the peak stays near the size of the result.
    n_clips = len(spectrograms)
    result = np.empty((n_clips * (1 + n_copies), *spectrograms.shape[1:]), dtype=np.float32)
    result[:n_clips] = spectrograms
    filled = n_clips
    for sampler in samplers:
        # All first copies, then all second ones: in step with the repeated targets.
        for copies in frontend.transform_copies(clips.audio, sampler).swapaxes(0, 1):
            result[filled : filled + n_clips] = copies
            filled += n_clips
    return result


def _altered_lazily(frontend, clips, samplers, spectrograms):
    # The same order: all first copies, then all second ones.
    parts = [(spectrograms, None)]
    for sampler in samplers:
        copies = frontend.transform_copies(clips.audio, sampler, lazily=True)
        parts += [(copies, number) for number in range(sampler.n_copies)]
    n_clips = len(spectrograms)

    def make_row(position):
        part, clip = divmod(position, n_clips)
        rows, number = parts[part]
        return rows[clip] if number is None else rows[clip][number]

    return LazyRows(make_row, (n_clips * len(parts), *spectrograms.shape[1:]))
