"""What the search needs of optuna: its samplers, its distributions, its studies."""

import math
import warnings
from contextlib import contextmanager
from numbers import Integral, Real

import numpy as np

from .._optional import import_optuna

SAMPLERS = {"gp": "GPSampler", "tpe": "TPESampler", "random": "RandomSampler"}
_FORMS = (
    "give (low, high) or (low, high, 'log') for a range, which is one of integers where both ends "
    "are integers; a list of choices; or a distribution of optuna"
)


def _optuna():
    return import_optuna("BayesSearchCV")


@contextmanager
def new_study(sampler, seed):
    """Yield a study that maximises; it keeps quiet as long as the context is open.

    Parameters
    ----------
    sampler : {"gp", "tpe", "random"}
    seed : int
    """
    optuna = _optuna()
    verbosity = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    try:
        with warnings.catch_warnings():
            # Older versions of optuna call its Gaussian process experimental.
            warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
            made = getattr(optuna.samplers, SAMPLERS[sampler])(seed=seed)
        yield optuna.create_study(direction="maximize", sampler=made)
    finally:
        optuna.logging.set_verbosity(verbosity)


class Space:
    """Where a search looks: a distribution of optuna for each parameter.

    Parameters
    ----------
    param_distributions : dict of str to (tuple, list or distribution)

    Raises
    ------
    ValueError
        If there is no parameter, or what a parameter has is no distribution.
    """

    def __init__(self, param_distributions):
        if not param_distributions:
            raise ValueError("param_distributions is empty: name a parameter to search over.")
        self.choices, self.distributions = {}, {}
        for name, given in param_distributions.items():
            if isinstance(given, list | np.ndarray):
                # Choices go by their number, so that they may be anything, estimators too.
                self.choices[name] = list(given)
                given = list(range(len(given)))
            self.distributions[name] = _distribution(name, given)

    def ask(self, study):
        """Return a trial and the parameters that it is to try."""
        trial = study.ask(self.distributions)
        # In the order in which they were given.
        values = {name: trial.params[name] for name in self.distributions}
        return trial, {
            name: self.choices[name][value] if name in self.choices else value
            for name, value in values.items()
        }


def tell(study, trial, score):
    """Tell a study what a trial scored; one without a finite score counts as failed.

    Parameters
    ----------
    study, trial : as from :func:`new_study` and :meth:`Space.ask`
    score : float
    """
    if math.isfinite(score):
        study.tell(trial, score)
    else:
        study.tell(trial, state=_optuna().trial.TrialState.FAIL)


def _distribution(name, given):
    distributions = _optuna().distributions
    if isinstance(given, distributions.BaseDistribution):
        return given
    try:
        if isinstance(given, list):
            return distributions.CategoricalDistribution(given)
        if isinstance(given, tuple) and given[2:] in ((), ("log",)) and len(given) > 1:
            low, high = given[:2]
            return _range_class(distributions, low, high)(low, high, log=given[2:] == ("log",))
    except ValueError as error:  # an empty list, or a range whose ends are the wrong way round
        raise ValueError(f"Parameter {name!r}: {error} In place of {given!r}, {_FORMS}.") from error
    raise ValueError(f"Parameter {name!r} has {given!r}, which is no distribution: {_FORMS}.")


def _range_class(distributions, *ends):
    if not all(isinstance(end, Real) and not isinstance(end, bool) for end in ends):
        raise ValueError("The ends of a range must be numbers.")
    integers = all(isinstance(end, Integral) for end in ends)
    return distributions.IntDistribution if integers else distributions.FloatDistribution
