import torch

from sklearn_mer.nets import ArtistNet


def noise(*shape):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(0))


def test_artist_convolutions_keep_the_length():
    net = ArtistNet().eval()
    lengths = []
    for block in net.blocks:
        block.register_forward_hook(lambda *args: lengths.append(args[2].shape[2]))
    assert net(noise(2, 128, 129)).shape == (2, 256)
    assert lengths == [32, 8, 2, 1, 1]
