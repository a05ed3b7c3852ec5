"""From a trained network to logits and probabilities."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import torch

from .._memory import kept_memory

_GPU_BATCH = 64


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
