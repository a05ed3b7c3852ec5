import itertools

import pytest
import torch

from sklearn_mer.nets import MelCRNN

from .sizes import CLIP, conv, dense, gru, n_parameters, norm


def test_size_of_the_crnn():
    filters = (1, 64, 128, 128, 128)
    blocks = sum(conv(i, f, 9) + norm(f) for i, f in itertools.pairwise(filters))
    net = MelCRNN(CLIP, 4)
    assert n_parameters(net) == norm(1) + blocks + gru(128, 32) + gru(32, 32) + dense(32, 4)
    assert net.blocks(torch.zeros(1, 1, *CLIP)).shape == (1, 128, 1, 9)


@pytest.mark.parametrize(("shape", "maps"), [((96, 96), (1, 1)), ((200, 500), (2, 5))])
def test_the_crnn_takes_other_sizes(shape, maps):
    net = MelCRNN(shape, 3, width=2).eval()
    assert net.blocks(torch.zeros(1, 1, *shape)).shape == (1, 4, *maps)
    assert net(torch.zeros(2, *shape)).shape == (2, 3)


@pytest.mark.parametrize("shape", [(95, 300), (300, 95)])
def test_spectrograms_too_small_for_the_crnn(shape):
    with pytest.raises(ValueError, match=r"too small.*at least 96 x 96.*longer clips"):
        MelCRNN(shape, 4)
