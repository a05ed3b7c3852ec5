import torch

from sklearn_mer.nets import MelCNNGRU

from .sizes import CLIP, conv, dense, gru, n_parameters, norm


def test_size_of_the_cnn_with_grus():
    convolutions = conv(1, 16, 25) + 3 * conv(16, 16, 25) + 3 * norm(16)
    last = dense(50, 300) + dense(300, 75) + dense(75, 4)
    net = MelCNNGRU(CLIP, 4, n_units=50)
    assert n_parameters(net) == convolutions + gru(80, 50) + gru(50, 50) + last
    assert net.sequence(torch.zeros(2, *CLIP)).shape == (2, 25, 80)
    one_step = MelCNNGRU(CLIP, 4, n_units=50, one_step=True)
    assert n_parameters(one_step) == convolutions + gru(2000, 50) + gru(50, 50) + last
    assert one_step.sequence(torch.zeros(2, *CLIP)).shape == (2, 1, 2000)


def test_the_grus_get_time_in_order():
    net = MelCNNGRU(CLIP, 4, n_units=4).eval()
    spectrograms = torch.zeros(1, *CLIP)
    spectrograms[:, :, 600:] = 1
    differs = (net.sequence(spectrograms) != net.sequence(torch.zeros(1, *CLIP))).any(2)[0]
    first = int(differs.nonzero()[0])
    assert differs[first:].all()
    # Steps are 36 frames apart, and each hears about a hundred.
    assert 600 / 36 - 4 < first < 600 / 36
    assert not differs[:first].any()
