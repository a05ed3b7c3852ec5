"""From arrays and settings to a trained network, and from a network to probabilities."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import torch
from sklearn.utils import check_random_state
from skorch.callbacks import PrintLog, ProgressBar

from .._memory import kept_memory
from ._batches import ArrayDataset
from ._resume import keep_state
from ._skorch import BatchSchedule, EmotionNet, FiniteLoss, Interrupted

OPTIMIZERS = {"adam": torch.optim.Adam, "adamw": torch.optim.AdamW, "sgd": torch.optim.SGD}
SCHEDULES = ("constant", "onecycle")
PRECISIONS = ("auto", "float32", "bfloat16")

_GPU_BATCH = 64
# Weights are drawn from torch's global generator, which is put back afterwards: one at a time.
_drawing_weights = threading.Lock()


@dataclass(frozen=True)
class Settings:
    """How one network is trained.

    Parameters
    ----------
    optimizer : {"adam", "adamw", "sgd"}
    lr : float
    weight_decay : float
    schedule : {"constant", "onecycle"}
    batch_size, max_epochs : int
    stop_accuracy : float or None
        Training ends with the first epoch of at least this training accuracy.
    micro_batch : int or None
        See `MicroBatchEngine`; None for whole batches.
    device, precision : str
    seed : int
    verbose : int
    """

    optimizer: str
    lr: float
    weight_decay: float
    schedule: str
    batch_size: int
    max_epochs: int
    stop_accuracy: float | None
    micro_batch: int | None
    device: str
    precision: str
    seed: int
    verbose: int


def draw_seed(random_state):
    """Return one integer from a scikit-learn `random_state`."""
    return int(check_random_state(random_state).randint(2**31 - 1))


def train_network(
    module,
    module_params,
    arrays,
    targets,
    settings,
    *,
    net_class=EmotionNet,
    criterion=torch.nn.CrossEntropyLoss,
):
    """Train a network from scratch.

    Parameters
    ----------
    module : class
        Of `sklearn_mer.nets`.
    module_params : dict
    arrays : tuple of ndarray, each of shape (n_clips, ...), float32
        What the network's ``forward`` takes.
    targets : ndarray of shape (n_clips,), int64
    settings : Settings
    net_class : class, default=EmotionNet
        For networks that learn something else than classes.
    criterion : class, default=torch.nn.CrossEntropyLoss

    Returns
    -------
    EmotionNet
        Trained, in evaluation mode.
    """
    device = resolve_device(settings.device)
    net = _make_net(net_class, criterion, module, module_params, len(targets), device, settings)
    net.callbacks += keep_state(arrays, targets)
    gpus = [torch.cuda.current_device()] if device == "cuda" else []
    with _drawing_weights, torch.random.fork_rng(gpus):
        torch.manual_seed(settings.seed)
        net.initialize()
        net.module_.to(memory_format=torch.channels_last)
        if device == "cuda":  # its dropout draws from the global generator all the way
            _fit(net, arrays, targets)
    if device == "cpu":
        _fit(net, arrays, targets)
    net.module_.eval()
    return net


def _fit(net, arrays, targets):
    try:
        net.partial_fit(arrays, targets)
    except Interrupted as interrupted:
        raise KeyboardInterrupt from interrupted


def _make_net(net_class, criterion, module, module_params, n_clips, device, settings):
    return net_class(
        module,
        **{f"module__{name}": value for name, value in module_params.items()},
        criterion=criterion,
        optimizer=OPTIMIZERS[settings.optimizer],
        optimizer__fused=True,
        optimizer__weight_decay=settings.weight_decay,
        lr=settings.lr,
        batch_size=settings.batch_size,
        max_epochs=settings.max_epochs,
        train_split=None,
        dataset=ArrayDataset,
        device=device,
        callbacks=_callbacks(settings, n_clips),
        verbose=settings.verbose,
        micro_batch=settings.micro_batch,
        bfloat16=uses_bfloat16(settings.precision, device),
        seed=settings.seed,
        stop_accuracy=settings.stop_accuracy,
    )


def _callbacks(settings, n_clips):
    callbacks = [FiniteLoss()]
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


def predict_logits(net, arrays):
    """Run a trained network.

    On a CPU one clip at a time, in float32: what is predicted for a clip does not depend on
    its neighbours, to the last bit.

    Parameters
    ----------
    net : EmotionNet
    arrays : tuple of ndarray, each of shape (n_clips, ...), float32

    Returns
    -------
    ndarray of shape (n_clips, n_classes), float64
    """
    return run_network(net, net.module_, arrays)


def predict_hidden(net, arrays):
    """Run a trained network up to its last hidden layer; see `predict_logits`."""
    return run_network(net, net.module_.hidden, arrays)


def run_network(net, function, arrays):
    """Run a function of a trained network's inputs; see `predict_logits`."""
    net.module_.eval()
    n_clips = len(arrays[0])
    on_gpu = next(net.module_.parameters()).device.type == "cuda"
    size = _GPU_BATCH if on_gpu else 1
    device = net.device if on_gpu else "cpu"

    def run(start):
        inputs = (torch.from_numpy(array[start : start + size]).to(device) for array in arrays)
        with torch.inference_mode():
            return function(*inputs).double().cpu().numpy()

    starts = range(0, n_clips, size)
    if on_gpu:
        return np.concatenate([run(start) for start in starts])
    n_threads = torch.get_num_threads()
    try:
        with (
            kept_memory(),
            ThreadPoolExecutor(n_threads, initializer=torch.set_num_threads, initargs=(1,)) as pool,
        ):
            return np.concatenate(list(pool.map(run, starts)))
    finally:
        # What a thread sets is also what threads started later begin with.
        torch.set_num_threads(n_threads)


def softmax(logits):
    """Return the probabilities of logits, row by row."""
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def resolve_device(device):
    """Turn "auto" into what is there; refuse what is not.

    Parameters
    ----------
    device : {"auto", "cpu", "cuda"}

    Returns
    -------
    {"cpu", "cuda"}
    """
    if device == "auto":
        return "cuda" if torch.cuda.is_available() else "cpu"
    if device == "cuda" and not torch.cuda.is_available():
        raise ValueError(
            "device='cuda' was asked for, but torch sees no GPU here; use 'auto' or 'cpu'."
        )
    return device


def uses_bfloat16(precision, device):
    """Tell whether training computes in bfloat16: where asked, or where the device has it.

    Parameters
    ----------
    precision : {"auto", "float32", "bfloat16"}
    device : {"cpu", "cuda"}

    Returns
    -------
    bool
    """
    if precision != "auto":
        return precision == "bfloat16"
    if device == "cuda":
        return torch.cuda.is_bf16_supported()
    # Only where the CPU computes in it; emulated, it is slower than float32.
    return "avx512_bf16" in _cpu_capabilities() or "amx_bf16" in _cpu_capabilities()


def _cpu_capabilities():
    return {name for name, there in torch.cpu.get_capabilities().items() if there is True}
