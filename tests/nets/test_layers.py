"""Parts that several networks share."""

import pytest
import torch

from sklearn_mer.nets import MelCNNGRU, MelCRNN, SampleNet, ShortChunkNet


@pytest.mark.parametrize(
    ("make", "shape"),
    [
        (lambda **p: MelCNNGRU((64, 160), 4, n_units=5, **p), (64, 160)),
        (lambda **p: MelCRNN((96, 200), 4, width=2, **p), (96, 200)),
        (lambda **p: ShortChunkNet((64, 40), 4, width=2, **p), (64, 40)),
        (lambda **p: SampleNet((59049,), 4, width=1, **p), (59049,)),
    ],
    ids=["cnn_gru", "crnn", "short_chunk", "sample_cnn"],
)
def test_input_is_standardised_and_gradients_reach_all(make, shape):
    values = torch.randn(3, *shape)
    plain, scaled = make(), make(mean=-30.0, std=12.0)
    own = {name: value for name, value in scaled.state_dict().items() if "standardize" in name}
    scaled.load_state_dict({**plain.state_dict(), **own})
    torch.testing.assert_close(
        scaled.eval()(12 * values - 30), plain.eval()(values), rtol=1e-3, atol=1e-3
    )
    plain.train()(values).square().sum().backward()
    assert all(p.grad is not None for p in plain.parameters())
    moved = [float(p.grad.abs().max()) > 0 for p in plain.parameters() if p.dim() > 1]
    assert all(moved)
