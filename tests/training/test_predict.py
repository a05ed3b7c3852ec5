import torch

from sklearn_mer.training._predict import _exact_convolutions


def test_convolutions_of_a_gpu_are_exact_in_predictions_only():
    cudnn = torch.backends.cudnn
    before = cudnn.allow_tf32, cudnn.deterministic, cudnn.enabled
    with _exact_convolutions():
        assert (cudnn.allow_tf32, cudnn.deterministic, cudnn.enabled) == (False, True, before[2])
    assert (cudnn.allow_tf32, cudnn.deterministic, cudnn.enabled) == before
