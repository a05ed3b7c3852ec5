"""The skorch net that all networks of this library are trained with."""

import contextlib

import torch
from skorch import NeuralNetClassifier
from skorch.callbacks import EpochTimer, PassthroughScoring
from skorch.history import History

from .._memory import kept_memory
from .._threads import one_torch_thread
from ..nets import note_arguments
from ._batches import Batches
from ._callbacks import BatchSchedule, StoppingRule
from ._loss import weighted_loss
from ._resume import random_states, set_random_states
from ._settings import plain_values
from .cpu import MicroBatchEngine


class EmotionNet(NeuralNetClassifier):
    """A skorch net for arrays that fit into memory, with a fast training step on CPUs.

    Parameters
    ----------
    *args : tuple
        Positional parameters of :class:`skorch.NeuralNetClassifier`.
    micro_batch : int or None, default=None
        Clips per micro-batch on a CPU (see `MicroBatchEngine`); None for the whole batch.
    bfloat16 : bool, default=False
        Whether the heavy operations of training run in bfloat16.
    seed : int, default=0
        Seed of shuffling and dropout.
    **kwargs : dict
        Other parameters of :class:`skorch.NeuralNetClassifier`.

    Attributes
    ----------
    trained : bool
        Whether training is finished.
    schedules : list of BatchSchedule
        Callbacks that set the learning rate.
    stopping_rules : list of StoppingRule
        Callbacks that may end training early.
    """

    batch_class = Batches

    def __init__(self, *args, micro_batch=None, bfloat16=False, seed=0, **kwargs):
        super().__init__(*args, **kwargs)
        self.micro_batch = micro_batch
        self.bfloat16 = bfloat16
        self.seed = seed
        self._n_steps = 0
        self._batches = self._restored_random = self._sample_weight = None

    @property
    def _default_callbacks(self):
        # No scoring that would run the network again.
        return [
            ("epoch_timer", EpochTimer()),
            ("train_loss", PassthroughScoring(name="train_loss", on_train=True)),
        ]

    def initialize_module(self):
        """Make the network, and note on it what it was made with.

        Returns
        -------
        self
            The net.
        """
        super().initialize_module()
        if isinstance(self.module, type):
            note_arguments(self.module_, self.get_params_for("module"))
        return self

    def fit_loop(self, X, y=None, epochs=None, *, sample_weight=None, **fit_params):
        """Train until the last epoch or until a stopping rule is met.

        An interrupt by the user is passed on: skorch would take it for the end of training, and
        an interrupted net for a trained one.

        Parameters
        ----------
        X : tuple of ndarray
            Inputs of the network.
        y : ndarray, default=None
            Targets.
        epochs : int, default=None
            Ignored: `max_epochs` counts.
        sample_weight : ndarray of shape (n_samples,), default=None
            Weights of the samples in the loss.
        **fit_params : dict
            Passed to skorch.

        Returns
        -------
        self
            The net.
        """
        self._sample_weight = sample_weight
        with contextlib.nullcontext() if self._on_gpu else self._engine_running():
            try:
                if not self.trained:  # as it may be if a state was restored
                    super().fit_loop(X, y, self.max_epochs - len(self.history), **fit_params)
            except TrainingEnded:
                pass
            except KeyboardInterrupt as interrupt:
                raise Interrupted from interrupt
            finally:
                self._batches = self._sample_weight = None
        return self

    def notify(self, method_name, **cb_kwargs):
        """Notify all callbacks; end training after an epoch that met a stopping rule.

        Parameters
        ----------
        method_name : str
            Method of the callbacks to call.
        **cb_kwargs : dict
            Its parameters.
        """
        super().notify(method_name, **cb_kwargs)
        if method_name == "on_epoch_end" and self._stopped():
            raise TrainingEnded

    @property
    def trained(self):
        """Whether training is finished."""
        n_epochs = len(self.history)
        return n_epochs >= self.max_epochs or (n_epochs > 0 and self._stopped())

    def _stopped(self):
        return any(rule.is_met(self) for rule in self.stopping_rules)

    @property
    def stopping_rules(self):
        """Callbacks that may end training early, in a list."""
        return self._callbacks_of(StoppingRule)

    @property
    def schedules(self):
        """Callbacks that set the learning rate, in a list."""
        return self._callbacks_of(BatchSchedule)

    def _callbacks_of(self, kind):
        return [callback for _, callback in self.callbacks_ if isinstance(callback, kind)]

    @property
    def _on_gpu(self):
        return torch.device(self.device).type != "cpu"

    @contextlib.contextmanager
    def _engine_running(self):
        with one_torch_thread() as n_threads:
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

    def train_step(self, batch, **fit_params):
        """Learn from one batch.

        Parameters
        ----------
        batch : tuple
            Inputs, targets and, if there are weights, shares of the samples in the loss.
        **fit_params : dict
            Ignored.

        Returns
        -------
        dict
            The loss and, as ``y_pred``, the logits.
        """
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
        """Return the batches; each iteration over them is a new epoch.

        Parameters
        ----------
        dataset : skorch.dataset.Dataset
            Inputs and targets.
        training : bool, default=False
            Ignored.

        Returns
        -------
        Batches
            The batches.
        """
        self._batches = self.batch_class(
            dataset, self.batch_size, seed=self.seed, sample_weight=self._sample_weight
        )
        if self._restored_random is not None:
            set_random_states(self._batches.generators, self._restored_random)
        return self._batches

    def training_state(self):
        """Return all that training can be resumed from, between two epochs.

        Returns
        -------
        dict
            Tensors and plain values.
        """
        return {
            "module": self.module_.state_dict(),
            "optimizer": self.optimizer_.state_dict(),
            "schedules": [schedule.lr_scheduler_.state_dict() for schedule in self.schedules],
            "history": plain_values(self.history),
            "n_steps": self._n_steps,
            "random": random_states(self._batches.generators),
            # On a GPU dropout draws from the generator of the device.
            "device_random": torch.cuda.get_rng_state() if self._on_gpu else None,
        }

    def set_training_state(self, state):
        """Resume from a state: after initialisation, before training.

        Parameters
        ----------
        state : dict
            From `training_state`.
        """
        self.module_.load_state_dict(state["module"])
        self.optimizer_.load_state_dict(state["optimizer"])
        for schedule, restored in zip(self.schedules, state["schedules"], strict=True):
            schedule.lr_scheduler_.load_state_dict(restored)
        self.history = History(state["history"])
        self._n_steps = state["n_steps"]
        self._restored_random = state["random"]
        if self._on_gpu:
            torch.cuda.set_rng_state(state["device_random"])


def as_trained(module):
    """Return a net around a trained network, to predict with; see `predict_logits`.

    Parameters
    ----------
    module : torch.nn.Module
        On the CPU.

    Returns
    -------
    EmotionNet
        Without history and optimiser state.
    """
    net = EmotionNet(module, device="cpu", train_split=None).initialize()
    net.module_.eval()
    return net


class TrainingEnded(Exception):
    """Ends training when a stopping rule is met."""


class Interrupted(Exception):
    """The user's interrupt, on its way past skorch."""
