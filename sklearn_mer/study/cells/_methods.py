"""The methods of a study: what is compared, with what has been published about it."""

from ...methods import Method
from ._digest import canonical_json, canonical_parameters, digest

StudyMethod = Method


def method_parameters(method):
    """Return the class and parameters of a method's estimator, in JSON's types."""
    return canonical_parameters(method.estimator)


def method_digest(method):
    """Return the digest of the class and parameters of a method's estimator."""
    return digest("parameters", canonical_json(method_parameters(method)))


def study_methods(register, make, *, keys=None, recipe="paper", device="auto"):
    """Build the methods of a study from a register.

    Parameters
    ----------
    register : dict of str to row
        What ``sklearn_mer.methods.available_methods()`` returns: each row has ``title``,
        ``published`` and, where it may lack a file, ``weights``.
    make : callable
        ``make(key, recipe=recipe)`` returns an unfitted estimator, as
        ``sklearn_mer.methods.make_method`` does.
    keys : sequence of str or None, default=None
        Which rows; all of the register where None, those that lack a file included.
    recipe : {"paper", "default"}, default="paper"
        Which settings.
    device : {"auto", "cpu", "cuda"}, default="auto"
        Given to the estimators that have this parameter.

    Returns
    -------
    list of Method

    Raises
    ------
    ValueError
        If a key is not in the register, or is given twice.
    FileNotFoundError
        If a row of `keys` lacks a file.
    """
    wanted = keys is not None
    keys = list(keys) if wanted else list(register)
    unknown = [key for key in keys if key not in register]
    if unknown:
        raise ValueError(f"Unknown methods {unknown}: choose from {sorted(register)}.")
    if len(set(keys)) < len(keys):
        raise ValueError(f"Each method can be given once, got {keys}.")
    methods = [_method(register[key], make, key, recipe, device) for key in keys]
    lacking = [f"{method.key}: {method.missing}" for method in methods if method.missing]
    if wanted and lacking:
        raise FileNotFoundError(" ".join(lacking))
    return methods


def _method(row, make, key, recipe, device):
    estimator = make(key, recipe=recipe)
    if "device" in estimator.get_params(deep=False):
        estimator.set_params(device=device)
    weights = getattr(row, "weights", None)
    return Method(key, estimator, row.title, recipe, dict(row.published), weights)
