"""DeepSMOTE: oversampling between the codes of an autoencoder."""

import numbers

import numpy as np
from imblearn.over_sampling import SMOTE
from imblearn.over_sampling.base import BaseOverSampler
from imblearn.utils import check_target_type
from sklearn.utils import check_random_state
from sklearn.utils.validation import validate_data

from .._compat import Interval
from .._docs import share_docs
from ..audio import holds_audio
from ..nets import MelAutoencoder, RowAutoencoder
from ..training import (
    NET_CONSTRAINTS,
    Scale,
    Settings,
    check_filters,
    decode,
    draw_seed,
    encode,
    train_autoencoder,
)
from ._base import check_labels
from ._formats import without_sparse_columns

_NET_PARAMETERS = ("lr", "schedule", "batch_size", "max_epochs", "precision", "device")

_TAKES = (
    "DeepSMOTE takes spectrograms of shape (n_samples, n_mels, n_frames) or rows of numbers of "
    "shape (n_samples, n_columns), and one class label for each."
)


@share_docs
class DeepSMOTE(BaseOverSampler):
    """Add samples decoded from codes between those of samples of the same class.

    An autoencoder is trained on the given samples to reconstruct each sample, and another sample
    of the same class with which it is paired [1]_. SMOTE [2]_ then draws new codes between
    neighbouring codes of a class, and the decoder turns them into samples.

    Parameters
    ----------
    sampling_strategy : float, str, dict or callable, default="auto"
        Number of samples per class, as in `imblearn.over_sampling.SMOTE`. With "auto", all classes
        get as many as the largest.
    n_new : int or None, default=None
        Number of new samples of *every* class, for balanced data. If given, `sampling_strategy` is
        ignored.
    k_neighbors : int, default=5
        Number of nearest neighbours of a code to choose from. A class with fewer samples uses all
        of them.
    n_latent : int or None, default=300
        Number of values in the code of a spectrogram. If None, the code is the output of the
        convolutions. Codes of rows have 32 values.
    n_filters : array-like of int, default=(8, 16, 32, 64, 128)
        Number of filters of each convolution over spectrograms. All have a stride of two.
    lr : float, default=0.001
        {lr}
    schedule : {"constant", "onecycle"}, default="onecycle"
        {schedule}
    batch_size : int, default=32
        {batch_size}
    max_epochs : int, default=10
        Number of training epochs.
    precision : {"auto", "float32", "bfloat16"}, default="auto"
        {precision}
    device : {"auto", "cpu", "cuda"}, default="auto"
        {device}
    random_state : int, RandomState instance or None, default=None
        Controls the initial weights, the shuffling of the data, the pairs and the new codes. Pass
        an int for reproducible results.
    verbose : int, default=0
        {verbose}

    Attributes
    ----------
    sampling_strategy_ : dict
        Number of new samples per class.
    net_ : skorch.NeuralNet
        The trained autoencoder. Only present if new samples were made.
    history_ : list of dict
        Loss and duration in seconds of each epoch.
    n_features_in_ : int
        Number of columns or mel bands.

    Raises
    ------
    ValueError
        If a class that needs new samples has only one sample.

    See Also
    --------
    CNNBaseline : Classifier that accepts this sampler as `augment`.
    imblearn.over_sampling.SMOTE : Oversampling without an autoencoder.

    Notes
    -----
    3-D arrays are spectrograms, for which the autoencoder has convolutions; 2-D arrays are rows of
    numbers, for which it has dense layers. Values are scaled to -1 to 1 by their minimum and
    maximum: those of all spectrograms together, or those of each column.

    The method "Baseline + DeepSMOTE" adds 25 samples per class to a balanced training fold. The
    scripts of its authors use the borderline variant of SMOTE and an autoencoder without pairs;
    this class follows [1]_. In contrast to [1]_, where one batch of one class is permuted per
    step, every sample is paired.

    References
    ----------
    .. [1] Dablain, Krawczyk and Chawla, "DeepSMOTE: fusing deep learning and SMOTE for
       imbalanced data", IEEE Transactions on Neural Networks and Learning Systems, 2022.
    .. [2] Chawla et al., "SMOTE: synthetic minority over-sampling technique", JAIR 16, 2002.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn_mer import DeepSMOTE
    >>> rng = np.random.default_rng(0)
    >>> X, y = rng.normal(size=(30, 4)), np.array(["many"] * 20 + ["few"] * 10)
    >>> resampled, labels = DeepSMOTE(max_epochs=2, random_state=0).fit_resample(X, y)
    >>> resampled.shape, (labels == "few").sum()
    ((40, 4), np.int64(20))
    >>> spectrograms = rng.normal(size=(30, 16, 20))
    >>> DeepSMOTE(n_new=3, max_epochs=1, random_state=0).fit_resample(spectrograms, y)[0].shape
    (36, 16, 20)
    """

    _parameter_constraints = {
        **BaseOverSampler._parameter_constraints,
        **{name: NET_CONSTRAINTS[name] for name in (*_NET_PARAMETERS, "verbose")},
        "n_new": [Interval(numbers.Integral, 0, None, closed="left"), None],
        "k_neighbors": [Interval(numbers.Integral, 1, None, closed="left")],
        "n_latent": [Interval(numbers.Integral, 1, None, closed="left"), None],
        "n_filters": ["array-like"],
    }

    def __init__(
        self,
        *,
        sampling_strategy="auto",
        n_new=None,
        k_neighbors=5,
        n_latent=300,
        n_filters=(8, 16, 32, 64, 128),
        lr=0.001,
        schedule="onecycle",
        batch_size=32,
        max_epochs=10,
        precision="auto",
        device="auto",
        random_state=None,
        verbose=0,
    ):
        super().__init__(sampling_strategy=sampling_strategy)
        self.n_new = n_new
        self.k_neighbors = k_neighbors
        self.n_latent = n_latent
        self.n_filters = n_filters
        self.lr = lr
        self.schedule = schedule
        self.batch_size = batch_size
        self.max_epochs = max_epochs
        self.precision = precision
        self.device = device
        self.random_state = random_state
        self.verbose = verbose

    def fit_resample(self, X, y):
        """Train the autoencoder, and return the samples followed by new ones.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_mels, n_frames) or (n_samples, n_columns)
            Spectrograms, or rows of numbers.
        y : array-like of shape (n_samples,)
            Class labels of at least two classes.

        Returns
        -------
        X_resampled : ndarray of shape (n_samples + n_new_samples, ...)
            The given samples, then the new ones, grouped by class. A table if X is one.
        y_resampled : ndarray of shape (n_samples + n_new_samples,)
            Their class labels.
        """
        check_labels(y)
        return super().fit_resample(X, y)

    def _check_X_y(self, X, y):
        if holds_audio(X):
            raise ValueError(
                "X holds files, and DeepSMOTE takes spectrograms of shape (n_samples, n_mels, "
                "n_frames) or rows of numbers. For clips, say CNNBaseline(augment=DeepSMOTE())."
            )
        check_filters(self.n_filters)
        try:
            y, one_vs_all = check_target_type(y, indicate_one_vs_all=True)
            X = without_sparse_columns(X)
            X, y = validate_data(self, X=X, y=y, reset=True, allow_nd=True, ensure_min_samples=2)
            if X.dtype == object:  # as a list of such arrays stays
                X = X.astype(np.float64)
        except (ValueError, TypeError) as error:
            error.add_note(_TAKES)
            raise
        if X.ndim > 3:
            raise ValueError(f"Found array with dim {X.ndim}. {_TAKES}")
        return X, y, one_vs_all

    def _fit_resample(self, X, y):
        classes, targets = np.unique(y, return_inverse=True)
        if self.n_new is not None:
            self.sampling_strategy_ = dict.fromkeys(classes.tolist(), self.n_new)
        n_new = np.array([self.sampling_strategy_.get(c, 0) for c in classes.tolist()])
        if not n_new.any():
            return X.copy(), y.copy()
        _check_two_of_each(classes, targets, n_new)
        random = check_random_state(self.random_state)
        scale = Scale(X)
        scaled = scale.to_unit(X)
        self.net_ = self._train(scaled, targets, draw_seed(random))
        self.history_ = self.net_.history.to_list()
        codes = new_codes(encode(self.net_, scaled), targets, n_new, self.k_neighbors, random)
        made = scale.from_unit(decode(self.net_, codes))
        dtype = X.dtype if X.dtype.kind == "f" else np.float32
        labels = classes[np.repeat(np.arange(len(classes)), n_new)]
        return np.concatenate([X, made], dtype=dtype), np.concatenate([y, labels])

    def _train(self, samples, targets, seed):
        params = {"input_shape": samples.shape[1:]}
        module = RowAutoencoder
        if samples.ndim == 3:
            module = MelAutoencoder
            params |= {"n_latent": self.n_latent, "n_filters": tuple(self.n_filters)}
        settings = Settings(
            optimizer="adam",
            weight_decay=0.0,
            stop_accuracy=None,
            micro_batch=8 if samples.ndim == 3 else None,
            seed=seed,
            verbose=self.verbose,
            **{name: getattr(self, name) for name in _NET_PARAMETERS},
        )
        return train_autoencoder(module, params, samples, targets, settings)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = False
        tags.input_tags.three_d_array = True
        return tags


def new_codes(codes, targets, n_new, k_neighbors, random):
    """Draw codes between neighbouring codes of the same class with SMOTE.

    Parameters
    ----------
    codes : ndarray of shape (n_samples, n_values)
        Codes of the given samples.
    targets : ndarray of shape (n_samples,), int
        Indices of their classes.
    n_new : ndarray of shape (n_classes,), int
        Number of new codes per class.
    k_neighbors : int
        Number of neighbours; limited to those in the class.
    random : numpy.random.RandomState
        Source of the random draws.

    Returns
    -------
    ndarray of shape (n_new.sum(), n_values), float32
        New codes, grouped by class.
    """
    counts = np.bincount(targets)
    pieces = []
    for c in np.flatnonzero(n_new):
        smote = SMOTE(
            sampling_strategy={c: counts[c] + n_new[c]},
            k_neighbors=min(k_neighbors, counts[c] - 1),
            random_state=draw_seed(random),
        )
        pieces.append(smote.fit_resample(codes, targets)[0][len(codes) :])
    return np.concatenate(pieces).astype(np.float32)


def _check_two_of_each(classes, targets, n_new):
    single = classes[(np.bincount(targets) < 2) & (n_new > 0)]
    if len(single):
        raise ValueError(
            f"The classes {single.tolist()} have one sample each; DeepSMOTE needs at least two. "
            "Remove these classes, or name the other classes in sampling_strategy."
        )
