"""Kernel fusion of descriptors and taggers."""

import os
import re
import warnings

from sklearn.pipeline import FeatureUnion

from .._compat import N_JOBS, HasMethods, StrOptions
from .._docs import share_docs
from ..audio import HEARD_CONSTRAINTS, ClipCache, heard_duration
from ..features import EmotionFeatures
from ..weights import WeightsNotFoundError, available_weights, missing_weights
from ._kernel_fusion import Fusion

_SAMPLE_RATE = 16000
# The group in the names of the columns of taggers and of `EmotionFeatures`.
_OF_TAGGERS = re.compile(r"_(state|layer_\d)_")
_OF_DESCRIPTORS = re.compile(r"^(\w+?)__")


@share_docs
class EmotionFusion(Fusion):
    """Kernel fusion of descriptors and pre-trained taggers; a method of this library.

    The groups of the kernel (see `KernelFusion`) are:

    - ``melody``, ``harmony`` and the other dimensions of `EmotionFeatures`, with equal shares of
      a group's weight;
    - ``state``: the last hidden layers of the taggers;
    - ``layer_3``, ``layer_4``: means and standard deviations over bands and time of what the
      third and the fourth convolution of each tagger give;
    - ``columns``: the feature columns of X, if asked for.

    Parameters
    ----------
    taggers : sequence of str or path-like, default=("msd_fcn", "mtat_fcn", "jamendo_fcn")
        Weights of the taggers (see `TaggerEmbedding`).
    descriptors : transformer or None, default=None
        Computes one group, ``descriptors``, in place of the dimensions; cloned in `fit`. Columns of
        `EmotionFeatures` are grouped by dimension here, too. If None, `EmotionFeatures` with
        `offset` and `duration`; a transformer of your own has these itself.
    columns : {"auto", "columns"}, list of str or None, default=None
        Numeric columns of X that are one more group. "columns": all. A list: these. "auto": all
        if X is a table that has some. None: no such group.
    offset : float, default=0.0
        {offset}
    duration : float or "auto", default="auto"
        Seconds heard of each clip, from `offset` on; shorter clips are repeated for the taggers and
        described as they are. Taggers need 20.5 s at least. "auto": 30 s for the descriptors (of
        waveforms given as arrays, all), 29.124 s for the taggers.
    missing_weights : {"raise", "skip"}, default="raise"
        What to do if the weights of a tagger are missing in the data home. "skip" leaves the
        tagger out, with a warning.
    alpha : float, default=0.1
        Regularisation strength.
    clip : float or None, default=3.0
        Largest absolute value of a standardised column, None for no limit.
    class_weight : "balanced", dict or None, default=None
        {class_weight}
    max_exact : int, default=5000
        Largest number of training clips for which the kernel is computed in full, see
        `KernelFusion`.
    approximation : {"nystroem", "fourier"}, default="nystroem"
        How the kernel is approximated for more clips, see `KernelFusion`; "fourier" keeps no row
        of a clip.
    n_components : int, default=500
        Components per group of the approximation.
    data_home : str or path-like, default=None
        {data_home}
    cache : bool, path-like or ClipCache, default=True
        {cache}
    n_jobs : int or None, default=None
        {n_jobs}
    verbose : int, default=0
        {verbose}
    random_state : int, RandomState or None, default=None
        Chooses the clips or directions of the approximation. Without it nothing is random.

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,)
        {classes_}
    group_names_ : list of str
        Names of the groups.
    taggers_ : list of str or path-like
        The taggers used.
    sources_ : list
        What reads or computes the columns.
    pipeline_ : MeanKernelRidge
        The fitted scalers, kernels and coefficients.
    calibrated_ : CalibratedClassifierCV or None
        The same with its calibration; None if a class had a single clip.
    n_features_in_ : int
        {n_features_in_}
    feature_names_in_ : ndarray of str
        {feature_names_in_}

    See Also
    --------
    KernelFusion : The same with groups of your own.

    Notes
    -----
    Scores, probabilities and predictions are made as in `KernelFusion`. {told}

    Examples
    --------
    >>> from sklearn_mer import EmotionFusion
    >>> EmotionFusion(columns="columns").get_params()["alpha"]
    0.1
    """

    _parameter_constraints = {
        **Fusion._parameter_constraints,
        "taggers": [list, tuple],
        "descriptors": [HasMethods(["fit", "transform"]), None],
        "columns": [StrOptions({"auto", "columns"}), list, None],
        "offset": HEARD_CONSTRAINTS["offset"],
        "duration": HEARD_CONSTRAINTS["duration"][:2],
        "missing_weights": [StrOptions({"raise", "skip"})],
        "data_home": [str, os.PathLike, None],
        "cache": ["boolean", str, os.PathLike, ClipCache],
        "n_jobs": N_JOBS,
        "verbose": ["verbose"],
    }

    def __init__(
        self,
        *,
        taggers=("msd_fcn", "mtat_fcn", "jamendo_fcn"),
        descriptors=None,
        columns=None,
        offset=0.0,
        duration="auto",
        missing_weights="raise",
        alpha=0.1,
        clip=3.0,
        class_weight=None,
        max_exact=5000,
        approximation="nystroem",
        n_components=500,
        data_home=None,
        cache=True,
        n_jobs=None,
        verbose=0,
        random_state=None,
    ):
        self.taggers = taggers
        self.descriptors = descriptors
        self.columns = columns
        self.offset = offset
        self.duration = duration
        self.missing_weights = missing_weights
        self.alpha = alpha
        self.clip = clip
        self.class_weight = class_weight
        self.max_exact = max_exact
        self.approximation = approximation
        self.n_components = n_components
        self.data_home = data_home
        self.cache = cache
        self.n_jobs = n_jobs
        self.verbose = verbose
        self.random_state = random_state

    def _named_sources(self, clips):
        sources = [("descriptors", self._descriptors(clips))]
        self.taggers_ = self._taggers_here()
        if self.taggers_:
            steps = [(f"tagger_{i}", self._tagger(w)) for i, w in enumerate(self.taggers_)]
            sources.append(("taggers", FeatureUnion(steps)))
        if self.columns == "auto":
            sources += [] if clips.features is None else [("columns", "columns")]
        elif self.columns is not None:
            sources.append(("columns", self.columns))
        return sources

    def _grouped(self, names, widths):
        groups = {}
        for name, (columns, weight) in super()._grouped(names, widths).items():
            computed = self.sources_[names.index(name)].transformer_
            if name == "taggers":
                parts = _divided(computed, columns, _OF_TAGGERS)
                groups |= {part: (own, weight) for part, own in parts.items()}
            elif name == "descriptors" and isinstance(computed, EmotionFeatures):
                parts = _divided(computed, columns, _OF_DESCRIPTORS)
                groups |= {part: (own, weight / len(parts)) for part, own in parts.items()}
            else:
                groups[name] = (columns, weight)
        return groups

    def _descriptors(self, clips):
        if self.descriptors is not None:
            return self.descriptors
        heard = {"offset": self.offset, "sample_rate": _SAMPLE_RATE}
        duration = heard_duration(self.duration, clips, **heard)
        return EmotionFeatures(duration=duration, **heard, **self._how())

    def _tagger(self, weights):
        from ..embeddings import TaggerEmbedding  # takes torch, which descriptors do not need

        heard = {"offset": self.offset}
        if self.duration != "auto":
            heard["duration"] = self.duration
        given = {"weights": weights, "output": "all", "data_home": self.data_home}
        return TaggerEmbedding(**given, **heard, **self._how())

    def _how(self):
        return {"cache": self.cache, "n_jobs": self.n_jobs, "verbose": self.verbose}

    def _hears(self):
        return True

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        # Descriptors and taggers ignore the sign of a waveform; see `is_sign_invariant`.
        tags.classifier_tags.poor_score = True
        return tags

    def _taggers_here(self):
        lacking = [one for one in self.taggers if self._missing([one])]
        if not lacking:
            return list(self.taggers)
        text = self._missing(lacking)
        if self.missing_weights == "raise":
            raise WeightsNotFoundError(text)
        warnings.warn(
            f"EmotionFusion is fitted without {len(lacking)} of {len(self.taggers)} taggers, as "
            f"missing_weights='skip' allows. {text}",
            UserWarning,
            stacklevel=2,
        )
        return [one for one in self.taggers if one not in lacking]

    def _missing(self, taggers):
        """Say what is missing of the register's weights; the embedding checks a path."""
        names = [one for one in taggers if one in available_weights()]
        return missing_weights(names, self.data_home)


def _divided(transformer, columns, pattern):
    """Return {group: columns} of the columns in whose names the pattern finds a group."""
    found = [pattern.search(name) for name in transformer.get_feature_names_out()]
    groups = [match and match[1] for match in found]
    return {
        group: columns[[other == group for other in groups]]
        for group in dict.fromkeys(groups)
        if group
    }
