from pathlib import Path

import numpy as np
import pytest
import torch

from sklearn_mer.embeddings import load_network
from sklearn_mer.embeddings._layouts import source_layout


@pytest.mark.parametrize("network", ["crnn", "fcn", "musicnn", "artist", "openl3"])
def test_both_layouts_give_the_same_network(network, nets, files, tmp_path):
    own = tmp_path / "own.pth"
    torch.save(nets[network].state_dict(), own)
    expected = nets[network].state_dict()
    for path in (Path(files[network]), own):
        net, _ = load_network(path, network)
        assert not net.training
        assert not any(parameter.requires_grad for parameter in net.parameters())
        state = net.state_dict()
        assert state.keys() == expected.keys()
        for name in state:
            if not name.endswith("num_batches_tracked"):
                assert torch.equal(state[name], expected[name]), name


def test_the_layout_of_the_keras_models_is_read(nets, tmp_path):
    arrays = source_layout(nets["openl3"].state_dict(), "openl3")
    # Frequency, time, inputs, filters.
    assert arrays["conv2d_3.kernel"].shape == (3, 3, 2, 3)
    kernel, weight = arrays["conv2d_3.kernel"], nets["openl3"].conv2d_3.weight
    assert kernel[2, 0, 1, 0] == weight[0, 1, 2, 0]
    path = tmp_path / "keras.npz"
    np.savez(path, **{name: array.numpy() for name, array in arrays.items()})
    net, extras = load_network(path, "openl3")
    assert not extras
    spectrogram = torch.rand(1, 256, 199)
    assert torch.equal(net(spectrogram), nets["openl3"](spectrogram))
