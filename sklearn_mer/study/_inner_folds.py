"""The folds of a nested search: inside the training clips of a cell.

Not in a folder of the study: the full name of :class:`LabelledGroupKFold` is a part of the keys of
stored cells, and under another name these would be computed again.
"""

from sklearn.model_selection import BaseCrossValidator, StratifiedGroupKFold, StratifiedKFold

SEED = 0


def inner_folds(data, protocol, n_splits):
    """Return the splitter of a nested search, grouped where the protocol's folds are.

    Parameters
    ----------
    data : StudyData
    protocol : Protocol
    n_splits : int

    Returns
    -------
    splitter
        Shuffled, as a class's clips may come artist by artist; the same in every cell.

    Raises
    ------
    ValueError
        If groups are wanted and the clips are no table with a label of its own for each.
    """
    if protocol.groups is None:
        return StratifiedKFold(n_splits, shuffle=True, random_state=SEED)
    index = getattr(data.X, "index", None)
    if index is None or not index.is_unique:
        raise ValueError(
            f"--nested with --groups {protocol.groups} needs clips in a table with a label for "
            f"each, by which a fold finds its groups; data set {data.name!r} has none. Give it "
            "without --groups, or search without --nested."
        )
    groups = {str(label): str(group) for label, group in zip(index, data.groups, strict=True)}
    return LabelledGroupKFold(groups, n_splits)


class LabelledGroupKFold(BaseCrossValidator):
    """Stratified folds that keep groups together, which are known by the labels of X's rows.

    A cell hands no groups to what it fits; the rows of a table still have their labels there.

    Parameters
    ----------
    groups : dict of str to str
        The group of each row of the whole data set, by its label.
    n_splits : int
    """

    def __init__(self, groups, n_splits):
        self.groups = groups
        self.n_splits = n_splits

    def split(self, X, y, groups=None):
        """Yield the training and test indices of each fold.

        Parameters
        ----------
        X : DataFrame
        y : array-like of shape (n_clips,)
        groups : object
            Ignored.
        """
        own = [self.groups[str(label)] for label in X.index]
        folds = StratifiedGroupKFold(self.n_splits, shuffle=True, random_state=SEED)
        yield from folds.split(X, y, own)

    def get_n_splits(self, X=None, y=None, groups=None):
        """Return the number of folds."""
        return self.n_splits
