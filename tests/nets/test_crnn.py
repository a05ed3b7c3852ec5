import torch
from torch import nn

from sklearn_mer.nets import TaggingCRNN


def noise(*shape):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(0))


def test_the_state_is_the_last_one_of_the_recurrence():
    net = TaggingCRNN((2, 2, 2, 2), 3, 4).eval()
    maps = []
    net.layer4.register_forward_hook(lambda *args: maps.append(args[2]))
    state = net.hidden(noise(2, 96, 400))
    gru = nn.GRU(2, 3, 2)
    gru.load_state_dict(net.layer5.state_dict())
    _, last = gru(maps[0][:, :, 0].permute(2, 0, 1))
    assert maps[0].shape == (2, 2, 1, 4)
    torch.testing.assert_close(state, last[-1])
