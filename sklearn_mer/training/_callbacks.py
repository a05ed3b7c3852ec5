"""Callbacks of training."""

import torch
from skorch.callbacks import Callback, LRScheduler


class StoppingRule(Callback):
    """Base of callbacks that end training before its last epoch."""

    def is_met(self, net):
        """Return whether training ends with the last epoch in the history of a net."""
        raise NotImplementedError


class TrainAccuracy(StoppingRule):
    """Records the accuracy on the training batches of each epoch, and may end training by it.

    Parameters
    ----------
    stop_at : float, default=None
        Training ends with the first epoch of at least this accuracy.
    """

    def __init__(self, stop_at=None):
        self.stop_at = stop_at

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
        """Record the accuracy."""
        net.history.record("train_accuracy", self.n_right_ / self.n_seen_)

    def is_met(self, net):
        """Return whether the last epoch was accurate enough."""
        return self.stop_at is not None and net.history[-1, "train_accuracy"] >= self.stop_at


class BatchSchedule(LRScheduler):
    """Sets the learning rate after each batch.

    At the end of training it drops the optimiser, whose tensors are on the device: skorch moves
    those between devices in its own attributes only, not in those of callbacks.
    """

    def __init__(self, policy, **kwargs):
        super().__init__(policy, step_every="batch", **kwargs)

    def on_train_end(self, net, **kwargs):
        """Drop the optimiser."""
        self.lr_scheduler_ = None


class FiniteLoss(Callback):
    """Raises an error that says so if training diverges."""

    def on_batch_end(self, net, loss=None, training=False, **kwargs):
        """Check the loss of a batch."""
        if training and not torch.isfinite(loss):
            raise ValueError(
                f"The loss became {float(loss)} in epoch {len(net.history)}: {DIVERGED}"
            )

    def on_train_end(self, net, **kwargs):
        """Check what the last step has made of the network."""
        if not all(torch.isfinite(values).all() for values in net.module_.state_dict().values()):
            raise ValueError(f"Weights are not finite after epoch {len(net.history)}: {DIVERGED}")


DIVERGED = "training diverged. Lower `lr`, or use precision='float32'."
