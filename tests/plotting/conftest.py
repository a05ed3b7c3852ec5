import matplotlib
import pytest

matplotlib.use("Agg")

import matplotlib.pyplot as plt
from matplotlib.figure import Figure


@pytest.fixture(autouse=True)
def closed_figures():
    """No test leaves figures of pyplot open."""
    yield
    plt.close("all")


@pytest.fixture
def ax():
    """Axes that pyplot knows nothing of."""
    return Figure().subplots()
