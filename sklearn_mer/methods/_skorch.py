"""The skorch net that all networks of this library are trained with."""

import contextlib
import itertools

import numpy as np
import torch
from skorch import NeuralNetClassifier
from skorch.callbacks import Callback, EpochTimer, LRScheduler, PassthroughScoring
from skorch.dataset import Dataset

from .._memory import kept_memory
from ._engine import MicroBatchEngine


class EmotionNet(NeuralNetClassifier):
    """A skorch classifier for arrays that fit into memory, with a fast training step on CPUs.

    Parameters
    ----------
    micro_batch : int or None
        Clips a micro-batch on a CPU (see `MicroBatchEngine`); None for the whole batch.
    bfloat16 : bool
        Whether the heavy operations of training run in bfloat16.
    seed : int
        Of shuffling and dropout.
    stop_accuracy : float or None
        Training ends with the first epoch of at least this training accuracy.
    """

    def __init__(
        self, *args, micro_batch=None, bfloat16=False, seed=0, stop_accuracy=None, **kwargs
    ):
        super().__init__(*args, **kwargs)
        self.micro_batch = micro_batch
        self.bfloat16 = bfloat16
        self.seed = seed
        self.stop_accuracy = stop_accuracy

    @property
    def _default_callbacks(self):
        # The library's own are enough: no scoring that would run the network again.
        return [
            ("epoch_timer", EpochTimer()),
            ("train_loss", PassthroughScoring(name="train_loss", on_train=True)),
            ("train_accuracy", TrainAccuracy()),
        ]

    def fit_loop(self, X, y=None, epochs=None, **fit_params):
        """Train; a stop that was asked for ends it, an interrupt by the user is passed on.

        skorch takes every KeyboardInterrupt for the end of training: an interrupted net would
        count as a trained one.
        """
        on_gpu = torch.device(self.device).type != "cpu"
        with contextlib.nullcontext() if on_gpu else self._engine_running():
            try:
                super().fit_loop(X, y, epochs, **fit_params)
            except AccurateEnough:
                pass
            except KeyboardInterrupt as interrupt:
                raise Interrupted from interrupt
        return self

    def notify(self, method_name, **cb_kwargs):
        """Tell all callbacks; then end training where an epoch was accurate enough."""
        super().notify(method_name, **cb_kwargs)
        if method_name == "on_epoch_end" and self._accurate_enough():
            raise AccurateEnough

    def _accurate_enough(self):
        reached = self.history[-1, "train_accuracy"]
        return self.stop_accuracy is not None and reached >= self.stop_accuracy

    @contextlib.contextmanager
    def _engine_running(self):
        n_threads = torch.get_num_threads()
        torch.set_num_threads(1)
        self._engine = MicroBatchEngine(
            self.module_,
            self.criterion_,
            micro_batch=self.micro_batch,
            n_threads=n_threads,
            bfloat16=self.bfloat16,
            seed=self.seed,
        )
        try:
            with kept_memory():
                yield
        finally:
            self._engine.close()
            del self._engine
            torch.set_num_threads(n_threads)

    def train_step(self, batch, **fit_params):
        """Learn from one batch; return its loss and logits."""
        if hasattr(self, "_engine"):
            loss, logits = self._engine.run(*batch)
        else:
            loss, logits = self._gradients_on_gpu(*batch)
        self.optimizer_.step()
        return {"loss": loss, "y_pred": logits}

    def _gradients_on_gpu(self, inputs, targets):
        device = torch.device(self.device)
        inputs = tuple(x.to(device, non_blocking=True) for x in inputs)
        targets = targets.to(device, non_blocking=True)
        self.module_.train()
        self.optimizer_.zero_grad(set_to_none=True)
        with torch.autocast(device.type, torch.bfloat16, self.bfloat16):
            logits = self.module_(*inputs).float()
        loss = self.criterion_(logits, targets)
        loss.backward()
        return loss.detach(), logits.detach()

    def get_iterator(self, dataset, training=False):
        """Return the batches of an epoch, anew each time it is iterated."""
        return Batches(dataset, self.batch_size, seed=self.seed)


class Batches:
    """Shuffled batches, gathered from arrays without the detour of single items.

    Parameters
    ----------
    dataset : Dataset
        Of skorch; its X is a tuple of arrays.
    batch_size : int
    seed : int
    """

    def __init__(self, dataset, batch_size, seed):
        self.arrays = dataset.X
        self.targets = dataset.y
        self.batch_size = batch_size
        self.random = np.random.default_rng(seed)

    def __len__(self):
        n = len(self.targets)
        # A last batch of one clip would have no variance to normalise by: it joins the one before.
        return max(1, (n - 2) // self.batch_size + 1)

    def __iter__(self):
        order = self.random.permutation(len(self.targets))
        edges = [k * self.batch_size for k in range(len(self))] + [len(order)]
        for start, stop in itertools.pairwise(edges):
            rows = order[start:stop]
            inputs = tuple(torch.from_numpy(array[rows]) for array in self.arrays)
            yield inputs, torch.from_numpy(self.targets[rows])


class ArrayDataset(Dataset):
    """A skorch data set over a tuple of arrays of the same length."""

    def __init__(self, X, y):
        super().__init__(X, y, length=len(y))


class AccurateEnough(Exception):
    """Ends training in order."""


class Interrupted(Exception):
    """The user's interrupt, on its way past skorch."""


class TrainAccuracy(Callback):
    """Records the accuracy of an epoch's training batches."""

    def on_epoch_begin(self, net, **kwargs):
        """Count from zero."""
        self.n_right_ = self.n_seen_ = 0

    def on_batch_end(self, net, batch=None, training=False, y_pred=None, **kwargs):
        """Count the clips that were right."""
        if training:
            targets = batch[1].to(y_pred.device)
            self.n_right_ += int((y_pred.argmax(1) == targets).sum())
            self.n_seen_ += len(targets)

    def on_epoch_end(self, net, **kwargs):
        """Record."""
        net.history.record("train_accuracy", self.n_right_ / self.n_seen_)


class BatchSchedule(LRScheduler):
    """A learning rate that is set anew every batch.

    Once trained, it lets go of the optimizer: that holds tensors of the device, which skorch
    moves between devices in its own attributes only, not in those of callbacks.
    """

    def __init__(self, policy, **kwargs):
        super().__init__(policy, step_every="batch", **kwargs)

    def on_train_end(self, net, **kwargs):
        """Let go of the optimizer."""
        self.lr_scheduler_ = None


class FiniteLoss(Callback):
    """Ends a training that has diverged with an error that says so."""

    def on_batch_end(self, net, loss=None, training=False, **kwargs):
        """Look at the loss of a batch."""
        if training and not torch.isfinite(loss):
            raise ValueError(
                f"The loss became {float(loss)} in epoch {len(net.history)}: training diverged. "
                "Lower `lr`, or use precision='float32'."
            )
