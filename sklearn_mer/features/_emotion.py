"""Handcrafted descriptors for music emotion recognition."""

import numbers
import os

import numpy as np
from sklearn.utils.validation import check_is_fitted

from .._compat import Interval, _fit_context
from .._docs import share_docs
from ..audio import (
    WAVEFORM_CONSTRAINTS,
    ClipCache,
    ClipTransformer,
    check_cache,
    check_clips,
    compute_rows,
)
from ._rows import VERSIONS, DescriptorRows
from ._selection import select_columns


@share_docs
class EmotionFeatures(ClipTransformer):
    """Descriptors of eight musical dimensions.

    Dynamics, rhythm, tone colour, harmony, melody, texture, expressive techniques and musical
    form, following the survey of Panda et al. [1]_. :doc:`/descriptors` and `describe_columns`
    list all columns with their units and sources.

    Parameters
    ----------
    dimensions : sequence of str or None, default=None
        {dimensions}
    columns : sequence of str or None, default=None
        Names of columns (``"tone_colour__mfcc_01__mean"``) or descriptors (``"tone_colour__mfcc"``)
        of these dimensions. If None, all are computed. The order of the output does not depend on
        the order of `columns`.
    sample_rate : int, default=16000
        {sample_rate}
    offset : float, default=0.0
        {offset}
    duration : float or None, default=30.0
        {duration}
    normalize : bool, default=False
        {normalize}
    cache : bool, path-like or ClipCache, default=True
        Where computed values are stored on disk, one entry per clip and dimension. True for the
        default folder (the environment variable ``SKLEARN_MER_CACHE``, else the platform's cache
        folder), False for nowhere.
    n_jobs : int or None, default=None
        {n_jobs}
    verbose : int, default=0
        {verbose}

    Attributes
    ----------
    columns_ : ndarray of str
        Names of the columns of the output.
    n_features_in_ : int
        {n_features_in_}
    feature_names_in_ : ndarray of shape (`n_features_in_`,)
        {feature_names_in_}
    versions_ : dict of str to int
        The version of each dimension's values. `transform` refuses to give values of other
        versions to what was fitted on these.

    See Also
    --------
    describe_columns : Return a description of each column.
    SummaryFeatures : Compute 81 standard descriptors.

    Notes
    -----
    All values are finite. Frames in which a descriptor is undefined (such as the centroid of
    silence) are ignored. If it is undefined in all frames, the value is 0. The sample rate must be
    at least 5,000 Hz.

    References
    ----------
    .. [1] Panda, Malheiro and Paiva, "Audio features for music emotion recognition: a survey",
       IEEE Transactions on Affective Computing, 2020.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn_mer.features import EmotionFeatures
    >>> noise = np.random.default_rng(0).uniform(-1, 1, (2, 16000))
    >>> features = EmotionFeatures(columns=["dynamics__rms__mean"], duration=None)
    >>> features.set_output(transform="pandas").fit_transform(noise).round(1)
       dynamics__rms__mean
    0                  0.6
    1                  0.6
    """

    _parameter_constraints = {
        **WAVEFORM_CONSTRAINTS,
        # Descriptors in bands need some room below half the rate.
        "sample_rate": [Interval(numbers.Integral, 5000, 768000, closed="both")],
        "dimensions": ["array-like", str, None],
        "columns": ["array-like", str, None],
        "cache": ["boolean", str, os.PathLike, ClipCache],
    }

    def __init__(
        self,
        *,
        dimensions=None,
        columns=None,
        sample_rate=16000,
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

    @share_docs
    @_fit_context(prefer_skip_nested_validation=True)
    def fit(self, X, y=None):
        """Check the clips and the parameters; nothing is learned.

        Parameters
        ----------
        X : clips
            {clips}
        y : None
            {ignored}

        Returns
        -------
        self : object
            This transformer.

        Raises
        ------
        ValueError
            If a dimension or column is unknown.
        """
        columns = select_columns(self.dimensions, self.columns)
        check_clips(self, X, reset=True)
        self.columns_ = np.array(columns, dtype=object)
        self.versions_ = _versions_of(columns)
        return self

    @share_docs
    def transform(self, X):
        """Compute the descriptors of clips.

        Parameters
        ----------
        X : clips
            {clips}

        Returns
        -------
        X_new : ndarray of shape (n_clips, n_columns), float32
            Descriptors of the clips.

        Raises
        ------
        AudioError
            If files cannot be used; the message names each of them with the reason.
        ValueError
            If it was fitted with a version of the library whose descriptors have other values.
        """
        check_is_fitted(self)
        self._check_versions()
        clips = check_clips(self, X, reset=False)
        make_row = DescriptorRows(self._loader(), self.columns_, check_cache(self.cache))
        return compute_rows(
            clips, make_row, n_jobs=self.n_jobs, verbose=self.verbose, label="descriptors"
        )

    def _check_versions(self):
        # Nothing is known of what was fitted before there were versions.
        fitted = getattr(self, "versions_", None) or dict.fromkeys(_versions_of(self.columns_))
        changed = [name for name, version in fitted.items() if VERSIONS.get(name) != version]
        if changed:
            raise ValueError(
                f"The descriptors of {', '.join(changed)} have other values in this version of "
                "sklearn_mer than in the version that this EmotionFeatures was fitted with. What "
                "was learned from those does not fit these: fit again on the training clips."
            )

    @share_docs
    def get_feature_names_out(self, input_features=None):
        """Get the names of the columns of the output.

        Parameters
        ----------
        input_features : None
            {ignored}

        Returns
        -------
        feature_names_out : ndarray of shape (n_columns,), dtype object
            Names of the columns.
        """
        check_is_fitted(self)
        return self.columns_.copy()

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.requires_fit = True
        return tags


def _versions_of(columns):
    """Return the versions of the dimensions of columns."""
    dimensions = dict.fromkeys(column.partition("__")[0] for column in columns)
    return {dimension: VERSIONS[dimension] for dimension in dimensions}
