"""From arrays and settings to a trained network."""

import threading

import numpy as np
import torch
from skorch.callbacks import PrintLog, ProgressBar

from .._threads import one_thread_if_forked
from ._batches import ArrayDataset
from ._callbacks import BatchSchedule, FiniteLoss, TrainAccuracy
from ._device import resolve_device, uses_bfloat16
from ._net import EmotionNet, Interrupted
from ._resume import keep_state
from ._settings import OPTIMIZERS, plain_values

# Weights are drawn from torch's global generator, which is restored afterwards: one at a time.
_drawing_weights = threading.Lock()


def train_network(
    module,
    module_params,
    arrays,
    targets,
    settings,
    *,
    sample_weight=None,
    net_class=EmotionNet,
    criterion=torch.nn.CrossEntropyLoss,
    with_accuracy=True,
):
    """Train a network from scratch.

    Parameters
    ----------
    module : class
        One of `sklearn_mer.nets`.
    module_params : dict
        Parameters of `module`.
    arrays : tuple of ndarray, each of shape (n_clips, ...), float32
        Inputs of the ``forward`` of the network.
    targets : ndarray of shape (n_clips, ...)
        What `criterion` takes: for classes, int64 of shape (n_clips,).
    settings : Settings
        How to train.
    sample_weight : array-like of shape (n_clips,), default=None
        Weights of the clips in the loss, at least 0. The loss of a batch is the weighted mean.
    net_class : class, default=EmotionNet
        The skorch net.
    criterion : class, default=torch.nn.CrossEntropyLoss
        The loss.
    with_accuracy : bool, default=True
        Whether the targets are classes, so that the training accuracy of each epoch is recorded
        and training may end by it.

    Returns
    -------
    EmotionNet
        The trained net, its module in evaluation mode.
    """
    one_thread_if_forked()
    device = resolve_device(settings.device)
    net = _make_net(net_class, criterion, module, module_params, device, settings)
    net.callbacks = _callbacks(settings, len(targets), with_accuracy)
    weights = () if sample_weight is None else (np.asarray(sample_weight, dtype=np.float64),)
    if weights:
        net.set_params(criterion__reduction="none")
    net.callbacks += keep_state(*arrays, targets, *weights)
    gpus = [torch.cuda.current_device()] if device == "cuda" else []
    with _drawing_weights, torch.random.fork_rng(gpus):
        torch.manual_seed(settings.seed)
        net.initialize()
        net.module_.to(memory_format=torch.channels_last)
        if device == "cuda":  # there dropout draws from the global generator throughout
            _fit(net, arrays, targets, *weights)
    if device == "cpu":
        _fit(net, arrays, targets, *weights)
    net.module_.eval()
    return net


def _fit(net, arrays, targets, sample_weight=None):
    try:
        net.partial_fit(arrays, targets, sample_weight=sample_weight)
    except Interrupted as interrupted:
        raise KeyboardInterrupt from interrupted


def _make_net(net_class, criterion, module, module_params, device, settings):
    return net_class(
        module,
        **{f"module__{name}": value for name, value in plain_values(module_params).items()},
        criterion=criterion,
        optimizer=getattr(torch.optim, OPTIMIZERS[settings.optimizer]),
        optimizer__fused=True,
        optimizer__weight_decay=settings.weight_decay,
        lr=settings.lr,
        batch_size=settings.batch_size,
        max_epochs=settings.max_epochs,
        train_split=None,
        dataset=ArrayDataset,
        device=device,
        verbose=settings.verbose,
        micro_batch=settings.micro_batch,
        bfloat16=uses_bfloat16(settings.precision, device),
        seed=settings.seed,
    )


def _callbacks(settings, n_clips, with_accuracy):
    callbacks = [TrainAccuracy(settings.stop_accuracy)] if with_accuracy else []
    callbacks.append(FiniteLoss())
    n_batches = max(1, (n_clips - 2) // settings.batch_size + 1)
    if settings.schedule == "onecycle":
        callbacks.append(
            BatchSchedule(
                torch.optim.lr_scheduler.OneCycleLR,
                max_lr=settings.lr,
                total_steps=n_batches * settings.max_epochs + 1,
            )
        )
    if settings.verbose:
        callbacks += [ProgressBar(batches_per_epoch=n_batches), PrintLog()]
    return callbacks
