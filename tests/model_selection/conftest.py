import pytest
from sklearn.datasets import make_classification


@pytest.fixture(scope="module")
def table():
    return make_classification(90, 6, n_informative=4, n_classes=3, random_state=0)
