"""Paragraphs that the docstrings of several classes share, written once.

A line of a docstring that holds a name in braces and nothing else is replaced by the paragraph of
that name::

    lr : float, default=0.002
        {lr}

So types and defaults stay with each class, and what a parameter means is the same everywhere.
"""

import re
from types import FunctionType

PARAGRAPHS = {
    # What is given.
    "clips": """\
Paths of audio files, waveforms of shape (n_clips, n_samples), or a table with a column
``audio`` of paths; see :doc:`/user_guide/clips`.""",
    "labels": "Class labels.",
    "ignored": "Not used; present for API consistency by convention.",
    # How clips are heard.
    "sample_rate": """\
Sample rate in Hz, from 1,000 to 768,000. Files are resampled to it; waveforms given as arrays must
have it.""",
    "offset": "Seconds skipped at the start of each clip, at most a day.",
    "duration": """\
Seconds kept of each clip, at most a day. Shorter clips are repeated up to that length; only
descriptors are computed on what is there. If None, clips are kept whole; all must then have the
same length, except for descriptors.""",
    "heard_duration": """\
Seconds heard of each clip, from `offset` on; shorter clips are repeated up to that length, but
described as they are. "auto": 30 s of files; waveforms given as arrays whole. If None, clips are
heard whole; networks then need clips of one length.""",
    "heard": """\
Of files the first 30 s are heard (29.1 s by pre-trained taggers), unless `offset` and `duration` or
a transformer of your own say otherwise.""",
    "normalize": "Whether to divide each waveform by its largest absolute value.",
    "cache": """\
Where computed values are stored on disk, one entry per clip. True for the default folder (the
environment variable ``SKLEARN_MER_CACHE``, else the platform's cache folder), False for
nowhere.""",
    "n_jobs": """\
Number of threads. None means 1 unless in a :obj:`joblib.parallel_backend` context; -1 means all
processors.""",
    "verbose": "Show progress bars if positive.",
    # How songs are heard.
    "song_classifier": """\
Fitted, with ``predict_proba``: of this library, or a pipeline that starts with one of its
transformers.""",
    "window": """\
Seconds of a window. None for what the classifier hears of a clip: 30 s, unless its `duration` says
otherwise. At most that much.""",
    "hop": """\
Seconds from the start of one window to the start of the next. None for half of a window: 15 s.
Computing time is inversely proportional.""",
    "familiarity_column": """\
A further column ``familiarity``, from 1 to 0, if the classifier tells it (`EmotionFusion`,
`KernelFusion` and `SVMBaseline`, fitted on at least 100 clips): below 0.05 the music is unlike the
training music, and its prediction should not be relied on.""",
    "windows": """\
A song shorter than a window is one. What is left behind the last window is left out if it is
shorter than half a hop; else one more window ends where the song does.""",
    # How networks are trained.
    "frontend": """\
Transformer from clips to spectrograms of shape (n_clips, n_mels, n_frames); cloned in `fit`. If
None, `MelSpectrogram` at 16 kHz, peak-normalised, with `offset` and `duration`; one of your own
has these itself.""",
    "augment": """\
Sampler, or list of samplers, that adds to the training clips: altered copies of the waveforms
(`sklearn_mer.augmentation`) or new spectrograms (`DeepSMOTE`). Clips to predict are not
altered.""",
    "standardize": """\
Whether to standardise the inputs with the mean and standard deviation of the training clips.""",
    "class_weight": """\
Weights of the classes in training. "balanced" weights a class inversely to its number of training
clips; a dict gives the weight of each label. If None, all weights are one. See
:func:`sklearn.utils.class_weight.compute_class_weight`.""",
    "features": """\
What describes a clip. "columns": the numeric columns of X. A transformer from clips to a table:
cloned in `fit`. "auto": the columns if X is a table that has some, else `EmotionFeatures` of the
audio, with `offset` and `duration`; a transformer of your own has these itself.""",
    "segments_per_epoch": """\
Number of segments per clip and epoch, drawn at random positions in each epoch. If None, all
segments of the clip, without overlap.""",
    "optimizer": "Optimiser of the network's weights, as in :mod:`torch.optim`.",
    "lr": 'Learning rate. With ``schedule="onecycle"``, the highest learning rate.',
    "weight_decay": "Weight decay of the optimiser.",
    "schedule": """\
Learning rate over time: constant, or rising and then falling over `max_epochs` epochs
(:class:`torch.optim.lr_scheduler.OneCycleLR`).""",
    "batch_size": "Number of samples per training batch.",
    "max_epochs": "Largest number of training epochs.",
    "stop_accuracy": """\
Training stops after the first epoch whose training accuracy is at least this. None to always
train for `max_epochs`.""",
    "dropout": "Probability of dropping a value during training.",
    "precision": """\
Numeric precision used in training. "auto" uses bfloat16 where the device supports it in hardware,
else float32; on a CPU also float32, with a warning, where a short measurement finds that torch is
slow in bfloat16. The environment variable ``SKLEARN_MER_CPU_PRECISION`` (``float32`` or
``bfloat16``) replaces the measurement. Prediction always uses float32.""",
    "device": 'Device for training. "auto" uses a GPU if there is one.',
    "random_state": """\
Controls the initial weights, the shuffling of the training data and dropout. Pass an int for
reproducible results; they do not depend on the number of threads or processes.""",
    # How clips are augmented.
    "augmented_duration": """\
Seconds altered of each file: longer files are cut. None keeps files whole. Waveforms given as
arrays keep their length.""",
    "n_copies": "Number of altered copies per clip.",
    "augmentation_random_state": """\
Controls the random draws. With an int, every call returns the same copies, and they are cached;
otherwise every call returns new ones.""",
    "augmentation_cache": """\
Where copies are stored on disk. True for the default folder (see `default_cache_folder`), a path
for another one, False for nowhere. Copies of files are files, and need a folder.""",
    "sample_indices_": "Row of X from which each row of the result was made.",
    "sampling_strategy_": 'Always ``"auto"``; part of the interface of imbalanced-learn.',
    # Pre-trained weights.
    "weights": """\
Name of registered weights (see `available_weights`), or path of a weights file. Registered weights
are looked up in the data home and checked by sha256.""",
    "data_home": """\
Data home that contains the folder ``weights``. If None, the one that `get_data_home` returns.""",
    "embedding_duration": """\
Seconds kept of each clip. Shorter clips are repeated up to that length. If None, clips are kept
whole and may differ in length.""",
    "statistics": """\
Statistics over the windows of a clip: the mean, or the mean followed by the standard deviation.""",
    "own_window": """\
Seconds of a window. If None, the length that the network needs; 10 s where it takes any. Windows
follow each other; what is left behind the last one is left out if it is shorter than half of one,
else one more window ends where the clip does. A clip shorter than a window is repeated where the
network needs its length. So no network hears silence that is not in the clip.""",
    "pooling": """\
Statistics of each value over all frames of all windows of a clip: "mean"; "max"; "mean_std", the
means followed by the standard deviations.""",
    "sample_rate_": "Sample rate of the network in Hz. Waveforms given as arrays must have it.",
    "window_": "Samples of a window.",
    "opened_network_": """\
The frozen network, in evaluation mode. It is not part of the fitted estimator, but opened where
it is needed; the two used last stay in memory.""",
    "network_": "The frozen network, in evaluation mode.",
    "weights_sha256_": "SHA-256 digest of the weights file.",
    # How results are drawn.
    "quadrant_labels": "Labels of the quadrants Q1, Q2, Q3 and Q4, in this order.",
    "true_labels": "True class labels.",
    "sample_weight": "Weights of the clips. If None, all have the same weight.",
    "ax": "Axes to draw in. If None, a new figure with one axes is created.",
    "plot_kwargs": "Keyword arguments passed to :meth:`plot`.",
    "ax_": "Axes with the plot.",
    "figure_": "Figure that contains the axes.",
    # How descriptors are computed.
    "dimensions": """\
Dimensions to use, out of ``"dynamics"``, ``"rhythm"``, ``"tone_colour"``, ``"harmony"``,
``"melody"``, ``"texture"``, ``"expressivity"`` and ``"form"``. If None, all are used.""",
    # How data sets are loaded.
    "datasets_home": """\
Data home that contains the folder ``datasets``. If None, the one that :func:`get_data_home`
returns.""",
    "return_X_y": "Whether to return ``(data, target)`` instead of a Bunch.",
    "as_frame": """\
Whether to return pandas objects indexed by clip id. If False, return arrays: `data` is a 1-D array
of paths.""",
    "on_error": """\
What to do with clips that cannot be used. "raise" checks that each file exists and is not empty,
and raises one error for all others. "skip" also decodes each clip, leaves out those that fail with
a warning, and lists them in `skipped`.""",
    "force": """\
Whether to download data that exist already. They are only replaced when the new copy is
complete.""",
    "verbose_fetch": "Print messages and show progress bars if positive.",
    # What is there after fit.
    "classes_": "Class labels, sorted.",
    "net_": "The trained network.",
    "frontend_": "The fitted front end.",
    "feature_source_": """\
Source of the descriptors: ``names_`` of the columns, or the fitted ``transformer_``.""",
    "input_shape_": "Shape of the input of the network for one clip.",
    "history_": "Loss, training accuracy and duration in seconds of each epoch.",
    "n_epochs_": "Number of epochs trained.",
    "n_features_in_": "Number of columns of X seen during `fit`.",
    "feature_names_in_": "Names of the columns of X seen during `fit`, if X had names.",
    # Notes.
    "told": """\
A warning tells of 20 clips or more that are, taken together, unlike the training clips. See `adapt`
and :doc:`/user_guide/new_music`. It needs 100 training clips and 30 columns.""",
    "micro_batch": """\
On a CPU, each batch is processed in micro-batches, several at a time in threads. Batch
normalisation uses the statistics of each micro-batch.""",
}

_LINE = re.compile(r"^(?P<indent> *)\{(?P<name>\w+)\}$", re.MULTILINE)


def share_docs(documented):
    """Replace the names in braces in a docstring by their paragraphs.

    Parameters
    ----------
    documented : class or function
        Of a class, the methods that it defines itself are changed too.

    Returns
    -------
    class or function
        The same object.

    Raises
    ------
    KeyError
        If there is no paragraph of a name.
    """
    if isinstance(documented, type):
        for member in vars(documented).values():
            if isinstance(member, FunctionType):
                share_docs(member)
    if documented.__doc__ is not None:  # which python -OO leaves out
        documented.__doc__ = _LINE.sub(_paragraph, documented.__doc__)
    return documented


def _paragraph(match):
    lines = PARAGRAPHS[match["name"]].splitlines()
    return "\n".join(match["indent"] + line for line in lines)
