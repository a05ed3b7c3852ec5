import numpy as np
import pytest
import torch

from sklearn_mer.nets import OpenL3Net

BANDS = {"linear": 257, "mel128": 128, "mel256": 256}
FRAMES = {"linear": 197, "mel128": 199, "mel256": 199}


@pytest.mark.parametrize("input_repr", BANDS)
@pytest.mark.parametrize("size", [512, 6144])
def test_published_sizes_of_the_embedding(input_repr, size):
    net = OpenL3Net((1, 1, 1, 512)).eval()
    spectrogram = torch.rand(1, BANDS[input_repr], FRAMES[input_repr])
    # The pools of the Keras models; they fit the maps exactly.
    pool = {512: (32, 24), 6144: (8, 8)}[size]
    if input_repr == "mel128":
        pool = (pool[0] // 2, pool[1])
    with torch.inference_mode():
        maps = net.maps(spectrogram)
        cells = torch.nn.functional.max_pool2d(maps, pool)
        got = net.hidden(spectrogram, {512: (1, 1), 6144: (4, 3)}[size])
    assert got.shape == (1, size)
    # Keras flattens with the filters last.
    np.testing.assert_array_equal(got[0], np.moveaxis(cells[0].numpy(), 0, -1).reshape(-1))
