"""The skorch net that all networks of this library are trained with."""

import contextlib

import torch
from skorch import NeuralNetClassifier
from skorch.callbacks import Callback, EpochTimer, LRScheduler, PassthroughScoring
from skorch.history import History

from .._memory import kept_memory
from ._batches import Batches
from ._loss import weighted_loss
from ._resume import plain_values, random_states, set_random_states
from .cpu import MicroBatchEngine


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

    Attributes
    ----------
    trained : bool
        Whether training is through.
    schedules : list of BatchSchedule
    """

    batch_class = Batches

    def __init__(
        self, *args, micro_batch=None, bfloat16=False, seed=0, stop_accuracy=None, **kwargs
    ):
        super().__init__(*args, **kwargs)
        self.micro_batch = micro_batch
        self.bfloat16 = bfloat16
        self.seed = seed
        self.stop_accuracy = stop_accuracy
        self._n_steps = 0
        self._batches = self._found_random = self._sample_weight = None

    @property
    def _default_callbacks(self):
        # The library's own are enough: no scoring that would run the network again.
        return [
            ("epoch_timer", EpochTimer()),
            ("train_loss", PassthroughScoring(name="train_loss", on_train=True)),
            ("train_accuracy", TrainAccuracy()),
        ]

    def fit_loop(self, X, y=None, epochs=None, *, sample_weight=None, **fit_params):
        """Train; a stop that was asked for ends it, an interrupt by the user is passed on.

        skorch takes every KeyboardInterrupt for the end of training: an interrupted net would
        count as a trained one.
        """
        self._sample_weight = sample_weight
        with contextlib.nullcontext() if self._on_gpu else self._engine_running():
            try:
                if not self.trained:  # as it may be where a state was restored
                    super().fit_loop(X, y, self.max_epochs - len(self.history), **fit_params)
            except AccurateEnough:
                pass
            except KeyboardInterrupt as interrupt:
                raise Interrupted from interrupt
            finally:
                self._batches = self._sample_weight = None
        return self

    def notify(self, method_name, **cb_kwargs):
        """Tell all callbacks; then end training where an epoch was accurate enough."""
        super().notify(method_name, **cb_kwargs)
        if method_name == "on_epoch_end" and self._accurate_enough():
            raise AccurateEnough

    @property
    def trained(self):
        """Whether training is through."""
        n_epochs = len(self.history)
        return n_epochs >= self.max_epochs or (n_epochs > 0 and self._accurate_enough())

    def _accurate_enough(self):
        reached = self.history[-1, "train_accuracy"]
        return self.stop_accuracy is not None and reached >= self.stop_accuracy

    @property
    def _on_gpu(self):
        return torch.device(self.device).type != "cpu"

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
        self._engine.step = self._n_steps
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
            with self._engine.all_threads():
                self.optimizer_.step()
        else:
            loss, logits = self._gradients_on_gpu(*batch)
            self.optimizer_.step()
        self._n_steps += 1
        return {"loss": loss, "y_pred": logits}

    def _gradients_on_gpu(self, inputs, targets, shares=None):
        device = torch.device(self.device)
        inputs = tuple(x.to(device, non_blocking=True) for x in inputs)
        targets = targets.to(device, non_blocking=True)
        self.module_.train()
        self.optimizer_.zero_grad(set_to_none=True)
        with torch.autocast(device.type, torch.bfloat16, self.bfloat16):
            logits = self.module_(*inputs).float()
        loss = self.criterion_(logits, targets)
        if shares is not None:
            loss = weighted_loss(loss, shares.to(device, non_blocking=True))
        loss.backward()
        return loss.detach(), logits.detach()

    def get_iterator(self, dataset, training=False):
        """Return the batches of an epoch, anew each time it is iterated."""
        self._batches = self.batch_class(
            dataset, self.batch_size, seed=self.seed, sample_weight=self._sample_weight
        )
        if self._found_random is not None:  # of a state that training goes on from
            set_random_states(self._batches.generators, self._found_random)
        return self._batches

    @property
    def schedules(self):
        """The callbacks that set the learning rate, in a list."""
        return [callback for _, callback in self.callbacks_ if isinstance(callback, BatchSchedule)]

    def training_state(self):
        """Return what training goes on from: between two epochs of it.

        Returns
        -------
        dict
            Of tensors and plain values.
        """
        return {
            "module": self.module_.state_dict(),
            "optimizer": self.optimizer_.state_dict(),
            "schedules": [schedule.lr_scheduler_.state_dict() for schedule in self.schedules],
            "history": plain_values(self.history),
            "n_steps": self._n_steps,
            "random": random_states(self._batches.generators),
            # On a GPU dropout draws from the device's own generator.
            "device_random": torch.cuda.get_rng_state() if self._on_gpu else None,
        }

    def set_training_state(self, state):
        """Go on from a state: once initialised, before training."""
        self.module_.load_state_dict(state["module"])
        self.optimizer_.load_state_dict(state["optimizer"])
        for schedule, found in zip(self.schedules, state["schedules"], strict=True):
            schedule.lr_scheduler_.load_state_dict(found)
        self.history = History(state["history"])
        self._n_steps = state["n_steps"]
        self._found_random = state["random"]
        if self._on_gpu:
            torch.cuda.set_rng_state(state["device_random"])


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
