"""Form descriptors of a `Sound`."""

import numpy as np
import scipy.signal

from . import _similarity, _tonality

ASPECTS = ("timbre", "harmony", "level")
#: Seconds of past and of future for the novelty.
SCALES = {"1s": 1.0, "3s": 3.0, "8s": 8.0}
#: Curves whose change over the clip is described.
CURVES = ("level", "brightness", "onset_strength", "chroma_entropy", "mode")

_SECTION_SCALE = 3.0  # s, scale of the novelty for boundaries of sections
_BOUNDARY = 0.15  # smallest novelty and prominence of a boundary
_MIN_DISTANCE = 4.0  # s between a segment and its repetition
_SEGMENT = 2.0  # s
_RECURRENT = 0.7  # smallest similarity of recurrent blocks


def n_blocks_of(seconds):
    """Return the number of blocks in `seconds`."""
    return round(seconds / _similarity.BLOCK_SECONDS)


def _by_aspect(sound, function):
    return np.array([function(sound.similarity[aspect]) for aspect in ASPECTS])


def pairs(sound):
    """Return the similarities of all pairs of blocks (3, n_pairs)."""
    return _by_aspect(sound, _similarity.pairs_of)


def neighbours(sound):
    """Return the similarities of successive blocks (3, n_blocks - 1)."""
    return _by_aspect(sound, lambda similarity: np.diagonal(similarity, 1))


def novelties(sound):
    """Return the novelty of each aspect at each scale (9, n_blocks)."""
    scales = [n_blocks_of(seconds) for seconds in SCALES.values()]
    curves = _by_aspect(sound, lambda s: [_similarity.novelty(s, n_half) for n_half in scales])
    return curves.reshape(len(ASPECTS) * len(SCALES), -1)


def boundaries(sound):
    """Return the boundaries of sections in seconds, from the mean novelty of the aspects."""
    n_half = n_blocks_of(_SECTION_SCALE)
    curve = _by_aspect(sound, lambda s: _similarity.novelty(s, n_half)).mean(axis=0)
    # Not at the ends, where fades cause novelty.
    curve = np.nan_to_num(curve, nan=np.inf)
    found, _ = scipy.signal.find_peaks(curve, (_BOUNDARY, 2), distance=n_half, prominence=_BOUNDARY)
    block = _similarity.block_length(sound.frame_rate) / sound.frame_rate
    return found * block


def boundaries_per_minute(sound):
    """Return the number of boundaries of sections per minute."""
    return 60 * len(boundaries(sound)) / sound.duration


def section_lengths(sound):
    """Return the lengths of the sections in seconds (n_sections,)."""
    return np.diff([0.0, *boundaries(sound), sound.duration])


def repetitions(sound):
    """Return the similarity of segments of 2 s to the best match 4 s away (3, n_segments)."""
    n_apart, n_stripe = n_blocks_of(_MIN_DISTANCE), n_blocks_of(_SEGMENT)
    return _by_aspect(sound, lambda s: _similarity.repetition(s, n_apart, n_stripe))


def recurrence(sound):
    """Return the share of pairs of similar blocks (3,)."""
    similar = pairs(sound) > _RECURRENT
    return similar.mean(axis=1) if similar.size else np.full(len(ASPECTS), np.nan)


def _curves(sound):
    """Return the curves in blocks."""
    fine, shared = sound.onset_rate, sound.frame_rate
    levels = sound.bark_levels
    bands = np.arange(0.5, len(levels))
    total = levels.sum(axis=0)
    brightness = (bands @ levels) / np.where(total > 0, total, np.nan)
    mode = _tonality.held(sound, _tonality.mode(sound.local_key_strength))
    return [
        _similarity.blocks(20 * np.log10(np.maximum(sound.envelope, 1e-3)), fine),
        _similarity.blocks(brightness, fine),
        _similarity.blocks(sound.onset_curve, fine),
        _similarity.blocks(_tonality.chroma_entropy(sound), shared),
        _similarity.blocks(mode, shared),
    ]


def trends(sound):
    """Return the slope per minute of a regression line through each curve (5,)."""
    return [_slope(curve) * 60 / _similarity.BLOCK_SECONDS for curve in _curves(sound)]


def _slope(curve):
    at = np.flatnonzero(np.isfinite(curve))
    if len(at) < 2:
        return np.nan
    centred = at - at.mean()
    return centred @ curve[at] / (centred @ centred)


def contrasts(sound):
    """Return the absolute difference between the halves of the clip in each curve (5,)."""
    return [np.abs(np.diff(_means(curve, 2)))[0] for curve in _curves(sound)]


def quarter_deviations(sound):
    """Return the standard deviation of the means of the quarters of the clip (5,)."""
    return [_means(curve, 4).std() for curve in _curves(sound)]


def _means(curve, n_parts):
    """Return the means of equal parts; NaN for undefined parts."""
    parts = np.array_split(curve, n_parts)
    sums = [np.nansum(part) for part in parts]
    counts = [np.isfinite(part).sum() or np.nan for part in parts]
    return np.array(sums) / np.array(counts)
