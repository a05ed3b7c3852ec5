import pytest
import torch

from sklearn_mer.nets import Dropout


def test_identity_in_prediction_and_without_dropping():
    x = torch.randn(100)
    for layer in (Dropout(0.5).eval(), Dropout(0)):
        assert layer(x) is x


def test_it_is_the_one_of_torch():
    x = torch.ones(1000)
    torch.manual_seed(0)
    expected = torch.nn.functional.dropout(x, 0.3)
    torch.manual_seed(0)
    assert torch.equal(Dropout(0.3)(x), expected)


def test_another_function_can_do_it():
    layer = Dropout(0.3)
    layer.function = lambda x, p: x - p
    assert layer(torch.ones(1)).item() == pytest.approx(0.7)


@pytest.mark.parametrize("p", [-0.1, 1, 1.5, float("nan")])
def test_probabilities_that_are_none(p):
    with pytest.raises(ValueError, match="0 <= p < 1"):
        Dropout(p)


def test_it_prints_like_the_one_of_torch():
    assert repr(Dropout(0.1)) == "Dropout(p=0.1)"
