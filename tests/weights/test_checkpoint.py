"""TensorFlow checkpoints: whole, odd and damaged ones."""

import random

import numpy as np
import pytest

from sklearn_mer.weights import WeightsError
from sklearn_mer.weights._checkpoint import read_checkpoint

from .small_originals import HEADER, LAYERS, SLOTS, checkpoint, entry, field, table


@pytest.mark.parametrize("per_block", [1, 3, 100])
def test_variables_come_back(per_block):
    arrays = {**LAYERS, **SLOTS, "global_step": np.array(7, dtype="<i8")}
    found = read_checkpoint(*checkpoint(arrays, per_block=per_block))
    assert found.keys() == LAYERS.keys() | SLOTS.keys()
    for name, array in found.items():
        np.testing.assert_array_equal(array, arrays[name])
        assert array.shape == arrays[name].shape
        assert array.dtype == np.float32


ONE = np.ones((2, 3), dtype="<f4")
WRONG = {
    "ends after its file": entry(ONE, 4),
    r"shape \[2, 3\] has 20 bytes": field(1, 1)
    + field(2, field(2, field(1, 2)) * 0)
    + field(2, field(2, field(1, 2)) + field(2, field(1, 3)))
    + field(5, 20),
    "in slices": entry(ONE, 0, more=field(7, b"")),
    "no number": field(1, b"one"),
    "no message": field(1, 1) + field(2, 5),
    "unknown kind 3": bytes([1 << 3 | 3]),
    "more than 64 bits": field(1, 1) + bytes([4 << 3]) + b"\xff" * 11,
    "ends after its block": field(1, 1) + bytes([2 << 3 | 2, 100]),
    r"shape \[0, 18446744073709551615\]": field(1, 1)
    + field(2, field(2, b"") + field(2, field(1, 2**64 - 1)))
    + field(5, 8),
    "[Mm]aximum|too large|cannot reshape": field(1, 1)
    + field(2, field(2, b"") + field(2, field(1, 2**64 - 1))),
}


@pytest.mark.parametrize("message", WRONG)
def test_entries_that_do_not_fit(message):
    index = table([(b"", HEADER), (b"a/kernel", WRONG[message])])
    with pytest.raises(WeightsError, match=rf"no whole TensorFlow checkpoint: .*({message})"):
        read_checkpoint(index, ONE.tobytes())


@pytest.mark.parametrize(
    ("message", "options"),
    [
        ("not in one file", {"header": field(1, 2)}),
        ("big-endian", {"header": field(1, 1) + field(2, 1)}),
        ("compressed", {"compression": 1}),
    ],
)
def test_other_checkpoints(message, options):
    with pytest.raises(WeightsError, match=message):
        read_checkpoint(*checkpoint(LAYERS, **options))


def test_a_block_counts_once():
    with pytest.raises(WeightsError, match="overlap"):
        read_checkpoint(*checkpoint(LAYERS, again=1000))


def test_a_damaged_index_is_refused_or_read():
    index, data = checkpoint({**LAYERS, **SLOTS})
    rng = random.Random(0)
    outcomes = set()
    damaged = [index[:n] for n in range(len(index))]
    for _ in range(1500):
        content = bytearray(index)
        for _ in range(rng.choice((1, 1, 2, 8))):
            byte = rng.choice((0, 1, 127, 128, 255, rng.randrange(256)))
            content[rng.randrange(len(content))] = byte
        damaged.append(bytes(content))
    for content in damaged:
        try:
            arrays = read_checkpoint(content, data)
            assert sum(array.nbytes for array in arrays.values()) <= 10 * len(data)
            outcomes.add("read")
        except WeightsError:
            outcomes.add("refused")
    assert outcomes == {"read", "refused"}
