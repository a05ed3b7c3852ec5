"""Altered copies of training clips, as spectrograms beside those of the clips."""

import numbers

import numpy as np
from sklearn.base import clone

from ..audio import LazyRows
from ..spectrogram import stays_on_disk


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
    if stays_on_disk(frontend, clips, len(targets)):
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
