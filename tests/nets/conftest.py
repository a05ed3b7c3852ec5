import pytest
import torch


@pytest.fixture(autouse=True)
def _own_generator():
    with torch.random.fork_rng([]):
        torch.manual_seed(0)
        yield
