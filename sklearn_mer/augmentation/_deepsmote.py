"""DeepSMOTE: new samples from between the codes of old ones."""

import numbers

import numpy as np
from imblearn.over_sampling import SMOTE
from imblearn.over_sampling.base import BaseOverSampler
from imblearn.utils import check_target_type
from sklearn.utils import check_random_state
from sklearn.utils.validation import validate_data

from .._compat import Interval
from ..nets import MelAutoencoder, RowAutoencoder
from ..training import (
    NET_CONSTRAINTS,
    Scale,
    Settings,
    decode,
    draw_seed,
    encode,
    train_autoencoder,
)
from ._forms import without_sparse_columns

_NET_PARAMETERS = ("lr", "schedule", "batch_size", "max_epochs", "precision", "device")


class DeepSMOTE(BaseOverSampler):
    """Add samples that an autoencoder decodes from between the codes of samples of one class.

    An encoder and a decoder are trained on the given samples alone, to make of each sample
    itself, and of each the other one of its class that it is paired with [1]_. SMOTE [2]_ then
    draws new codes on the lines between neighbouring codes of a class, and the decoder makes
    samples of them.

    Parameters
    ----------
    sampling_strategy : float, str, dict or callable, default="auto"
        How many samples the classes shall have, as in `imblearn.over_sampling.SMOTE`. "auto":
        as many as the largest.
    n_new : int or None, default=None
        New samples of *every* class, for data that are balanced already; `sampling_strategy`
        then counts for nothing. None to follow `sampling_strategy`.
    k_neighbors : int, default=5
        Nearest neighbours of a code to draw lines to. A class of fewer samples has as many
        as it has.
    n_latent : int or None, default=300
        Values of the code of a spectrogram; None for the convolutions' maps as they are. Codes
        of rows have 32.
    n_filters : array-like of int, default=(8, 16, 32, 64, 128)
        Filters of the convolutions over spectrograms, each of stride two.
    lr : float, default=0.001
        Learning rate of Adam; the highest one where the schedule varies it.
    schedule : {"constant", "onecycle"}, default="onecycle"
    batch_size : int, default=32
    max_epochs : int, default=10
    precision : {"auto", "float32", "bfloat16"}, default="auto"
        Of training's heavy operations; see `CNNBaseline`.
    device : {"auto", "cpu", "cuda"}, default="auto"
    random_state : int, RandomState or None, default=None
        Of initial weights, shuffling, pairs and new codes.
    verbose : int, default=0
        A progress bar an epoch when positive.

    Attributes
    ----------
    sampling_strategy_ : dict
        New samples a class.
    net_ : skorch.NeuralNet
        The trained encoder and decoder; absent where no class needs new samples.
    history_ : list of dict
        Loss and duration of each epoch.
    n_features_in_ : int
        Columns, or mel bands.

    Raises
    ------
    ValueError
        If a class that needs new samples has but one: there is no line to draw.

    See Also
    --------
    CNNBaseline : Takes it as `augment`.
    imblearn.over_sampling.SMOTE : The same without an autoencoder.

    Notes
    -----
    3-D arrays are spectrograms and go through convolutions; 2-D arrays are rows of numbers and go
    through dense layers. Values are scaled to [-1, 1] by the least and the greatest seen: of
    all spectrograms together, of each column of rows.

    The row "Baseline + DeepSMOTE" of the study adds 25 a class to a balanced training fold. Its
    scripts used SMOTE's borderline variant and an autoencoder without pairs; this is the method
    of [1]_. There, one batch of a class is permuted a step; here every sample has a partner.

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
        """Train encoder and decoder, and return the samples, then new ones.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_mels, n_frames) or (n_samples, n_columns)
        y : array-like of shape (n_samples,)
            Labels of any type, of at least two classes.

        Returns
        -------
        X_resampled : ndarray of shape (n_samples + n_new_samples, ...)
            The given samples, then the new ones class by class; a table where X was one.
        y_resampled : ndarray of shape (n_samples + n_new_samples,)
        """
        return super().fit_resample(X, y)

    def _check_X_y(self, X, y):
        y, one_column_a_class = check_target_type(y, indicate_one_vs_all=True)
        X = without_sparse_columns(X)
        X, y = validate_data(self, X=X, y=y, reset=True, allow_nd=True, ensure_min_samples=2)
        if X.ndim > 3:
            raise ValueError(
                f"Found array with dim {X.ndim}; DeepSMOTE takes spectrograms, of shape "
                "(n_samples, n_mels, n_frames), or rows, of shape (n_samples, n_columns)."
            )
        return X, y, one_column_a_class

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
    """Draw codes between neighbouring codes of a class, class by class, by SMOTE.

    Parameters
    ----------
    codes : ndarray of shape (n_samples, n_values)
    targets : ndarray of shape (n_samples,), int
        Classes 0, 1, 2, ...
    n_new : ndarray of shape (n_classes,), int
    k_neighbors : int
    random : numpy.random.RandomState

    Returns
    -------
    ndarray of shape (n_new.sum(), n_values), float32
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
    lonely = classes[(np.bincount(targets) < 2) & (n_new > 0)]
    if len(lonely):
        raise ValueError(
            f"The classes {lonely.tolist()} have one sample each; DeepSMOTE makes new ones from "
            "between two or more. Leave these out, or name the others by sampling_strategy."
        )
