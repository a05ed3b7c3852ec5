"""Comparisons of rows as text."""

from ..statistics._comparisons import ROPE
from ._markdown import pipe_table

COMPARISON_HEAD = ("First", "Other", "Folds", "Difference", "95 % interval", "p", "Holm")
COMPARISON_HEAD += ("Better", "Alike", "Worse")
COMPARISONS_NOTE = (
    "Each pair on the folds that both have, best row first. Difference: first less other, "
    "percent, with its 95 % interval. p: corrected paired t-test; Holm: the same after Holm's "
    "correction for all pairs here. Then the probabilities that the first is better by more than "
    f"{ROPE:g} point, that they are within {ROPE:g} point, and that it is worse by more."
)


def comparisons_markdown(comparisons):
    """Return comparisons as Markdown.

    Parameters
    ----------
    comparisons : DataFrame
        From :func:`compare_rows`.

    Returns
    -------
    str

    Examples
    --------
    >>> import pandas as pd
    >>> from sklearn_mer.study import compare_rows, comparisons_markdown
    >>> scores = pd.DataFrame({"a": [70.0, 74.0, 78.0, 72.0], "b": [66.0, 69.0, 76.0, 67.0]})
    >>> print(comparisons_markdown(compare_rows(scores, 1 / 4)))
    | First | Other | Folds | Difference |  95 % interval |     p |  Holm | Better | Alike | Worse |
    |:------|:------|------:|-----------:|---------------:|------:|------:|-------:|------:|------:|
    | a     | b     |     4 |      +4.00 | +0.82 to +7.18 | 0.028 | 0.028 |   97 % |   2 % | < 1 % |
    """
    lines = [comparison_cells(row) for row in comparisons.itertuples()]
    return pipe_table(COMPARISON_HEAD, lines, n_left=2)


def comparison_cells(row):
    """Return what a comparison says under each of ``COMPARISON_HEAD``, as text."""
    probabilities = (row.first_better, row.equivalent, row.second_better)
    return [
        str(row.first),
        str(row.second),
        str(row.n_folds),
        f"{row.difference:+.2f}",
        f"{row.ci95_low:+.2f} to {row.ci95_high:+.2f}",
        _p(row.p),
        _p(row.p_holm),
        *map(_probability, probabilities),
    ]


def _p(value):
    return "< 0.001" if value < 0.001 else f"{value:.3f}"


def _probability(value):
    # Neither end is ever reached but by rows that differ by the same on every fold.
    if 0 < value < 0.01 or 0.99 < value < 1:
        return "< 1 %" if value < 0.5 else "> 99 %"
    return f"{100 * value:.0f} %"
