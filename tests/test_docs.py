"""Docstrings that share paragraphs."""

import pytest

from sklearn_mer._docs import PARAGRAPHS, share_docs


def test_a_name_in_braces_is_replaced_with_the_indent_of_its_line():
    @share_docs
    def function():
        """Do it.

        Parameters
        ----------
        cache : {True, False}
            {cache}
        other : dict
            Not a {cache} of its own.
        """

    lines = [line.strip() for line in PARAGRAPHS["cache"].splitlines()]
    found = function.__doc__.splitlines()
    start = next(i for i, line in enumerate(found) if line.strip() == lines[0])
    assert [line.strip() for line in found[start : start + len(lines)]] == lines
    indents = {len(line) - len(line.lstrip()) for line in found[start : start + len(lines)]}
    assert len(indents) == 1
    assert "cache : {True, False}" in function.__doc__
    assert "Not a {cache} of its own." in function.__doc__


def test_an_unknown_name_is_an_error():
    def function():
        """Do it.

        {no_such_paragraph}
        """

    with pytest.raises(KeyError, match="no_such_paragraph"):
        share_docs(function)
