"""Samplers, distributions and studies of optuna."""

import math
import warnings
from contextlib import contextmanager
from numbers import Integral, Real

import numpy as np

from .._optional import import_optional

SAMPLERS = {"gp": "GPSampler", "tpe": "TPESampler", "random": "RandomSampler"}
_ALLOWED = (
    "(low, high) or (low, high, 'log') for a range, of integers if both ends are integers; a list "
    "of choices; or a distribution of optuna"
)


def _optuna():
    return import_optional("optuna", "BayesSearchCV", "search")


@contextmanager
def new_study(sampler, seed):
    """Yield a study that maximises, and silence the logger of optuna while it is used."""
    optuna = _optuna()
    verbosity = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    try:
        with warnings.catch_warnings():
            # The Gaussian process is experimental in older versions of optuna.
            warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
            optuna_sampler = getattr(optuna.samplers, SAMPLERS[sampler])(seed=seed)
        yield optuna.create_study(direction="maximize", sampler=optuna_sampler)
    finally:
        optuna.logging.set_verbosity(verbosity)


class Space:
    """Search space: one distribution of optuna per parameter.

    Parameters
    ----------
    param_distributions : dict of str to (tuple, list or distribution)
        Distributions as given by the user.

    Raises
    ------
    ValueError
        If there is no parameter, or if a distribution is invalid.
    """

    def __init__(self, param_distributions):
        if not param_distributions:
            raise ValueError("param_distributions is empty; give at least one parameter.")
        self.choices, self.distributions = {}, {}
        for name, given in param_distributions.items():
            if isinstance(given, list | np.ndarray):
                # optuna gets the indices, so that choices can be of any type.
                self.choices[name] = list(given)
                given = list(range(len(given)))
            self.distributions[name] = _distribution(name, given)

    def ask(self, study):
        """Return a new trial and its parameters."""
        trial = study.ask(self.distributions)
        # In the order in which the parameters were given.
        values = {name: trial.params[name] for name in self.distributions}
        return trial, {
            name: self.choices[name][value] if name in self.choices else value
            for name, value in values.items()
        }


def tell(study, trial, score):
    """Report the score of a trial to its study; a score that is not finite is a failed trial."""
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
    except ValueError as error:  # an empty list, or low > high
        raise ValueError(f"Parameter {name!r}: {error} Got {given!r}; give {_ALLOWED}.") from error
    raise ValueError(f"Parameter {name!r} has an invalid distribution {given!r}; give {_ALLOWED}.")


def _range_class(distributions, *ends):
    if not all(isinstance(end, Real) and not isinstance(end, bool) for end in ends):
        raise ValueError("The ends of a range must be numbers.")
    if not all(map(math.isfinite, ends)):
        raise ValueError("The ends of a range must be finite.")
    integers = all(isinstance(end, Integral) for end in ends)
    return distributions.IntDistribution if integers else distributions.FloatDistribution
