"""Student's t for scores of overlapping folds: the interval and the test."""

from dataclasses import dataclass

import numpy as np
from scipy import stats


@dataclass(frozen=True)
class CorrectedT:
    """The mean of a row's scores, or of two rows' differences, and how uncertain it is.

    Everything said of a mean here, from its interval to the probability that two rows are
    alike, is read off this one distribution.

    Attributes
    ----------
    mean : float
    scale : float
        Corrected standard error; 0 where all values are equal.
    dof : int
        Degrees of freedom, one below the number of folds.
    """

    mean: float
    scale: float
    dof: int

    @classmethod
    def of(cls, values, test_ratio):
        """Estimate it from one value a fold.

        Parameters
        ----------
        values : array-like of shape (n_folds,)
        test_ratio : float
            Test clips for each training clip.

        Returns
        -------
        CorrectedT

        Raises
        ------
        ValueError
            If there are fewer than two values, one is not finite, or the ratio is negative.
        """
        values = _check_values(values)
        if not (np.isfinite(test_ratio) and test_ratio >= 0):
            raise ValueError(
                f"test_ratio is the number of test clips for each training clip, a finite number "
                f"from 0 (1/9 for ten folds); got {test_ratio!r}."
            )
        # A plain t has 1/n alone. Folds share training clips, so their scores move together,
        # and the mean of many folds is less certain than that of as many independent ones.
        variance = values.var(ddof=1) * (1 / len(values) + test_ratio)
        return cls(float(values.mean()), float(np.sqrt(variance)), len(values) - 1)

    def below(self, value):
        """Return the probability below a value."""
        if self.scale == 0:
            return float(self.mean < value)
        return float(stats.t.cdf(value, self.dof, self.mean, self.scale))

    def above(self, value):
        """Return the probability above a value."""
        if self.scale == 0:
            return float(self.mean > value)
        return float(stats.t.sf(value, self.dof, self.mean, self.scale))

    def interval(self, confidence):
        """Return the two ends of the central interval that holds this share of it."""
        if not 0 < confidence < 1:
            raise ValueError(f"confidence lies between 0 and 1 (0.95, say), got {confidence!r}.")
        half = float(stats.t.ppf((1 + confidence) / 2, self.dof)) * self.scale
        return self.mean - half, self.mean + half


def _check_values(values):
    values = np.asarray(values, dtype=float)
    if values.ndim != 1 or len(values) < 2:
        raise ValueError(
            f"One value a fold of at least 2 folds is needed, got an array of shape "
            f"{values.shape}. Compute more folds."
        )
    if not np.isfinite(values).all():
        raise ValueError(
            f"{np.sum(~np.isfinite(values))} of {len(values)} values are not finite numbers. "
            "Leave out folds without a score."
        )
    return values


def corrected_interval(scores, test_ratio, *, confidence=0.95):
    """Return a confidence interval of a mean over folds that overlap.

    Parameters
    ----------
    scores : array-like of shape (n_folds,)
        One score a fold, in any unit.
    test_ratio : float
        Test clips for each training clip: 1/9 for ten folds. With 0 this is the interval of
        the plain t, as for independent scores.
    confidence : float, default=0.95
        Between 0 and 1.

    Returns
    -------
    low, high : float
        In the unit of the scores. Few folds give a wide interval, which may pass the ends of
        the scale.

    Raises
    ------
    ValueError
        If there are fewer than two scores, one is not finite, or an option is out of range.

    Notes
    -----
    The variance of the mean is taken as the variance over folds times
    ``1 / n_folds + test_ratio`` [1]_; for repeated folds, see [2]_.

    References
    ----------
    .. [1] Nadeau, C. and Bengio, Y. (2003). Inference for the generalization error. Machine
       Learning 52(3), 239-281.
    .. [2] Bouckaert, R. R. and Frank, E. (2004). Evaluating the replicability of significance
       tests for comparing learning algorithms. PAKDD 2004, 3-12.

    Examples
    --------
    >>> from sklearn_mer.study import corrected_interval
    >>> low, high = corrected_interval([70.0, 74.0, 78.0, 72.0, 76.0], 1 / 4)
    >>> print(f"{low:.2f} to {high:.2f}")
    68.11 to 79.89
    >>> low, high = corrected_interval([70.0, 74.0, 78.0, 72.0, 76.0], 0)  # as if independent
    >>> print(f"{low:.2f} to {high:.2f}")
    70.07 to 77.93
    """
    return CorrectedT.of(scores, test_ratio).interval(confidence)


def corrected_t_test(differences, test_ratio):
    """Test whether two methods differ, from their differences on the same folds.

    Parameters
    ----------
    differences : array-like of shape (n_folds,)
        Score of one method less that of the other, fold by fold.
    test_ratio : float
        Test clips for each training clip: 1/9 for ten folds. With 0 this is the plain paired
        t-test.

    Returns
    -------
    t : float
        Infinite where all differences are equal and not 0; 0 where all are 0.
    p : float
        Two-sided.

    Raises
    ------
    ValueError
        If there are fewer than two differences, one is not finite, or the ratio is negative.

    References
    ----------
    .. [1] Nadeau, C. and Bengio, Y. (2003). Inference for the generalization error. Machine
       Learning 52(3), 239-281.

    Examples
    --------
    >>> from sklearn_mer.study import corrected_t_test
    >>> t, p = corrected_t_test([1.0, 2.0, 3.0, 4.0, 5.0], 1 / 4)
    >>> print(f"t = {t:.3f}, p = {p:.3f}")
    t = 2.828, p = 0.047
    >>> t, p = corrected_t_test([1.0, 2.0, 3.0, 4.0, 5.0], 0)  # too sure of itself
    >>> print(f"t = {t:.3f}, p = {p:.3f}")
    t = 4.243, p = 0.013
    """
    mean = CorrectedT.of(differences, test_ratio)
    if mean.scale == 0:
        return (float(np.copysign(np.inf, mean.mean)), 0.0) if mean.mean else (0.0, 1.0)
    t = mean.mean / mean.scale
    return t, 2 * float(stats.t.sf(abs(t), mean.dof))
