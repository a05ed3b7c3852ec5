"""Embeddings of waveforms, compared with plain torch loops over the same networks."""

import time

import numpy as np
import torch

from sklearn_mer import AudioLoader
from sklearn_mer.embeddings import MusiCNNEmbedding, TaggerEmbedding, find_weights, load_network
from sklearn_mer.embeddings._frontend import in_patches, musicnn_front_end, tagger_front_end

from ._clips import RATE
from ._turns import ratio, take_turns

_N_CLIPS = 4


def embeddings(paths, options):
    """Compare `transform` with the network as it is: float32, one window at a time, one thread.

    CPU seconds are measured. The published weights are needed.
    """
    n_threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        return [row for name in _SIDES for row in _rows(name, paths[:_N_CLIPS], options.rounds)]
    finally:
        torch.set_num_threads(n_threads)


def _rows(name, paths, rounds):
    cls, network, plain_loops = _SIDES[name]
    net, extras = load_network(find_weights(name), network)
    ours = cls(weights=name, output="tags", cache=False)
    waves = AudioLoader(sample_rate=RATE, duration=ours.duration).fit_transform(paths)
    ours.fit(waves)
    plain = {how: loop(net, extras) for how, loop in plain_loops.items()}
    for how, loop in plain.items():
        difference = np.abs(np.stack([loop(wave) for wave in waves]) - ours.transform(waves)).max()
        print(f"{name}, {how}: tags differ by {difference:.1e} at most")
    sides = {how: lambda loop=loop: [loop(wave) for wave in waves] for how, loop in plain.items()}
    seconds = take_turns(
        rounds, clock=time.process_time, ours=lambda: ours.transform(waves), **sides
    )
    return [
        ratio(
            f"embedding_{name}_vs_{how.replace(' ', '_')}",
            f"waveform of 30 s to tags of {name}: {how} / ours, CPU time",
            seconds[how],
            seconds["ours"],
            per=len(waves),
        )
        for how in plain
    ]


def _plain_tagger(net, extras):
    front_end = tagger_front_end(extras)
    return lambda wave: _tags(net, front_end(wave).unsqueeze(0))


def _plain_musicnn(net, _):
    front_end = musicnn_front_end()
    return lambda wave: np.mean([_tags(net, p[None]) for p in in_patches(front_end(wave), 187)], 0)


def _batched_musicnn(net, _):
    front_end = musicnn_front_end()
    return lambda wave: _tags(net, in_patches(front_end(wave), 187))


@torch.inference_mode()
def _tags(net, inputs):
    return torch.sigmoid(net(inputs)).mean(0).numpy()


_TAGGER = {"plain torch": _plain_tagger}
_MUSICNN = {"plain torch": _plain_musicnn, "plain torch in one batch": _batched_musicnn}
_SIDES = {
    "mtat_crnn": (TaggerEmbedding, "crnn", _TAGGER),
    "msd_fcn": (TaggerEmbedding, "fcn", _TAGGER),
    "MSD_musicnn": (MusiCNNEmbedding, "musicnn", _MUSICNN),
}
