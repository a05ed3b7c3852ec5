"""Exported networks of any library as transformers."""

import mmap
import numbers
import os
import re
from functools import lru_cache
from pathlib import Path

import numpy as np
import torch

from .._compat import Options
from .._docs import share_docs
from .._optional import import_optional
from ..audio import WAVEFORM_CONSTRAINTS, digest_of
from ..weights import WeightsError, WeightsNotFoundError, file_sha256
from ._pooled import PooledEmbedding
from ._windows import LEAST

# How a file names another one that holds arrays of it: the fields key and value of the ONNX format.
_OTHER_FILE = re.compile(rb"\n\x08location\x12([\x01-\x7f])")
_HOW = (
    "A network that is used here has one input: float32 waveforms of shape (batch, samples). Where "
    "yours takes spectrograms, export it together with what makes them."
)


@share_docs
class ONNXEmbedding(PooledEmbedding):
    """Output of a network in an ONNX file, pooled over time.

    For encoders of any library, exported to ONNX; they are run by onnxruntime (extra ``onnx``). The
    network takes waveforms, float32 of shape (batch, samples), of one length or of any, and gives
    one vector for each (batch, values), or one for each frame.

    Parameters
    ----------
    path : str or path-like, default=None
        The file. Files beside it that hold its arrays are found by their names in it.
    sample_rate : int, default=16000
        Sample rate in Hz that the network was trained with: the file does not say it. Files are
        resampled to it; waveforms given as arrays must have it.
    output : str or None, default=None
        Name of the output. None for the only one.
    time_axis : {1, 2}, default=1
        Axis of the frames, where the output has three: 1 of (batch, frames, values), 2 of (batch,
        values, frames).
    pooling : {"mean", "max", "mean_std"}, default="mean"
        {pooling}
    window : float or None, default=None
        {own_window}
    offset : float, default=0.0
        {offset}
    duration : float or None, default=30.0
        {embedding_duration}
    normalize : bool, default=False
        {normalize}
    cache : bool, path-like or ClipCache, default=True
        {cache}
    n_jobs : int or None, default=None
        {n_jobs}
    verbose : int, default=0
        {verbose}

    Attributes
    ----------
    digest_ : str
        Digest of the file, and of those that hold its arrays.
    sample_rate_ : int
        {sample_rate_}
    window_ : int
        {window_}
    network_ : ONNXNetwork
        {opened_network_}
    n_features_in_ : int
        {n_features_in_}
    feature_names_in_ : ndarray of str
        {feature_names_in_}

    See Also
    --------
    HubEmbedding : Encoders of the Hugging Face hub.

    Notes
    -----
    Statistics over all windows are kept in the cache, under the digest of the file: another
    `pooling` does not run the network again. Computed on the CPU, one clip at a time, with one
    thread a clip.

    A pickled estimator, and a file of `save_model`, name the file and do not hold it: where they
    are loaded, it must be at the same path, with the same content.

    Examples
    --------
    >>> from sklearn.pipeline import make_pipeline
    >>> from sklearn.svm import SVC
    >>> from sklearn_mer.embeddings import ONNXEmbedding
    >>> model = make_pipeline(ONNXEmbedding(path="encoder.onnx", sample_rate=32000), SVC())
    """

    _parameter_constraints = {
        **PooledEmbedding._parameter_constraints,
        "path": [str, os.PathLike],
        "sample_rate": WAVEFORM_CONSTRAINTS["sample_rate"],
        "output": [str, None],
        "time_axis": [Options(numbers.Integral, {1, 2})],
    }

    def __init__(
        self,
        *,
        path=None,
        sample_rate=16000,
        output=None,
        time_axis=1,
        pooling="mean",
        window=None,
        offset=0.0,
        duration=30.0,
        normalize=False,
        cache=True,
        n_jobs=None,
        verbose=0,
    ):
        self.path = path
        self.sample_rate = sample_rate
        self.output = output
        self.time_axis = time_axis
        self.pooling = pooling
        self.window = window
        self.offset = offset
        self.duration = duration
        self.normalize = normalize
        self.cache = cache
        self.n_jobs = n_jobs
        self.verbose = verbose

    def load_weights(self):
        """Open the network.

        Raises
        ------
        ImportError
            If onnxruntime is not installed.
        ValueError
            If parameters do not go with the network.
        WeightsNotFoundError, WeightsError
            If the file is missing, damaged, or holds a network that cannot be used.
        """
        self.sample_rate_ = int(self.sample_rate)
        self.digest_ = self._digest()
        network = self._open(self.digest_)
        self._n_values_ = network.n_values
        self._note_window(network.window)

    @property
    def network_(self):
        """The frozen network."""
        digest = self._digest()
        if digest != self.digest_:
            raise WeightsError(
                f"path={os.fspath(self.path)!r} holds another network than the one seen in fit: "
                f"there its digest was {self.digest_}, here it is {digest}. Fit again."
            )
        return self._open(digest)

    def _digest(self):
        path = _found(self.path)
        return digest_of([file_sha256(file) for file in [path, *_other_files(path)]])

    def _open(self, digest):
        # A clip shorter than a window is repeated up to this.
        least = round(LEAST * self.sample_rate_)
        path = os.path.expanduser(os.fspath(self.path))
        return _open(path, digest, self.output, int(self.time_axis), least)

    def _weights(self):
        return self.path

    def _identity(self):
        return self.digest_

    def _settings(self):
        return [*super()._settings(), self.output, int(self.time_axis)]

    def _sizes(self):
        return [self._n_values_]

    def _groups(self):
        return [("onnx", [0])]


class ONNXNetwork:
    """A network in an ONNX file, from windows of a waveform to its output.

    Parameters
    ----------
    path : str
        The file.
    output : str or None
        Name of the output; None for the only one.
    time_axis : {1, 2}
        Axis of the frames.
    least : int
        Samples that it is tried with, where it takes any number.

    Attributes
    ----------
    window : int or None
        Samples of a window, where the network takes windows of one length alone.
    n_values : int
        Number of values of the output.
    """

    def __init__(self, path, output, time_axis, least):
        self.path = path
        self.time_axis = time_axis
        self.session = _session(path)
        self.input = self._only_input()
        self.output = self._output_of(output)
        n_windows, n_samples = self.input.shape
        self.one_by_one = n_windows == 1
        self.window = n_samples if isinstance(n_samples, int) else None
        self.n_values = self._try(least)

    def __call__(self, windows):
        """Return the output for windows of shape (n_windows, n_samples).

        Returns
        -------
        list of one Tensor of shape (n_windows, n_frames, n_values)
        """
        batches = np.split(windows, len(windows)) if self.one_by_one else [windows]
        return [torch.cat([torch.from_numpy(self._run(batch)) for batch in batches])]

    def _run(self, windows):
        try:
            (values,) = self.session.run([self.output], {self.input.name: windows})
        except Exception as error:  # onnxruntime has its own, without a common class
            raise self._error(
                f"it does not run on an array of {windows.shape} ({_first_line(error)})"
            ) from error
        if values.ndim not in (2, 3) or values.dtype.kind != "f" or len(values) != len(windows):
            raise self._error(
                f"its output {self.output!r} is {values.dtype} of shape {values.shape} for "
                f"{windows.shape}; allowed are (batch, values) and, with time_axis, (batch, "
                "frames, values) or (batch, values, frames)"
            )
        values = values.astype(np.float32, copy=False)
        if values.ndim == 2:
            return values[:, np.newaxis]
        return values if self.time_axis == 1 else values.swapaxes(1, 2)

    def _only_input(self):
        inputs = self.session.get_inputs()
        found = ", ".join(f"{one.name}: {one.type} {one.shape}" for one in inputs)
        fits = len(inputs) == 1 and inputs[0].type == "tensor(float)" and len(inputs[0].shape) == 2
        if not fits:
            raise self._error(f"its inputs are {found}. {_HOW}")
        if isinstance(inputs[0].shape[0], int) and inputs[0].shape[0] != 1:
            raise self._error(
                f"it takes {inputs[0].shape[0]} waveforms at a time; export it for one, or for any "
                "number"
            )
        return inputs[0]

    def _output_of(self, name):
        names = [one.name for one in self.session.get_outputs()]
        if name is None and len(names) > 1:
            raise ValueError(f"{self.path} has the outputs {names}: name one by output=.")
        if name is not None and name not in names:
            raise ValueError(f"output={name!r}: {self.path} has the outputs {names}.")
        return names[0] if name is None else name

    def _try(self, least):
        """Return the number of values of the output."""
        silence = np.zeros((1, self.window or least), np.float32)
        return self._run(silence).shape[2]

    def _error(self, why):
        return WeightsError(f"{self.path}: {why}.")


@lru_cache(maxsize=2)
def _open(path, digest, output, time_axis, least):
    # The digest stands for the content.
    return ONNXNetwork(path, output, time_axis, least)


def _session(path):
    onnxruntime = import_optional("onnxruntime", "ONNXEmbedding", "onnx")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1  # threads are those of n_jobs
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(
            path, sess_options=options, providers=["CPUExecutionProvider"]
        )
    except Exception as error:
        raise WeightsError(
            f"{path} cannot be read as a network in the ONNX format ({_first_line(error)})."
        ) from error


def _found(path):
    file = os.path.expanduser(os.fspath(path))
    if not os.path.isfile(file):
        raise WeightsNotFoundError(
            f"path={os.fspath(path)!r} is no file; give the path of a network in the ONNX format."
        )
    return Path(file)


def _other_files(path):
    """Return the files that hold arrays of a network which are not in its own."""
    if not path.stat().st_size:
        return []
    with open(path, "rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        found = [content[m.end() : m.end() + m[1][0]] for m in _OTHER_FILE.finditer(content)]
    paths = [path.parent / os.fsdecode(name) for name in sorted(set(found)) if b"\0" not in name]
    return [other for other in paths if other.is_file()]


def _first_line(error):
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:300]
