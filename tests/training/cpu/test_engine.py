"""The gradients of the engine are those of plain torch."""

import numpy as np
import pytest
import torch
from torch import nn

from sklearn_mer.nets import FeatureDNN, HybridNet, MelCNN
from sklearn_mer.training._settings import OPTIMIZERS
from sklearn_mer.training.cpu._engine import MicroBatchEngine

SHAPE = (61, 77)
LOSS = nn.CrossEntropyLoss()


def network(dropout=0.0, norm_last=True):
    torch.manual_seed(0)
    return MelCNN(SHAPE, 4, conv_dropout=dropout, dense_dropout=dropout, norm_last=norm_last)


@pytest.fixture(autouse=True)
def _one_thread(torch_threads):
    # Sums over several threads round otherwise, in the sixth digit.
    torch_threads(1)
    with torch.random.fork_rng([]):
        yield


@pytest.fixture(scope="module")
def batch():
    rng = np.random.default_rng(0)
    spectrograms = rng.normal(size=(13, *SHAPE)).astype(np.float32)
    return (torch.from_numpy(spectrograms),), torch.from_numpy(rng.integers(0, 4, 13))


def run_engine(module, batch, *, micro_batch, n_threads=1, bfloat16=False, steps=1, seed=0):
    engine = MicroBatchEngine(
        module, LOSS, micro_batch=micro_batch, n_threads=n_threads, bfloat16=bfloat16, seed=seed
    )
    try:
        return [engine.run(*batch) for _ in range(steps)][-1]
    finally:
        engine.close()


def plain(module, inputs, targets):
    """Return loss, logits and gradients by torch alone."""
    module.train()
    module.zero_grad()
    logits = module(*inputs)
    loss = LOSS(logits, targets)
    loss.backward()
    return loss.detach(), logits.detach(), gradients_of(module)


def gradients_of(module):
    return {name: value.grad.clone() for name, value in module.named_parameters()}


def buffers_of(module):
    return {name: value.clone() for name, value in module.named_buffers()}


def assert_close(one, other, tolerance=1e-6):
    assert one.keys() == other.keys()
    for name, value in one.items():
        torch.testing.assert_close(
            value, other[name], rtol=tolerance, atol=tolerance, msg=lambda m, n=name: f"{n}: {m}"
        )


def assert_bit_equal(one, other):
    assert one.keys() == other.keys()
    assert all(torch.equal(value, other[name]) for name, value in one.items())


@pytest.mark.parametrize("micro_batch", [None, 13, 50])
def test_whole_batch_is_plain_torch(micro_batch, batch):
    reference, module = network(), network()
    loss, logits, gradients = plain(reference, *batch)
    got_loss, got_logits = run_engine(module, batch, micro_batch=micro_batch)
    torch.testing.assert_close(got_loss, loss, rtol=1e-6, atol=1e-6)
    torch.testing.assert_close(got_logits, logits, rtol=1e-6, atol=1e-6)
    assert_close(gradients_of(module), gradients)
    assert_close(buffers_of(module), buffers_of(reference))
    # The test has something to see: statistics moved, gradients are no zeros.
    assert not torch.equal(
        module.blocks[0].norm.running_mean, network().blocks[0].norm.running_mean
    )
    assert all(gradient.abs().max() > 1e-5 for name, gradient in gradients.items() if "w" in name)


def test_two_batches_move_the_statistics_as_in_plain_torch(batch):
    reference, module = network(), network()
    for _ in range(2):
        plain(reference, *batch)
    run_engine(module, batch, micro_batch=None, steps=2)
    assert_close(buffers_of(module), buffers_of(reference))
    assert module.blocks[0].norm.num_batches_tracked == 2


@pytest.mark.parametrize("n_threads", [1, 2])
def test_micro_batches_add_up_by_their_size(n_threads, batch):
    (inputs,), targets = batch
    module = network()
    loss, logits = run_engine(module, batch, micro_batch=5, n_threads=n_threads)
    pieces = [slice(0, 4), slice(4, 9), slice(9, 13)]
    expected = {name: torch.zeros_like(value) for name, value in network().named_parameters()}
    expected_loss, statistics = 0.0, []
    for piece in pieces:
        reference = network()
        piece_loss, piece_logits, gradients = plain(reference, (inputs[piece],), targets[piece])
        share = (piece.stop - piece.start) / 13
        expected_loss += share * piece_loss
        for name, gradient in gradients.items():
            expected[name] += share * gradient
        torch.testing.assert_close(logits[piece], piece_logits, rtol=1e-6, atol=1e-6)
        statistics.append(buffers_of(reference))
    torch.testing.assert_close(loss, expected_loss, rtol=1e-6, atol=1e-6)
    # Weighted here after, there before going backward: that rounds otherwise.
    assert_close(gradients_of(module), expected, tolerance=1e-5)
    # Running statistics: one step towards the mean of the pieces' statistics.
    for name, value in buffers_of(module).items():
        if "running" in name:
            mean = torch.stack([s[name] for s in statistics]).mean(0)
            torch.testing.assert_close(value, mean, rtol=1e-6, atol=1e-6)
    assert module.blocks[0].norm.num_batches_tracked == 1


@pytest.mark.parametrize("bfloat16", [False, True])
def test_threads_do_not_change_a_bit(bfloat16, batch):
    results = []
    for n_threads in (1, 2, 3):
        module = network(dropout=0.3)
        loss, logits = run_engine(
            module, batch, micro_batch=4, n_threads=n_threads, bfloat16=bfloat16, steps=2
        )
        results.append({"loss": loss, "logits": logits} | gradients_of(module) | buffers_of(module))
    assert_bit_equal(results[0], results[1])
    assert_bit_equal(results[0], results[2])


def test_dropout_follows_the_seed_the_step_and_the_piece(batch):
    def logits(seed, steps=1):
        module = network(dropout=0.3)
        return run_engine(module, batch, micro_batch=None, seed=seed, steps=steps)[1]

    assert torch.equal(logits(0), logits(0))
    assert not torch.equal(logits(0), logits(1))
    assert not torch.equal(logits(0), logits(0, steps=2))


def test_pieces_of_one_batch_have_masks_of_their_own():
    masks = []

    class Masks(nn.Module):
        def __init__(self):
            super().__init__()
            self.drop, self.weight = nn.Dropout(0.5), nn.Parameter(torch.ones(1))

        def forward(self, x):
            masks.append(self.drop(x))
            return masks[-1] * self.weight

    run_engine(Masks(), ((torch.ones(4, 64),), torch.zeros(4, dtype=int)), micro_batch=2)
    first, second = masks
    assert not torch.equal(first, second)
    assert first.count_nonzero() > 0


def test_bfloat16_comes_near(batch):
    reference, module = network(), network()
    _, logits, gradients = plain(reference, *batch)
    _, got = run_engine(module, batch, micro_batch=None, bfloat16=True)
    assert got.dtype == torch.float32
    assert not torch.equal(got, logits)
    torch.testing.assert_close(got, logits, rtol=0.1, atol=0.1)
    for name, gradient in gradients_of(module).items():
        assert gradient.dtype == torch.float32
        if "weight" in name and "norm" not in name:
            cosine = nn.functional.cosine_similarity(
                gradient.flatten(), gradients[name].flatten(), dim=0
            )
            assert cosine > 0.98


def test_frozen_branch_and_unused_layers(batch):
    # As loss.backward() does: no gradient for what is frozen or was not needed.
    (spectrograms,), targets = batch
    features = torch.randn(13, 6)
    torch.manual_seed(1)
    module = HybridNet(network(), FeatureDNN(6, 4), 4)
    frozen = buffers_of(module.dnn)
    run_engine(module, ((spectrograms, features), targets), micro_batch=5, n_threads=2)
    for name, value in module.named_parameters():
        unused = name.startswith(("dnn.", "cnn.output_layer."))
        assert (value.grad is None) == unused, name
    assert_bit_equal(buffers_of(module.dnn), frozen)


@pytest.mark.parametrize("micro_batch", [None, 2, 3, 4, 8, 32])
def test_no_piece_is_a_single_clip(micro_batch):
    engine = MicroBatchEngine(
        nn.Linear(1, 1), LOSS, micro_batch=micro_batch, n_threads=1, bfloat16=False, seed=0
    )
    for n_clips in range(2, 150):
        pieces = engine._pieces(n_clips)
        sizes = [piece.stop - piece.start for piece in pieces]
        assert min(sizes) >= 2
        assert max(sizes) - min(sizes) <= 1
        assert np.concatenate([np.arange(n_clips)[piece] for piece in pieces]).tolist() == list(
            range(n_clips)
        )
        if micro_batch is None:
            assert len(sizes) == 1
        elif n_clips % micro_batch != 1 or micro_batch > 2:
            assert max(sizes) <= max(micro_batch, 3)
    engine.close()


class Turned(torch.autograd.Function):
    """Leaves values alone, and turns the memory of their gradient."""

    @staticmethod
    def forward(ctx, values):
        return values.clone()

    @staticmethod
    def backward(ctx, gradient):
        return gradient.t().contiguous().t()


class TurningNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.arange(12.0).view(4, 3) / 12)
        self.unused = nn.Parameter(torch.zeros(1))

    def forward(self, values):
        return values @ Turned.apply(self.weight).t()


def test_gradients_lie_in_memory_as_their_parameters_do():
    """Fused optimizers read both one after the other, as if they did."""
    module, inputs, targets = TurningNet(), torch.randn(6, 3), torch.arange(6) % 4
    expected = torch.autograd.grad(LOSS(module(inputs), targets), module.weight)[0]
    assert expected.stride() != module.weight.stride()
    run_engine(module, ((inputs,), targets), micro_batch=3)
    assert module.weight.grad.stride() == module.weight.stride()
    torch.testing.assert_close(module.weight.grad, expected)
    assert module.unused.grad is None


def test_all_threads_are_there_for_the_optimizer_alone():
    engine = MicroBatchEngine(network(), LOSS, micro_batch=4, n_threads=3, bfloat16=False, seed=0)
    with engine.all_threads():
        assert torch.get_num_threads() == 3
    assert torch.get_num_threads() == 1
    engine.close()


@pytest.mark.parametrize("optimizer", OPTIMIZERS.values())
def test_threads_do_not_change_a_step_of_a_fused_optimizer(optimizer, torch_threads):
    optimizer_class = getattr(torch.optim, optimizer)
    sizes = (1, 7, 33, 65_537, 100_003)

    def stepped(n_threads, **options):
        torch_threads(n_threads)
        generator = torch.Generator().manual_seed(0)
        parameters = [nn.Parameter(torch.randn(n, generator=generator)) for n in sizes]
        steps = optimizer_class(parameters, lr=0.1, weight_decay=0.01, **options)
        for _ in range(3):
            for values in parameters:
                values.grad = torch.randn(values.shape, generator=generator)
            steps.step()
        return [values.detach() for values in parameters]

    alone = stepped(1, fused=True)
    for values, plain_values in zip(alone, stepped(1), strict=True):
        torch.testing.assert_close(values, plain_values)
    for n_threads in (2, 3):
        assert all(map(torch.equal, stepped(n_threads, fused=True), alone))
