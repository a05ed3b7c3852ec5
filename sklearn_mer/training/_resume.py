"""Training that resumes where a run was stopped, from states of networks in a folder."""

import contextlib
import hashlib
import io
import json
import time
import warnings
from contextvars import ContextVar
from functools import cached_property
from pathlib import Path

import numpy as np
import torch
from skorch.callbacks import Callback

from .._files import replace_file
from .._tensors import load_tensors
from .._version import __version__

_ROWS = 32  # clips read at a time if they do not fit into memory
_active = ContextVar("states of training", default=None)


@contextlib.contextmanager
def resumable_training(folder, *, every=120.0):
    """Resume the training of networks inside this context where an earlier run was stopped.

    At the end of an epoch, if `every` seconds have passed since the last time, all that training
    depends on is written to a file: weights and the states of optimiser, schedule and random
    numbers. If the same code runs again after a crash, each training finds its own state and
    continues from it; the result is bit-identical. A state belongs to one training: the same
    network with the same initial weights, settings, clips, labels and version of this library.
    Networks whose training was finished are not trained again. Only training in this process is
    covered, not in other processes of joblib, as with ``n_jobs=2``.

    Parameters
    ----------
    folder : str or path-like
        Folder of the states, created with the first one. Delete it when the run is finished.
    every : float, default=120.0
        Seconds between two states of one training. Shorter trainings leave none.

    Yields
    ------
    TrainingStates
        Its ``seconds_found`` are the seconds of training behind the states found in the folder.

    See Also
    --------
    sklearn_mer.study.run_cells : Continues interrupted studies by the same means.

    Examples
    --------
    >>> import tempfile
    >>> from sklearn.model_selection import cross_val_score
    >>> from sklearn_mer import CNNBaseline
    >>> from sklearn_mer.datasets import make_quadrant_clips
    >>> from sklearn_mer.training import resumable_training
    >>> X, y = make_quadrant_clips(8, random_state=0, return_X_y=True)
    >>> cnn = CNNBaseline(max_epochs=2, random_state=0)
    >>> with tempfile.TemporaryDirectory() as folder, resumable_training(folder):
    ...     scores = cross_val_score(cnn, X, y, cv=2)
    """
    states = TrainingStates(folder, every)
    token = _active.set(states)
    try:
        yield states
    finally:
        _active.reset(token)


def keep_state(*arrays):
    """Return a list with the callback that keeps the state of a training, empty outside a context.

    Parameters
    ----------
    *arrays : array-like
        All that the network is trained on: inputs, targets and, if there are any, weights.

    Returns
    -------
    list of KeepState
    """
    states = _active.get()
    return [] if states is None else [KeepState(states, arrays)]


class TrainingStates:
    """The states in one folder.

    Parameters
    ----------
    folder : str or path-like
        The folder.
    every : float
        Seconds between two states of one training.

    Attributes
    ----------
    seconds_found : float
        Seconds that the epochs of all states found had taken.
    """

    def __init__(self, folder, every):
        self.folder = Path(folder)
        self.every = every
        self.seconds_found = 0.0
        self._warned = False

    @property
    def any_found(self):
        """Whether the folder contains a state of any training."""
        return self.folder.is_dir() and any(self.folder.glob("*.pt"))

    def load(self, name):
        """Return the state of a training, or None if there is none that can be read."""
        path = self.folder / f"{name}.pt"
        try:
            state = load_tensors(path)
            self.seconds_found += sum(epoch["dur"] for epoch in state["history"])
        except FileNotFoundError:
            return None
        except Exception as error:  # of any kind: torch reads whatever a damaged file says
            warnings.warn(
                f"The state of a training, {path}, cannot be read; the network is trained from "
                f"the beginning ({error}).",
                stacklevel=2,
            )
            return None
        return state

    def save(self, name, state):
        """Write the state of a training; if that fails, the previous one remains."""
        path = self.folder / f"{name}.pt"
        content = io.BytesIO()
        torch.save(state, content)
        try:
            replace_file(path, content.getbuffer())
        except OSError as error:
            self._warn(path, error)

    def _warn(self, path, error):
        if not self._warned:
            warnings.warn(
                f"The state of a training cannot be written to {path} ({error}). Training "
                "continues, but would start again after a crash. Free disk space or choose "
                "another folder.",
                stacklevel=2,
            )
        self._warned = True


class KeepState(Callback):
    """Restores the state of a training when it begins, and writes it at the end of epochs.

    Must be the last callback, so that the others have recorded the epoch.

    Parameters
    ----------
    states : TrainingStates
        Where states are kept.
    arrays : tuple of array-like
        All that the network is trained on.
    """

    def __init__(self, states, arrays):
        self.states = states
        self.arrays = arrays

    def on_train_begin(self, net, **kwargs):
        """Resume from the state of this training, if there is one."""
        self.initial_digest_ = _digest_of_net(net)
        self.kept_ = False
        self.last_ = time.monotonic()
        if self.states.any_found and (state := self.states.load(self._name)) is not None:
            net.set_training_state(state)
            self.kept_ = True

    def on_epoch_end(self, net, **kwargs):
        """Write the state if that is due, or if training ends and an earlier one was written."""
        due = time.monotonic() - self.last_ >= self.states.every
        if due or (self.kept_ and net.trained):
            self.states.save(self._name, net.training_state())
            self.kept_ = True
            self.last_ = time.monotonic()

    def on_train_end(self, net, **kwargs):
        """Drop the clips: the net keeps its callbacks."""
        self.states = self.arrays = None

    @cached_property
    def _name(self):
        # Includes the clips, which takes up to a second: short trainings never get here.
        digest = hashlib.blake2b(self.initial_digest_, digest_size=16)
        for array in self.arrays:
            _add_array(digest, array)
        return digest.hexdigest()


def _digest_of_net(net):
    digest = hashlib.blake2b()
    settings = {name: value for name, value in net.get_params(deep=False).items() if _plain(value)}
    names = __version__, type(net).__qualname__, net.module.__qualname__, sorted(settings.items())
    digest.update(repr(names).encode())
    schedules = [sorted(schedule.kwargs.items()) for schedule in net.schedules]
    rules = [sorted(rule.get_params().items()) for rule in net.stopping_rules]
    digest.update(
        repr((net.optimizer.__name__, net.optimizer_.defaults, schedules, rules)).encode()
    )
    for name, tensor in net.module_.state_dict().items():
        digest.update(name.encode())
        _add_array(digest, np.atleast_1d(tensor.cpu().numpy()))
    return digest.digest()


def _plain(value):
    return value is None or isinstance(value, (bool, int, float, str))


def _add_array(digest, array):
    if hasattr(array, "array"):  # segments of clips
        digest.update(repr((type(array).__name__, len(array), array.length)).encode())
        array = array.array
    digest.update(repr((array.shape, str(array.dtype))).encode())
    for start in range(0, len(array), _ROWS):
        digest.update(np.ascontiguousarray(array[start : start + _ROWS]))


def random_states(generators):
    """Return the states of numpy generators as text."""
    return json.dumps([generator.bit_generator.state for generator in generators])


def set_random_states(generators, text):
    """Set the states of numpy generators to those of :func:`random_states`."""
    for generator, state in zip(generators, json.loads(text), strict=True):
        generator.bit_generator.state = state
