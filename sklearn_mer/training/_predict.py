"""From a trained network to logits and probabilities."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import torch

from .._memory import kept_memory
from .._threads import one_torch_thread
from ._callbacks import DIVERGED

_GPU_BATCH = 64


def predict_logits(net, arrays):
    """Return the logits of a trained network.

    On a CPU they are computed in float32, one clip at a time, so that the prediction for a clip
    does not depend on other clips, to the last bit.

    Parameters
    ----------
    net : EmotionNet
        The trained net.
    arrays : tuple of ndarray, each of shape (n_clips, ...), float32
        Inputs of the network.

    Returns
    -------
    ndarray of shape (n_clips, n_classes), float64
        The logits.
    """
    return run_network(net, net.module_, arrays)


def predict_hidden(net, arrays):
    """Return the last hidden layer of a trained network; see `predict_logits`.

    Parameters
    ----------
    net : EmotionNet
        The trained net.
    arrays : tuple of ndarray, each of shape (n_clips, ...), float32
        Inputs of the network.

    Returns
    -------
    ndarray of shape (n_clips, n_values), float64
        Values of the last hidden layer.
    """
    return run_network(net, net.module_.hidden, arrays)


def run_network(net, function, arrays):
    """Return the output of a function of a trained network; see `predict_logits`.

    Parameters
    ----------
    net : EmotionNet
        The trained net.
    function : callable
        Takes tensors, one for each array, and returns a tensor.
    arrays : tuple of ndarray, each of shape (n_clips, ...), float32
        Inputs of the function.

    Returns
    -------
    ndarray of shape (n_clips, ...), float64
        The outputs.
    """
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
        with _exact_convolutions():
            return _checked(np.concatenate([run(start) for start in starts]))
    with (
        one_torch_thread() as n_threads,
        kept_memory(),
        ThreadPoolExecutor(n_threads, initializer=torch.set_num_threads, initargs=(1,)) as pool,
    ):
        return _checked(np.concatenate(list(pool.map(run, starts))))


def _exact_convolutions():
    """Let convolutions on a GPU compute in float32, where torch rounds factors to TF32, 10 bits."""
    cudnn = torch.backends.cudnn
    return cudnn.flags(enabled=cudnn.enabled, deterministic=True, allow_tf32=False)


def _checked(values):
    # With weights that are finite but huge, or for input that is.
    if not np.isfinite(values).all():
        rows = np.flatnonzero(~np.isfinite(values).reshape(len(values), -1).all(axis=1))
        raise ValueError(
            f"The network gives values that are not finite for {len(rows)} of {len(values)} "
            f"inputs, the first in row {rows[0]}: its {DIVERGED}"
        )
    return values


def softmax(logits):
    """Return the probabilities of logits.

    Parameters
    ----------
    logits : ndarray of shape (n_clips, n_classes)
        The logits.

    Returns
    -------
    ndarray of shape (n_clips, n_classes)
        Probabilities, which add up to 1 in each row.
    """
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)
