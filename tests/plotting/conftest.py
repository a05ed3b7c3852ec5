import matplotlib
import pytest

matplotlib.use("Agg")

import matplotlib.pyplot as plt
from matplotlib.figure import Figure


@pytest.fixture(autouse=True)
def closed_figures():
    """Close all figures of pyplot after each test."""
    yield
    plt.close("all")


@pytest.fixture
def ax():
    """Axes of a figure outside of pyplot."""
    return Figure().subplots()
