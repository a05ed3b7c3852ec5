"""A row of a table of methods."""

from dataclasses import dataclass, field

from ..weights import find_weights, missing_weights


@dataclass(frozen=True, eq=False)
class Method:
    """A row of a table: an estimator with its settings, and what has been published about it.

    Parameters
    ----------
    key : str
        Short name, unique in a table together with the recipe.
    estimator : estimator
        Unfitted.
    title : str, default=""
        Name to print. If empty, the key.
    recipe : str, default="default"
        Name of the settings of the estimator.
    published : dict of str to float, default={}
        Published macro F1 in percent, by data set name.
    weights : str, tuple of str or None, default=None
        Names of the pre-trained weights that the estimator needs, see `available_weights`.

    See Also
    --------
    available_methods : All rows of Table 1, by key.
    make_method : The estimator of a row.

    Examples
    --------
    >>> from sklearn.svm import SVC
    >>> from sklearn_mer.methods import Method
    >>> Method("svm", SVC(), title="Support vector machine").recipe
    'default'
    """

    key: str
    estimator: object
    title: str = ""
    recipe: str = "default"
    published: dict = field(default_factory=dict)
    weights: str | tuple | None = None

    def __post_init__(self):
        if not self.title:
            object.__setattr__(self, "title", self.key)

    @property
    def missing(self):
        """Which file of weights is missing in the data home and what to do; None if none is."""
        names = (self.weights,) if isinstance(self.weights, str) else self.weights or ()
        missing = missing_weights(names)
        if missing is None:
            for name in names:  # a damaged file is an error, not missing
                find_weights(name)
        return missing

    @property
    def trains_network(self):
        """Whether the estimator, or a part of it, is trained epoch by epoch."""
        return any(name.endswith("max_epochs") for name in self.estimator.get_params())
