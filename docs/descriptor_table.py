"""The page that lists the descriptors of `EmotionFeatures`, made from the code."""

from sklearn_mer.features import describe_columns
from sklearn_mer.features._statistics import MOMENTS, STATISTICS

_HEAD = """Descriptors
===========

All columns of `EmotionFeatures`, as `describe_columns` lists them one by one; how to use them is in
:doc:`user_guide/descriptors`. A column is named ``dimension__descriptor``, with the part and the
statistic where there are several: ``tone_colour__mfcc_01__mean``. There are {n_columns} columns of
{n_descriptors} descriptors.

Series are summed up by statistics over the clip. *Moments* are ``mean``, ``std``, ``skewness``,
``kurtosis`` (less 3), ``min``, ``max`` and ``median``; *all* has beside them ``texture_mean_std``,
``texture_std_mean`` and ``texture_std_std``: the deviation of the means, the mean of the deviations
and the deviation of the deviations of windows of one second. The unit is that of the series;
skewness and kurtosis have none. Descriptors marked \\* do not depend on the gain.
"""
_TABLE = """
.. list-table::
   :header-rows: 1
   :widths: 26 12 14 8 40

   * - Descriptor
     - Parts
     - Statistics
     - Unit
     - What it is"""


def page():
    """Return the page as reStructuredText."""
    table = describe_columns()
    groups = table.groupby(["dimension", "descriptor"], sort=False)
    head = _HEAD.format(n_columns=len(table), n_descriptors=groups.ngroups)
    sections = [_section(*pair) for pair in table.groupby("dimension", sort=False)]
    return "\n".join([head, *sections])


def _section(dimension, table):
    title = dimension.replace("_", " ").capitalize()
    rows = [_row(*pair) for pair in table.groupby("descriptor", sort=False)]
    about = f"{len(table)} columns, ``dimensions=[{dimension!r}]``."
    return "\n".join([f"\n{title}\n{'-' * len(title)}\n\n{about}", _TABLE, *rows])


def _row(descriptor, table):
    first = table.iloc[0]
    name = f"``{first['dimension']}__{descriptor}``" + (" \\*" if first["gain_invariant"] else "")
    cells = [
        name,
        _parts(list(table["part"].unique())),
        _statistics(list(table["statistic"].unique())),
        _escaped(first["unit"]),
        f"{_escaped(first['description'])} {_source(first['source'])}".strip(),
    ]
    return "\n".join(["   * - " + cells[0], *(f"     - {cell}" for cell in cells[1:])])


def _parts(parts):
    if len(parts) > 6:
        return f"{parts[0]} to {parts[-1]} ({len(parts)})"
    return ", ".join(parts)


def _statistics(names):
    known = {STATISTICS: "all", MOMENTS: "moments", ("",): ""}
    return known.get(tuple(names), ", ".join(names))


def _source(source):
    return "" if source in ("-", "this library") else f"({_escaped(source)})"


def _escaped(text):
    return text.replace("*", "\\*").replace("`", "\\`").replace("|", "\\|")
