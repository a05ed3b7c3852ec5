"""What each kernel of `sklearn_mer.training.cpu` saves of an epoch of a method.

python benchmarks/cpu_kernels.py
python benchmarks/cpu_kernels.py cnn:dropout cnn:pooling --pairs 7 --precision float32

Fits of one epoch with and without a kernel take turns. CPU seconds are those of all threads of the
process; other work on the machine changes them less than it changes the elapsed seconds.
"""

import argparse
import time
from contextlib import nullcontext
from statistics import median
from unittest.mock import patch

import numpy as np
from sklearn.preprocessing import FunctionTransformer
from torch.nn import functional as F

from sklearn_mer import AudioLoader, AutoencoderEmbedding, make_method
from sklearn_mer.training import _train
from sklearn_mer.training.cpu import _layers
from sklearn_mer.training.cpu._dropout import FastDropout
from sklearn_mer.training.cpu._engine import MicroBatchEngine

SHAPES = {"short_chunk": (128, 115), "sample_cnn": (59049,)}  # others: (128, 938)
make_net = _train._make_net
WITHOUT = {
    "dropout": (FastDropout, "__call__", lambda self, x, p: F.dropout(x, p)),
    "pooling": (_layers, "_is_max_pool_relu", lambda layer: False),
    "transposed": (_layers, "_is_plain_transposed", lambda layer: False),
    "micro_batches": (MicroBatchEngine, "_pieces", lambda self, n: [slice(0, n)]),
    "fused_steps": (
        _train,
        "_make_net",
        lambda *args: make_net(*args).set_params(optimizer__fused=False),
    ),
}
PAIRS = "cnn:dropout cnn:pooling cnn:micro_batches sample_cnn:pooling"
PAIRS += " autoencoder:transposed cnn_gru:fused_steps"


def main():
    """Measure and print one line per method and kernel."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("measured", nargs="*", default=PAIRS.split(), metavar="METHOD:KERNEL")
    parser.add_argument("--clips", type=int, default=64)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--precision", default="auto")
    options = parser.parse_args()
    for measured in options.measured:
        key, kernel = measured.split(":")
        epoch = make_epoch(key, options.clips, options.precision)
        sides = [nullcontext, lambda kernel=kernel: patch.object(*WITHOUT[kernel])]
        pairs = [[seconds(epoch, side) for side in sides] for _ in range(options.pairs + 1)][1:]
        for name, kind in (("CPU", 0), ("elapsed", 1)):
            on, off = ([pair[side][kind] for pair in pairs] for side in (0, 1))
            saved = [100 * (1 - a / b) for a, b in zip(on, off, strict=True)]
            print(
                f"{key:12} {kernel:14} {name:8} with {median(on):6.2f} s, without "
                f"{median(off):6.2f} s, saved {median(saved):3.0f} % "
                f"({min(saved):.0f} to {max(saved):.0f})",
                flush=True,
            )


def make_epoch(key, n_clips, precision):
    """Return a function that fits one epoch on noise."""
    shape = SHAPES.get(key, (128, 938))
    X = np.random.default_rng(0).standard_normal((n_clips, *shape), dtype=np.float32)
    settings = {"max_epochs": 1, "random_state": 0, "precision": precision, "device": "cpu"}
    if key == "autoencoder":
        shaped = FunctionTransformer(lambda rows: rows.reshape(-1, *shape))
        embedding = AutoencoderEmbedding(frontend=shaped, **settings)
        return lambda: embedding.fit(X.reshape(n_clips, -1))
    frontend = AudioLoader(duration=None) if key == "sample_cnn" else "passthrough"
    method = make_method(key, frontend=frontend, stop_accuracy=None, **settings)
    return lambda: method.fit(X, np.arange(n_clips) % 4)


def seconds(epoch, side):
    """Return CPU seconds and elapsed seconds."""
    with side():
        cpu, elapsed = time.process_time(), time.perf_counter()
        epoch()
        return time.process_time() - cpu, time.perf_counter() - elapsed


if __name__ == "__main__":
    main()
