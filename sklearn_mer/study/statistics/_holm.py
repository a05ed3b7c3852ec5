"""Holm's correction for many tests at once."""

import numpy as np


def holm_correction(p_values):
    """Raise p-values so that many tests together keep their level.

    Parameters
    ----------
    p_values : array-like of shape (n_tests,)
        Between 0 and 1, in any order.

    Returns
    -------
    ndarray of shape (n_tests,)
        In the same order. Calling those below 0.05 different is wrong even once with a
        probability of at most 0.05, whatever the dependence between the tests.

    Raises
    ------
    ValueError
        If a value is not a number between 0 and 1, or the values are not in one row.

    References
    ----------
    .. [1] Holm, S. (1979). A simple sequentially rejective multiple test procedure.
       Scandinavian Journal of Statistics 6(2), 65-70.

    Examples
    --------
    >>> from sklearn_mer.study import holm_correction
    >>> holm_correction([0.01, 0.04, 0.03, 0.005])
    array([0.03, 0.06, 0.06, 0.02])
    """
    p_values = np.asarray(p_values, dtype=float)
    if p_values.ndim != 1:
        raise ValueError(f"One row of p-values is needed, got an array of shape {p_values.shape}.")
    if not ((p_values >= 0) & (p_values <= 1)).all():
        raise ValueError(f"p-values lie between 0 and 1, got {p_values.tolist()}.")
    order = np.argsort(p_values)
    # The smallest is multiplied by the number of tests, the next by one less, and so on; none
    # may fall below one that was smaller.
    raised = p_values[order] * np.arange(len(p_values), 0, -1)
    corrected = np.empty_like(p_values)
    corrected[order] = np.minimum(np.maximum.accumulate(raised), 1)
    return corrected
