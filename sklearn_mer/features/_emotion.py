"""The handcrafted descriptors of music emotion recognition, from any clip."""

import os

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from .._compat import _fit_context
from ..audio import (
    WAVEFORM_CONSTRAINTS,
    AudioLoader,
    ClipCache,
    check_cache,
    check_clips,
    stack_rows,
)
from ._rows import DescriptorRows
from ._selection import select_columns


class EmotionFeatures(TransformerMixin, BaseEstimator):
    """Descriptors of eight musical dimensions, as a named table.

    Dynamics, rhythm, tone colour, harmony, melody, texture, expressive techniques and musical
    form, after the review of Panda et al. [1]_. The whole table of columns, with units and
    sources, is in :doc:`/descriptors`, and in `describe_columns`.

    Parameters
    ----------
    dimensions : sequence of str or None, default=None
        Out of ``"dynamics"``, ``"rhythm"``, ``"tone_colour"``, ``"harmony"``, ``"melody"``,
        ``"texture"``, ``"expressivity"``, ``"form"``; None for all. Only what is selected is
        computed.
    columns : sequence of str or None, default=None
        Names of columns (``"tone_colour__mfcc_01__mean"``) or of descriptors
        (``"tone_colour__mfcc"``) of these dimensions; None for all. Their order does not
        matter: the output has the order of the table.
    sample_rate : int, default=22050
        In Hz. Files are resampled to it; waveforms are taken to have it.
    offset : float, default=0.0
        Seconds left out at the beginning of each clip.
    duration : float or None, default=30.0
        Seconds kept of each clip; None for all. Shorter clips are padded with silence.
    normalize : bool, default=False
        Whether each waveform is divided by its largest absolute value first.
    cache : bool, path-like or ClipCache, default=True
        Where the values are kept, so that they are computed once a clip: True for the default
        folder (``SKLEARN_MER_CACHE``, else the platform's), False for nowhere. There is one
        entry a clip and dimension, so that another selection finds what it shares with this.
    n_jobs : int or None, default=None
        Number of threads over clips; the values do not depend on it.
    verbose : int, default=0
        A progress bar when positive.

    Attributes
    ----------
    columns_ : ndarray of str
        Names of the columns that `transform` returns.
    n_features_in_ : int
        Number of columns of a table or array seen in `fit`.
    feature_names_in_ : ndarray of str
        Names of the columns, where X had names.

    See Also
    --------
    describe_columns : What each column is.
    SummaryFeatures : 81 plain descriptors.

    Notes
    -----
    Every value is finite for any clip. Frames in which a descriptor is not defined (a centroid
    of silence) are left out of the statistics; where no frame is left, the value is 0.

    References
    ----------
    .. [1] Panda, Malheiro and Paiva, "Audio features for music emotion recognition: a survey",
       IEEE Transactions on Affective Computing, 2020.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn_mer.features import EmotionFeatures
    >>> noise = np.random.default_rng(0).uniform(-1, 1, (2, 22050))
    >>> features = EmotionFeatures(columns=["dynamics__rms__mean"], duration=None)
    >>> features.set_output(transform="pandas").fit_transform(noise).round(1)
       dynamics__rms__mean
    0                  0.6
    1                  0.6
    """

    _parameter_constraints = {
        **WAVEFORM_CONSTRAINTS,
        "dimensions": ["array-like", str, None],
        "columns": ["array-like", str, None],
        "cache": ["boolean", str, os.PathLike, ClipCache],
    }

    def __init__(
        self,
        *,
        dimensions=None,
        columns=None,
        sample_rate=22050,
        offset=0.0,
        duration=30.0,
        normalize=False,
        cache=True,
        n_jobs=None,
        verbose=0,
    ):
        self.dimensions = dimensions
        self.columns = columns
        self.sample_rate = sample_rate
        self.offset = offset
        self.duration = duration
        self.normalize = normalize
        self.cache = cache
        self.n_jobs = n_jobs
        self.verbose = verbose

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(self, X, y=None):
        """Check the form of the clips and the selection: nothing is learned.

        Parameters
        ----------
        X : clips
            Paths, waveforms of shape (n_clips, n_samples), or a table; see `sklearn_mer.audio`.
        y : ignored

        Returns
        -------
        self

        Raises
        ------
        ValueError
            For a dimension or column that there is not.
        """
        columns = select_columns(self.dimensions, self.columns)
        check_clips(self, X, reset=True)
        self.columns_ = np.array(columns, dtype=object)
        return self

    def transform(self, X):
        """Compute the descriptors.

        Parameters
        ----------
        X : clips

        Returns
        -------
        ndarray of shape (n_clips, n_columns), float32

        Raises
        ------
        AudioError
            Naming every file that cannot be used, with the reason.
        """
        check_is_fitted(self)
        clips = check_clips(self, X, reset=False)
        loader = AudioLoader(
            sample_rate=self.sample_rate,
            offset=self.offset,
            duration=self.duration,
            normalize=self.normalize,
        )
        rows = DescriptorRows(clips, loader, self.columns_, check_cache(self.cache))
        return stack_rows(
            clips, rows.make_row, n_jobs=self.n_jobs, verbose=self.verbose, label="descriptors"
        )

    def get_feature_names_out(self, input_features=None):
        """Return the names of the columns.

        Parameters
        ----------
        input_features : ignored

        Returns
        -------
        ndarray of shape (n_columns,), dtype object
        """
        check_is_fitted(self)
        return self.columns_.copy()

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.transformer_tags.preserves_dtype = ["float32"]
        tags.requires_fit = True
        return tags
