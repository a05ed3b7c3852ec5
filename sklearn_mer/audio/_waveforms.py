"""Arrays of numbers as clips: what is refused, and what is warned of."""

import warnings
from numbers import Number

import numpy as np
import pandas as pd
from scipy.sparse import issparse
from sklearn.utils.validation import check_array

# A quarter of a second at 16 kHz; more samples than `EmotionFeatures` has columns.
SHORTEST = 4000
# Samples lie between -1 and 1, and beyond by the gains of samplers and mixes; integers that were
# not scaled lie far outside.
_LOUDEST = 32
# An array of so many rows and so few columns is one clip with a column per channel.
_LONG, _CHANNELS = 8000, 8
# Columns of waveforms have the scale of their neighbours: median of the ratios of two of them, for
# so many clips.
_RATIO, _ENOUGH_CLIPS = 2.0, 10


def as_waveforms(estimator, X, forms):
    """Return an array of waveforms, (n_clips, n_samples) float32.

    Parameters
    ----------
    estimator : estimator instance
        Named in messages.
    X : array-like of shape (n_clips, n_samples)
        What was given.
    forms : str
        The allowed forms of clips, for the messages.

    Returns
    -------
    ndarray of shape (n_clips, n_samples), float32
        The waveforms.

    Raises
    ------
    ValueError, TypeError
        If X is no such array.
    """
    problem = _common_mistake(X)
    if problem:
        raise ValueError(f"{problem} {forms}")
    checks = {"dtype": np.float32, "order": "C", "ensure_all_finite": False}
    try:
        waveforms = check_array(X, **checks, input_name="X", estimator=estimator)
    except (ValueError, TypeError) as error:
        kind = TypeError if isinstance(error, TypeError) else ValueError
        raise kind(f"{str(error).strip()}\n{forms}") from None
    _check_finite(waveforms)
    if len(waveforms) >= _LONG and waveforms.shape[1] <= _CHANNELS:
        raise ValueError(
            f"X has shape {waveforms.shape}: {len(waveforms)} clips of {waveforms.shape[1]} "
            "samples. One clip with a column per channel is X.mean(axis=1)[np.newaxis]. " + forms
        )
    return waveforms


def _check_finite(waveforms):
    with np.errstate(invalid="ignore"):  # infinity - infinity
        total = waveforms.sum(dtype=np.float64)
    if np.isfinite(total):
        return
    bad = np.flatnonzero(~np.isfinite(waveforms).all(axis=1))
    raise ValueError(
        f"X contains NaN or infinity (or numbers too large for float32) in {len(bad)} of "
        f"{len(waveforms)} clips, the first in row {bad[0]}. Leave those clips out or decode them "
        "again."
    )


def _common_mistake(X):
    """Return what is wrong and what to do, for what users try; None for anything else."""
    ndim = getattr(X, "ndim", None)
    if isinstance(X, dict) and not issparse(X):
        what = "X['data']" if "data" in X else "pandas.DataFrame(X)"
        return f"X is a {type(X).__name__} with the keys {list(X)[:5]}; pass {what}."
    is_sized = hasattr(X, "__len__") or hasattr(X, "__array__")
    if not is_sized or isinstance(X, set | frozenset) or ndim == 0:
        return f"X is {X!r:.80} ({type(X).__name__}); pass a list, an array or a table."
    if isinstance(X, list | tuple) or (ndim == 1 and not issparse(X)):
        return _row_mistake(X)
    if isinstance(X, pd.DataFrame) and not X.shape[1]:
        return f"X is a table of {len(X)} rows without columns."
    return _array_mistake(X, ndim)


def _array_mistake(X, ndim):
    if ndim is not None and ndim > 2:
        return (
            f"Found array with dim {ndim}, while dim <= 2 is required: X has shape "
            f"{tuple(X.shape)}. Mix waveforms of several channels to one; spectrograms need "
            "frontend='passthrough', where an estimator has it."
        )
    if not isinstance(X, np.ndarray):
        return None
    if X.dtype.kind in "UT":
        return "X is a 2-D array of strings; pass the paths as one list, such as list(X[:, 0])."
    if X.dtype.kind in "mMV":
        return f"X is an array of {X.dtype}, which are no samples."
    if isinstance(X, np.ma.MaskedArray):
        return "X is a masked array; fill in what is masked, such as X.filled(0)."
    return None


def _row_mistake(X):
    if not len(X):
        return f"Expected 2D array, got an empty {type(X).__name__}: X has no clips."
    first = next(iter(X))
    if any(isinstance(value, bytes) for value in X):
        return "X is a list of bytes; decode the paths: [os.fsdecode(path) for path in X]."
    if all(isinstance(value, Number | np.bool_) for value in X):
        return (
            f"Expected 2D array, got 1D array instead: one waveform of {len(X)} samples? "
            "Reshape your data: put it into a list, [X]."
        )
    begins = [next(iter(value), 0.0) if np.iterable(value) else None for value in X]
    if any(isinstance(begin, str) for begin in begins):
        return f"Clip 0 is {first!r:.80}; pass the paths alone, as one list."
    if any(begin is None or isinstance(begin, bytes) or np.iterable(begin) for begin in begins):
        return (
            f"Clip 0 is {first!r:.80} ({type(first).__name__}); a clip is a path or the samples of "
            "one waveform, in mono and without its sample rate."
        )
    lengths = {len(value) for value in X}
    if len(lengths) > 1:
        return (
            f"X is a list of waveforms of unequal length ({min(lengths)} to {max(lengths)} "
            "samples), which make no array (inhomogeneous shape). Cut or pad them to one length, "
            "or give files: those are cut or repeated to `duration`."
        )
    if getattr(getattr(X, "dtype", None), "kind", None) == "O":
        return "X is a 1-D array of arrays; make one array of them: numpy.stack(list(X))."
    return None


def is_numbered(columns):
    """Return whether columns are named as samples are: 0, 1, 2, ..., or sample_0, sample_1, ...

    Parameters
    ----------
    columns : pandas.Index
        Names of the columns of a table.

    Returns
    -------
    bool
        Whether all have the same stem and are numbered without a gap.
    """
    names = columns.astype(str)
    parts = names.str.extract(r"^(.*?)(\d{1,9})$")
    if parts.isna().any(axis=None):
        return False
    numbers = parts[1].astype(np.int64)
    return parts[0].nunique() <= 1 and bool((numbers.diff().iloc[1:] == 1).all())


def doubt_of_waveforms(X, waveforms):
    """Return why an array of numbers looks like no waveforms.

    Parameters
    ----------
    X : array-like of shape (n_clips, n_samples)
        What was given.
    waveforms : ndarray of shape (n_clips, n_samples)
        The same as floats.

    Returns
    -------
    str or None
        The reason, for a warning. None if the array may hold waveforms.
    """
    n_clips, n_samples = waveforms.shape
    largest = max(waveforms.max(), -waveforms.min())
    if n_samples < SHORTEST:
        return f"waveforms have at least {SHORTEST} samples (0.25 s at 16 kHz)"
    if largest > (1 if _is_integer(X) else _LOUDEST):
        return f"the values reach {largest:.5g}, where samples lie between -1 and 1"
    if n_clips >= _ENOUGH_CLIPS and _differ_in_scale(waveforms):
        return "the columns are of very different scale"
    return None


def _is_integer(X):
    if isinstance(X, pd.DataFrame):
        return all(pd.api.types.is_integer_dtype(dtype) for dtype in X.dtypes)
    return getattr(getattr(X, "dtype", None), "kind", "f") in "iu"


def _differ_in_scale(waveforms):
    scale = np.abs(waveforms).max(axis=0)
    scale = np.log(scale[scale > 0])
    return len(scale) > 1 and np.median(np.abs(np.diff(scale))) > np.log(_RATIO)


def warn_of(reason, shape):
    """Warn that an array is read as waveforms, and name both ways to go on.

    Parameters
    ----------
    reason : str
        Why it looks like none.
    shape : tuple of int
        Its shape.
    """
    warnings.warn(
        f"X is an array of {shape[1]} columns and is read as waveforms of {shape[1]} samples, but "
        f"{reason}. If the columns are features, use SVMBaseline(features='columns'), or give a "
        "table with a column 'audio' of paths beside them. If the rows are waveforms, scale them "
        "to -1 to 1 (integers of 16 bits: X / 32768), and give one row per clip, mixed to mono.",
        UserWarning,
        stacklevel=6,
    )
