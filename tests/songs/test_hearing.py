"""How many seconds a fitted classifier hears."""

import pytest
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from sklearn_mer import SummaryFeatures, load_model
from sklearn_mer.songs._hearing import heard_seconds


def test_a_ready_model():
    assert heard_seconds(load_model("default")) == 30.0


@pytest.mark.parametrize("n_others", [0, 3, 50])
def test_a_part_is_found_after_others_that_hear_nothing(n_others):
    scaler = StandardScaler()
    scaler.others_ = [{"a": i} for i in range(n_others)]
    scaler.last_ = {"a": SummaryFeatures(offset=1.0, duration=4.0)}
    assert heard_seconds(scaler) == 5.0


def test_without_a_part_that_hears():
    with pytest.raises(TypeError, match="has no part that hears audio"):
        heard_seconds(make_pipeline(StandardScaler()))
