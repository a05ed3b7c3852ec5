import numpy as np
import pytest


@pytest.fixture(scope="module")
def rows():
    """Twenty rows of three numbers, and their classes."""
    rng = np.random.default_rng(0)
    return rng.normal(size=(20, 3)).astype(np.float32), np.arange(20) % 2
