import pytest
import torch
from torch.nn import functional as F

from sklearn_mer.nets import MelAutoencoder

from .narrow_maps import SHAPES, check_gradients_in_bfloat16


def autoencoder(shape):
    return MelAutoencoder(shape, n_filters=(4, 8, 8, 16), n_latent=6)


@pytest.mark.parametrize("channels_last", [False, True])
@pytest.mark.parametrize("shape", SHAPES)
def test_gradients_in_bfloat16_are_those_of_float32(shape, channels_last):
    torch.manual_seed(0)
    check_gradients_in_bfloat16(autoencoder(shape), shape, channels_last)


@pytest.mark.parametrize("shape", SHAPES)
def test_the_autoencoder_is_plain_convolutions(shape):
    torch.manual_seed(0)
    net = autoencoder(shape).eval()
    maps = inputs = torch.rand(2, *shape).unsqueeze(1) * 2 - 1
    sizes = [tuple(shape)]
    with torch.inference_mode():
        for layer in net.down:
            maps = F.leaky_relu(F.conv2d(maps, layer.weight, layer.bias, 2, 2), 0.2)
            sizes.append(tuple(maps.shape[2:]))
        code = net.to_code(maps.flatten(1))
        torch.testing.assert_close(net.hidden(inputs[:, 0]), code)
        maps = net.from_code(code).view_as(maps)
        for layer, size in zip(net.up, reversed(sizes[:-1]), strict=True):
            padding = tuple(1 - n % 2 for n in size)
            maps = F.conv_transpose2d(maps, layer.weight, layer.bias, 2, 2, padding)
            assert maps.shape[2:] == size
            maps = F.leaky_relu(maps, 0.2) if layer is not net.up[-1] else maps.tanh()
        torch.testing.assert_close(net.decode(code), maps[:, 0])


@pytest.mark.parametrize("shape", [(128, 942), (128, 79), (61, 77), (16, 16), (5, 3), (1, 1)])
@pytest.mark.parametrize("n_latent", [None, 6])
def test_the_way_back_has_the_shape_of_the_way_there(shape, n_latent):
    net = MelAutoencoder(shape, n_latent=n_latent).eval()
    with torch.inference_mode():
        code = net.hidden(torch.zeros(2, *shape))
        assert code.shape == (2, net.n_values)
        assert net.decode(code).shape == (2, *shape)
        assert net(torch.zeros(2, *shape), torch.zeros(2, *shape)).shape == (2, 2, *shape)


def test_the_code_of_thirty_seconds_is_that_of_the_study():
    assert MelAutoencoder((128, 942)).map_shape == (128, 8, 59)
