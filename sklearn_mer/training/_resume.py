"""Training that goes on where a run was stopped: half-way states of networks in a folder."""

import contextlib
import hashlib
import json
import os
import time
import warnings
from contextvars import ContextVar
from functools import cached_property
from pathlib import Path

import numpy as np
import torch
from skorch.callbacks import Callback

from .._version import __version__

_ROWS = 32  # clips that are read at a time, where they do not fit into memory
_active = ContextVar("states of training", default=None)


@contextlib.contextmanager
def resumable_training(folder, *, every=120.0):
    """Have networks that are trained inside go on from where an earlier run was stopped.

    At the end of an epoch, once `every` seconds have passed since the last time, all that
    training goes on from is written: weights, the optimizer's state, the schedule's, those of
    random numbers. When the same code is run again after a kill, each training finds its own
    state and goes on; the result is the same to the last bit. A state belongs to one training:
    the same network from the same weights, settings, clips, labels and version of this library.
    Networks that were through are not trained again. Only what this process trains is kept: not
    what joblib hands to others, as with ``n_jobs=2``.

    Parameters
    ----------
    folder : str or path-like
        Is made with the first state. Delete it when the result is in hand.
    every : float, default=120.0
        Seconds between two states of one training. Shorter trainings leave none.

    Yields
    ------
    TrainingStates
        With ``seconds_found``, the time that states found in the folder had taken.

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
    """Return the callbacks that keep the state of a training, as a list: none outside a folder."""
    states = _active.get()
    return [] if states is None else [KeepState(states, arrays)]


class TrainingStates:
    """The states in one folder.

    Parameters
    ----------
    folder : str or path-like
    every : float
        Seconds between two states of one training.

    Attributes
    ----------
    seconds_found : float
        What the epochs of states that were found had taken.
    """

    def __init__(self, folder, every):
        self.folder = Path(folder)
        self.every = every
        self.seconds_found = 0.0
        self._warned = False

    @property
    def any_found(self):
        """Whether there is a state of any training."""
        return self.folder.is_dir() and any(self.folder.glob("*.pt"))

    def load(self, name):
        """Return the state of a training, None where there is none that can be read."""
        path = self.folder / f"{name}.pt"
        try:
            # Tensors and plain values alone: loading runs no code from the file.
            state = torch.load(path, map_location="cpu", weights_only=True)
            self.seconds_found += sum(epoch["dur"] for epoch in state["history"])
        except FileNotFoundError:
            return None
        except Exception as error:  # of any kind, as torch reads what a damaged file tells it to
            warnings.warn(
                f"The state of a training, {path}, cannot be read, so that network is trained "
                f"from the beginning ({error}).",
                stacklevel=2,
            )
            return None
        return state

    def save(self, name, state):
        """Write the state of a training; what was there stays if that fails."""
        path = self.folder / f"{name}.pt"
        part = path.with_suffix(f".{os.getpid()}.part")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            torch.save(state, part)
            part.replace(path)
        except (OSError, RuntimeError) as error:  # the latter is torch's for a full disk
            with contextlib.suppress(OSError):
                part.unlink()
            self._warn(path, error)

    def _warn(self, path, error):
        if not self._warned:
            warnings.warn(
                f"The state of a training cannot be written to {path} ({error}); training goes "
                "on, but would begin anew after a kill. Make room or name another folder.",
                stacklevel=2,
            )
        self._warned = True


class KeepState(Callback):
    """Restores the state of a training at its beginning, and writes it at ends of epochs.

    To be the last of the callbacks: the others have then recorded what they do.

    Parameters
    ----------
    states : TrainingStates
    arrays : tuple of array-like
        All that the network is trained on: inputs, targets and, where there are any, weights.
    """

    def __init__(self, states, arrays):
        self.states = states
        self.arrays = arrays

    def on_train_begin(self, net, **kwargs):
        """Go on from the state that is there."""
        self.begun_from_ = _digest_of_net(net)
        self.kept_ = False
        self.last_ = time.monotonic()
        if self.states.any_found and (state := self.states.load(self._name)) is not None:
            net.set_training_state(state)
            self.kept_ = True

    def on_epoch_end(self, net, **kwargs):
        """Write the state where that is due, and where it was and training ends."""
        due = time.monotonic() - self.last_ >= self.states.every
        if due or (self.kept_ and net.trained):
            self.states.save(self._name, net.training_state())
            self.kept_ = True
            self.last_ = time.monotonic()

    def on_train_end(self, net, **kwargs):
        """Let go of the clips: the net keeps its callbacks."""
        self.states = self.arrays = None

    @cached_property
    def _name(self):
        # Of clips too, which takes up to a second: short trainings never come to it.
        digest = hashlib.blake2b(self.begun_from_, digest_size=16)
        for array in self.arrays:
            _add_array(digest, array)
        return digest.hexdigest()


def _digest_of_net(net):
    digest = hashlib.blake2b()
    settings = {name: value for name, value in net.get_params(deep=False).items() if _plain(value)}
    names = __version__, type(net).__qualname__, net.module.__qualname__, sorted(settings.items())
    digest.update(repr(names).encode())
    schedules = [sorted(schedule.kwargs.items()) for schedule in net.schedules]
    digest.update(repr((net.optimizer.__name__, net.optimizer_.defaults, schedules)).encode())
    for name, tensor in net.module_.state_dict().items():
        digest.update(name.encode())
        _add_array(digest, np.atleast_1d(tensor.cpu().numpy()))
    return digest.digest()


def _plain(value):
    return value is None or isinstance(value, (bool, int, float, str))


def _add_array(digest, array):
    if hasattr(array, "array"):  # segments, of which only the clips are there
        digest.update(repr((type(array).__name__, len(array), array.length)).encode())
        array = array.array
    digest.update(repr((array.shape, str(array.dtype))).encode())
    for start in range(0, len(array), _ROWS):
        digest.update(np.ascontiguousarray(array[start : start + _ROWS]))


def plain_values(value):
    """Return lists and dicts of numbers with Python's own numbers in place of numpy's."""
    if isinstance(value, dict):
        return {name: plain_values(one) for name, one in value.items()}
    if isinstance(value, list):
        return [plain_values(one) for one in value]
    return value.item() if isinstance(value, np.generic) else value


def random_states(generators):
    """Return the states of numpy generators as text."""
    return json.dumps([generator.bit_generator.state for generator in generators])


def set_random_states(generators, text):
    """Put numpy generators into states that :func:`random_states` returned."""
    for generator, state in zip(generators, json.loads(text), strict=True):
        generator.bit_generator.state = state
