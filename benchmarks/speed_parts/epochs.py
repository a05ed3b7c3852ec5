"""An epoch of training, compared with plain torch, with Keras and with its own bare loop."""

import numpy as np
import torch

from sklearn_mer import CNNBaseline
from sklearn_mer._memory import kept_memory
from sklearn_mer.nets import MelCNN
from sklearn_mer.training._device import uses_bfloat16
from sklearn_mer.training.cpu import MicroBatchEngine

from ._peers import keras_epoch, plain_epoch
from ._turns import ratio, take_turns

FOLD = 810  # clips in a training fold of the study; seconds are scaled to it


def epochs(paths, options):
    """Compare an epoch of `CNNBaseline` with a plain torch loop and with Keras."""
    data = made_up(options.train_clips)
    sides = {
        "plain": lambda: plain_epoch(*data),
        "float32": lambda: our_epochs(*data, precision="float32"),
        "auto": lambda: our_epochs(*data),
    }
    keras = keras_epoch()
    if keras is not None:
        sides["keras"] = lambda: keras(*data)
    seconds = take_turns(options.rounds, **sides)
    pairs = [("plain", "float32"), ("plain", "auto"), ("keras", "float32"), ("keras", "auto")]
    return [
        epoch_row(seconds, peer, side, options.train_clips)
        for peer, side in pairs
        if peer in seconds
    ]


def epoch_row(seconds, peer, side, n_clips):
    """Return the row of one of our precisions and a peer."""
    peer_name = {"plain": "plain_torch", "keras": "keras"}[peer]
    suffix = "" if side == "auto" else f"_{side}"
    return ratio(
        f"epoch_cnn{suffix}_vs_{peer_name}",
        f"an epoch of cnn on {FOLD} clips: {peer_name} / ours, precision {side!r}",
        seconds[peer],
        seconds[side],
        n_clips / FOLD,
        unit="s",
    )


def overhead(paths, options):
    """Compare two epochs of `fit` with the same gradients and steps in a bare loop."""
    data = made_up(options.train_clips)
    seconds = take_turns(
        options.rounds,
        fit=lambda: our_epochs(*data, max_epochs=2),
        bare=lambda: bare_epochs(*data, max_epochs=2),
    )
    what = "two epochs of cnn: fit / its bare loop"
    per = 2 * options.train_clips / FOLD
    return [ratio("overhead", what, seconds["fit"], seconds["bare"], per, unit="s")]


def made_up(n_clips):
    """Return spectrograms of noise, and targets; the values do not affect the time."""
    rng = np.random.default_rng(0)
    return rng.standard_normal((n_clips, 128, 938), dtype=np.float32), np.arange(n_clips) % 4


def our_epochs(spectrograms, targets, *, max_epochs=1, precision="auto"):
    """Run a whole `fit`."""
    CNNBaseline(
        frontend="passthrough",
        max_epochs=max_epochs,
        stop_accuracy=None,
        precision=precision,
        random_state=0,
        device="cpu",
    ).fit(spectrograms, targets)


def bare_epochs(spectrograms, targets, *, max_epochs, batch_size=32):
    """Do only the arithmetic of `fit`: no skorch, no callbacks, no checks."""
    net = MelCNN((128, 938), 4).to(memory_format=torch.channels_last)
    optimizer = torch.optim.AdamW(net.parameters())
    inputs, targets = torch.from_numpy(spectrograms), torch.from_numpy(targets)
    n_threads = torch.get_num_threads()
    torch.set_num_threads(1)
    engine = MicroBatchEngine(
        net,
        torch.nn.CrossEntropyLoss(),
        micro_batch=CNNBaseline._micro_batch,
        n_threads=n_threads,
        bfloat16=uses_bfloat16("auto", "cpu"),
        seed=0,
    )
    with kept_memory():
        for _ in range(max_epochs):
            for rows in torch.randperm(len(targets)).split(batch_size):
                engine.run((inputs[rows],), targets[rows])
                optimizer.step()
    engine.close()
    torch.set_num_threads(n_threads)
