"""The Bayesian correlated t-test: better, worse or practically alike."""

import math

from ._corrected_t import CorrectedT


def equivalence_probabilities(differences, test_ratio, *, rope):
    """Return how probably one method is better than another, alike or worse.

    Parameters
    ----------
    differences : array-like of shape (n_folds,)
        Score of the first method less that of the second, fold by fold.
    test_ratio : float
        Test clips for each training clip: 1/9 for ten folds.
    rope : float
        Half the width of the region of practical equivalence, in the unit of the
        differences, 0 or above: methods closer than this count as alike.

    Returns
    -------
    better, equivalent, worse : float
        Probabilities that the first method is better than the second by more than ``rope``,
        within ``rope`` of it, and worse by more; their sum is 1.

    Raises
    ------
    ValueError
        If there are fewer than two differences, one is not finite, or an option is out of
        range.

    Notes
    -----
    The posterior of the mean difference under a prior that says nothing is a Student t around
    the observed mean, as wide as the corrected t-test takes it [1]_, [2]_. There a p-value
    says how strange the data are if the methods are equal; these say how probable each of
    three conclusions is, "they are alike" included.

    References
    ----------
    .. [1] Corani, G. and Benavoli, A. (2015). A Bayesian approach for comparing cross-validated
       algorithms on multiple data sets. Machine Learning 100(2), 285-304.
    .. [2] Benavoli, A., Corani, G., Demsar, J. and Zaffalon, M. (2017). Time for a change: a
       tutorial for comparing multiple classifiers through Bayesian analysis. Journal of
       Machine Learning Research 18(77), 1-36.

    Examples
    --------
    >>> from sklearn_mer.study import equivalence_probabilities
    >>> found = equivalence_probabilities([1.0, 2.0, 3.0, 4.0, 5.0], 1 / 4, rope=1.0)
    >>> print("better {:.2f}, equivalent {:.2f}, worse {:.2f}".format(*found))
    better 0.93, equivalent 0.06, worse 0.01
    """
    if not (math.isfinite(rope) and rope >= 0):
        raise ValueError(
            f"rope is the largest difference that counts as none, a finite number from 0 (1.0 for "
            f"one point of percent); got {rope!r}."
        )
    posterior = CorrectedT.of(differences, test_ratio)
    better, worse = posterior.above(rope), posterior.below(-rope)
    # The two tails are exact to the last bit, so what is between may fall below 0 by one.
    return better, max(0.0, 1 - better - worse), worse
