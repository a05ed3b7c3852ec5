"""The parameter `augment` of classifiers: copies of training clips as spectrograms."""

import numbers

import numpy as np
from sklearn.base import clone
from sklearn.utils import get_tags

from ..audio import LazyRows, as_input_of
from ..spectrogram import stays_on_disk


def as_samplers(augment, frontend):
    """Return the samplers of the parameter `augment`, each with a fixed seed.

    Samplers without an int as `random_state` get 0, so that the copies of a clip are the same in
    all folds and are cached.

    Parameters
    ----------
    augment : sampler, list of sampler or None
        Samplers of waveforms or of spectrograms.
    frontend : transformer, "passthrough" or None
        Front end that makes the spectrograms.

    Returns
    -------
    list of sampler
        The samplers; empty for None.
    """
    if augment is None:
        return []
    samplers = augment if isinstance(augment, list | tuple) else [augment]
    for sampler in samplers:
        _check_sampler(sampler)
    takes_waveforms = frontend is None or hasattr(frontend, "transform_copies")
    if any(_alters_waveforms(sampler) for sampler in samplers) and not takes_waveforms:
        raise ValueError(
            "augment needs a front end that computes spectrograms of waveforms, such as "
            f"MelSpectrogram; got {frontend!r}. Put the sampler into an imblearn Pipeline instead."
        )
    return [_seeded(sampler) for sampler in samplers]


def _check_sampler(sampler):
    if isinstance(sampler, type):
        raise ValueError(
            f"augment={sampler.__name__} is a class; give an instance, {sampler.__name__}()."
        )
    if _alters_waveforms(sampler):
        sampler._validate_params()  # before its copies are counted
        return
    allowed = "augment must be a sampler of sklearn_mer.augmentation, a list of them, or None"
    if not hasattr(sampler, "fit_resample"):
        raise ValueError(f"{allowed}; got {sampler!r}.")
    if not get_tags(sampler).input_tags.three_d_array:
        raise ValueError(
            f"{allowed}; got {sampler!r}, which resamples rows of numbers, neither waveforms nor "
            "spectrograms. Put it before the classifier, into an imblearn Pipeline, or say "
            "class_weight='balanced'."
        )


def _alters_waveforms(sampler):
    """Whether a sampler takes waveforms, and not spectrograms (`DeepSMOTE`)."""
    return hasattr(sampler, "copies") and hasattr(sampler, "signature")


def _seeded(sampler):
    if isinstance(sampler.random_state, numbers.Integral):
        return sampler
    return clone(sampler).set_params(random_state=0)


def append_copies(frontend, clips, samplers, spectrograms, targets, classes):
    """Return spectrograms and targets, followed by those that the samplers add.

    Samplers of waveforms are applied first and add the spectrograms of altered copies. Samplers of
    spectrograms follow in order, each applied to all spectrograms so far, in memory.

    Parameters
    ----------
    frontend : MelSpectrogram or "passthrough"
        Fitted front end.
    clips : Clips
        Training clips.
    samplers : list of sampler
        Samplers, as `as_samplers` returns them.
    spectrograms : ndarray of shape (n_clips, n_mels, n_frames)
        Spectrograms of the clips.
    targets : ndarray of shape (n_clips,)
        Indices of the classes of the clips.
    classes : ndarray of shape (n_classes,)
        Class labels.

    Returns
    -------
    spectrograms : ndarray or LazyRows of shape (n, n_mels, n_frames)
        Spectrograms of the clips, followed by new ones.
    targets : ndarray of shape (n,)
        Indices of their classes.
    """
    altering = [sampler for sampler in samplers if _alters_waveforms(sampler)]
    if altering:
        spectrograms, targets = _with_altered(frontend, clips, altering, spectrograms, targets)
    for sampler in samplers:
        if not _alters_waveforms(sampler):
            # Labels, not targets: parameters of a sampler may name them.
            whole = spectrograms[:] if isinstance(spectrograms, LazyRows) else spectrograms
            given = whole, classes[targets]
            spectrograms, labels = clone(sampler).fit_resample(*given)
            targets = np.searchsorted(classes, labels)
    return spectrograms, targets


def _with_altered(frontend, clips, samplers, spectrograms, targets):
    n_copies = sum(sampler.n_copies for sampler in samplers)
    targets = np.tile(targets, 1 + n_copies)
    if stays_on_disk(frontend, clips, len(targets)):
        return _altered_lazily(frontend, clips, samplers, spectrograms), targets
    return _altered_in_memory(frontend, clips, samplers, spectrograms, n_copies), targets


def _altered_in_memory(frontend, clips, samplers, spectrograms, n_copies):
    # Filled in place to keep the peak memory close to the size of the result.
    n_clips = len(spectrograms)
    result = np.empty((n_clips * (1 + n_copies), *spectrograms.shape[1:]), dtype=np.float32)
    result[:n_clips] = spectrograms
    filled = n_clips
    X = as_input_of(frontend, clips)
    for sampler in samplers:
        # The first copies of all clips, then the second ones, as in the repeated targets.
        for copies in frontend.transform_copies(X, sampler).swapaxes(0, 1):
            result[filled : filled + n_clips] = copies
            filled += n_clips
    return result


def _altered_lazily(frontend, clips, samplers, spectrograms):
    # The same order as in memory.
    parts = [(spectrograms, None)]
    for sampler in samplers:
        copies = frontend.transform_copies(clips, sampler, lazily=True)
        parts += [(copies, number) for number in range(sampler.n_copies)]
    n_clips = len(spectrograms)

    def make_row(position):
        part, clip = divmod(position, n_clips)
        rows, number = parts[part]
        return rows[clip] if number is None else rows[clip][number]

    return LazyRows(make_row, (n_clips * len(parts), *spectrograms.shape[1:]))
