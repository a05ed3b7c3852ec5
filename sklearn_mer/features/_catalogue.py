"""Table of all columns of `EmotionFeatures`."""

import pandas as pd

from .._docs import share_docs
from ._selection import select_columns
from .dimensions import all_descriptors


@share_docs
def describe_columns(dimensions=None):
    """Return a description of the columns of `EmotionFeatures`.

    Parameters
    ----------
    dimensions : sequence of str or None, default=None
        {dimensions}

    Returns
    -------
    DataFrame
        One row per column, with the name of the column as index, and the columns ``dimension``,
        ``descriptor``, ``part``, ``statistic``, ``unit``, ``gain_invariant``, ``source`` and
        ``description``.

    Raises
    ------
    ValueError
        If a dimension is unknown.

    See Also
    --------
    EmotionFeatures : Compute the descriptors.

    Examples
    --------
    >>> from sklearn_mer.features import describe_columns
    >>> describe_columns(["dynamics"]).loc["dynamics__rms__mean", ["statistic", "unit"]].to_list()
    ['mean', '1']
    """
    wanted = set(select_columns(dimensions, None))
    rows = [row for d in all_descriptors() for row in _rows(d) if row["column"] in wanted]
    return pd.DataFrame(rows).set_index("column")


def _rows(descriptor):
    statistics = descriptor.statistics if descriptor.kind == "series" else ("",)
    pairs = [(part, name) for part in descriptor.parts or ("",) for name in statistics]
    for column, (part, statistic) in zip(descriptor.columns, pairs, strict=True):
        yield {
            "column": column,
            "dimension": descriptor.dimension,
            "descriptor": descriptor.name,
            "part": part,
            "statistic": statistic,
            # Standardised moments have no unit.
            "unit": "1" if statistic in ("skewness", "kurtosis") else descriptor.unit,
            "gain_invariant": descriptor.gain_invariant,
            "source": descriptor.source,
            "description": descriptor.description,
        }
