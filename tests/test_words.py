"""Words of a command line as values."""

from argparse import ArgumentTypeError
from pathlib import Path

import pytest

from sklearn_mer._words import count, not_empty, path, positive


def test_values():
    assert (count("3"), count("2", least=2, most=2), positive("0.5")) == (3, 2, 0.5)
    assert not_empty(" a") == " a"
    assert path("~/a") == Path.home() / "a"


@pytest.mark.parametrize(
    ("read", "word", "message"),
    [
        (count, "0", "whole number from 1 on, got '0'"),
        (count, "1.5", "got '1.5'"),
        (lambda word: count(word, 2, 4), "5", "from 2 to 4"),
        (positive, "nan", "above 0, got 'nan'"),
        (positive, "-1", "above 0"),
        (not_empty, " ", "is empty"),
        (path, "", "is empty"),
    ],
)
def test_wrong_words(read, word, message):
    with pytest.raises(ArgumentTypeError, match=message):
        read(word)
