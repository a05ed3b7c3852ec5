import torch
from torch import nn

from sklearn_mer.training.cpu import MicroBatchEngine


def test_the_loss_is_the_weighted_mean_whatever_the_micro_batches(rows):
    X, targets = map(torch.from_numpy, rows)
    sample_weight = torch.linspace(0, 2, 20)
    module = nn.Linear(3, 2)
    losses = nn.functional.cross_entropy(module(X), targets, reduction="none")
    expected = (losses * sample_weight).sum() / sample_weight.sum()
    expected.backward()
    gradient = module.weight.grad.clone()
    for micro_batch in (None, 10, 3):
        engine = MicroBatchEngine(
            module,
            nn.CrossEntropyLoss(reduction="none"),
            micro_batch=micro_batch,
            n_threads=2,
            bfloat16=False,
            seed=0,
        )
        loss, _ = engine.run((X,), targets, sample_weight / sample_weight.sum())
        engine.close()
        torch.testing.assert_close(loss, expected.detach())
        torch.testing.assert_close(module.weight.grad, gradient)
