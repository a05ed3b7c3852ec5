"""The order of axes in memory."""

import numpy as np
import pytest
import torch

from sklearn_mer.models._layout import from_memory_order, in_memory_order


def back(array):
    stored, layout = in_memory_order(array)
    assert stored.flags.c_contiguous
    return from_memory_order(stored, **layout) if layout else stored


@pytest.mark.parametrize(
    "array",
    [
        np.arange(6.0).reshape(2, 3),
        np.arange(6.0).reshape(2, 3).T,
        np.asfortranarray(np.arange(24).reshape(2, 3, 4)),
        np.arange(24).reshape(2, 3, 4).transpose(2, 0, 1),
        np.array(3.0),
        np.zeros((0, 3)).T,
        np.array([["a", "bc"]]).T,
    ],
)
def test_arrays_keep_their_order(array):
    found = back(array)
    np.testing.assert_array_equal(found, array)
    assert found.dtype == array.dtype
    if array.size:
        assert found.strides == array.strides


@pytest.mark.parametrize("shape", [(2, 3, 4, 5), (4, 1, 3, 3), (1, 4, 1, 1), (4, 3, 1, 1)])
def test_tensors_keep_channels_last(shape):
    last = torch.arange(float(np.prod(shape))).reshape(shape)
    last = last.to(memory_format=torch.channels_last)
    for tensor in (last, last.contiguous()):
        found = torch.from_numpy(back(tensor.numpy()))
        assert torch.equal(found, tensor)
        assert found.stride() == tensor.stride()


@pytest.mark.parametrize("array", [np.arange(12.0).reshape(3, 4)[:, ::2], np.arange(4)[::-1]])
def test_views_become_whole_arrays(array):
    np.testing.assert_array_equal(back(array), array)


@pytest.mark.parametrize(
    ("axes", "strides"),
    [
        ([1, 0], [1, 3]),
        ([1, 0], [0, 0]),
        ([1, 0], [1, 2**40]),
        ([1, 0], [-1, 2]),
        ([1, 0], [1]),
        ([1, 1], [1, 2]),
        ([1, -1], [1, 2]),
        ([1], [1]),
        ([1.0, 0.0], [1, 2]),
        ([True, False], [1, 2]),
        (None, [1, 2]),
        ("10", [1, 2]),
        ([1, 0], None),
    ],
)
def test_layouts_that_leave_the_array_are_refused(axes, strides):
    with pytest.raises(ValueError, match=r"order of its axes|strides"):
        from_memory_order(np.zeros((3, 2)), axes, strides)
