"""The methods of a study: what is compared, with what has been published about it."""

from dataclasses import dataclass, field
from functools import cached_property

from ._digest import canonical_json, canonical_parameters, digest


@dataclass(frozen=True, eq=False)
class StudyMethod:
    """One row of the table.

    Parameters
    ----------
    key : str
        Short name, unique in a study together with the recipe.
    estimator : estimator
        Unfitted; it is cloned for every cell.
    title : str, default=""
        Name for people; the key where empty.
    recipe : str, default="ours"
        Which settings the estimator carries.
    published : dict of str to float, default={}
        Macro F1 in percent by data set name.
    missing : str or None, default=None
        Why the row cannot be fitted here: no cells are planned for it then.

    Attributes
    ----------
    parameters : dict
        The estimator's class and parameters in JSON's types, result-neutral ones left out.

    Examples
    --------
    >>> from sklearn.svm import SVC
    >>> from sklearn_mer.study import StudyMethod
    >>> StudyMethod("svm", SVC(), title="SVM Baseline").recipe
    'ours'
    """

    key: str
    estimator: object
    title: str = ""
    recipe: str = "ours"
    published: dict = field(default_factory=dict)
    missing: str | None = None

    def __post_init__(self):
        if not self.title:
            object.__setattr__(self, "title", self.key)

    @cached_property
    def parameters(self):
        """The estimator's class and parameters in JSON's types."""
        return canonical_parameters(self.estimator)

    @cached_property
    def digest(self):
        """Digest of the estimator's class and parameters."""
        return digest("parameters", canonical_json(self.parameters))


def study_methods(register, make, *, keys=None, recipe="paper", device="auto"):
    """Build the methods of a study from a register.

    Parameters
    ----------
    register : dict of str to row
        What ``sklearn_mer.methods.available_methods()`` returns: each row has ``title``,
        ``published`` and, where it may lack a file, ``missing()``.
    make : callable
        ``make(key, recipe=recipe)`` returns an unfitted estimator, as
        ``sklearn_mer.methods.make_method`` does.
    keys : sequence of str or None, default=None
        Which rows; all of the register where None, those that lack a file included.
    recipe : {"paper", "ours"}, default="paper"
        Which settings.
    device : {"auto", "cpu", "cuda"}, default="auto"
        Given to the estimators that have this parameter.

    Returns
    -------
    list of StudyMethod

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
    methods = [_study_method(register[key], make, key, recipe, device) for key in keys]
    lacking = [f"{method.key}: {method.missing}" for method in methods if method.missing]
    if wanted and lacking:
        raise FileNotFoundError(" ".join(lacking))
    return methods


def _study_method(row, make, key, recipe, device):
    estimator = make(key, recipe=recipe)
    if "device" in estimator.get_params(deep=False):
        estimator.set_params(device=device)
    missing = row.missing() if hasattr(row, "missing") else None
    return StudyMethod(key, estimator, row.title, recipe, dict(row.published), missing)
