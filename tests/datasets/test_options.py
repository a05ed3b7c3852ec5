import pytest

from sklearn_mer.datasets import load_4qaed


@pytest.mark.parametrize(
    ("parameter", "value", "allowed"),
    [
        ("features", "top10", "'top100'"),
        ("features", ["top100"], "'top100'"),
        ("on_error", "ignore", "'skip'"),
        ("n_jobs", "two", "an int in the range [1, inf)"),
        ("n_jobs", 0, "None"),
        ("as_frame", "no", "bool"),
        ("return_X_y", 2, "bool"),
        ("verbose", "yes", "an int"),
    ],
)
def test_other_values_of_parameters_are_refused(data_home, parameter, value, allowed):
    with pytest.raises(
        ValueError, match=f"'{parameter}' parameter of load_4qaed must be"
    ) as caught:
        load_4qaed(data_home=data_home, **{parameter: value})
    assert allowed in str(caught.value)
    assert repr(value) in str(caught.value)
