"""What is checked of estimators that were read, before compiled code sees their arrays."""

import warnings
from itertools import chain

import numpy as np
from numpy.lib.recfunctions import repack_fields

from .._compat import tree_class
from ._errors import ModelFileError

# Parts whose every array a row of zeros goes through; trees are checked node by node.
_TRIED = {
    "sklearn.decomposition.PCA",
    "sklearn.discriminant_analysis.LinearDiscriminantAnalysis",
    "sklearn.feature_selection.VarianceThreshold",
    "sklearn.kernel_approximation.Nystroem",
    "sklearn.kernel_approximation.RBFSampler",
    "sklearn.linear_model.LogisticRegression",
    "sklearn.linear_model.RidgeClassifier",
    "sklearn.naive_bayes.GaussianNB",
    "sklearn.preprocessing.MaxAbsScaler",
    "sklearn.preprocessing.MinMaxScaler",
    "sklearn.preprocessing.RobustScaler",
    "sklearn.preprocessing.StandardScaler",
    "sklearn.svm.LinearSVC",
    "sklearn.svm.SVC",
    "sklearn_mer.MeanKernelRidge",
}
_METHODS = ("transform", "predict", "decision_function", "predict_proba")


def check_made(made, name):
    """Refuse an estimator, or a helper, whose values do not go together.

    Parameters
    ----------
    made : object
        With all its attributes.
    name : str
        Of its class in files.
    """
    if vars(made).get("trust_remote_code"):
        raise ModelFileError("it would run code that comes with a model (trust_remote_code=True)")
    if hasattr(type(made), "_parameter_constraints"):
        try:
            made._validate_params()
        except (ValueError, TypeError) as error:
            raise ModelFileError(f"it has a wrong parameter: {error!s:.300}") from error
    if name == "sklearn.svm.SVC" and "support_" in vars(made):
        _check_libsvm(vars(made))
    if "tree_" in vars(made):
        _check_tree(made)
    if name.startswith("sklearn_mer."):
        _check_finite(vars(made), name)
        _check_classes(made, name)
    if name in _TRIED:
        _try(made, name)


def _check_libsvm(own):
    """Check what libsvm, which looks at nothing, is given to predict."""
    n_classes, n_support = len(own["classes_"]), len(own["support_"])
    n_pairs = n_classes * (n_classes - 1) // 2
    n_rows, n_columns = own["shape_fit_"]
    precomputed = own["kernel"] == "precomputed"
    vectors = (0, 0) if precomputed else (n_support, own["n_features_in_"])
    shapes = {
        "support_": ("i4", (n_support,)),
        "support_vectors_": ("f8", vectors),
        "_n_support": ("i4", (n_classes,)),
        "_dual_coef_": ("f8", (n_classes - 1, n_support)),
        "dual_coef_": ("f8", (n_classes - 1, n_support)),
        "_intercept_": ("f8", (n_pairs,)),
        "_probA": ("f8", (n_pairs if len(own["_probA"]) else 0,)),
        "_probB": ("f8", (n_pairs if len(own["_probA"]) else 0,)),
    }
    for key, (dtype, shape) in shapes.items():
        if own[key].dtype != np.dtype(dtype) or own[key].shape != shape:
            raise ModelFileError(
                f"{key} of the SVC in it is {own[key].dtype} of shape {own[key].shape}; its other "
                f"arrays need {dtype} of {shape}"
            )
    support, counts = own["support_"], own["_n_support"]
    inside = n_support == 0 or (support.min() >= 0 and support.max() < n_rows)
    if not inside or counts.min() < 0 or counts.sum(dtype=np.int64) != n_support or n_classes < 2:
        raise ModelFileError("the counts of support vectors of the SVC in it do not add up")
    if own["_sparse"] or "_impl" in own or n_columns != own["n_features_in_"]:
        raise ModelFileError("the SVC in it is of another kind than its arrays")


def tree_state(nodes, values, n_features, n_classes):
    """Return the state of a tree of scikit-learn, which follows it through its arrays unchecked.

    Parameters
    ----------
    nodes : ndarray of shape (n_nodes,), structured
        Those of scikit-learn, without the bytes between fields.
    values : ndarray of shape (n_nodes, n_outputs, max_n_classes)
        Of each node.
    n_features : int
        Number of columns of X.
    n_classes : ndarray of shape (n_outputs,), int
        Numbers of classes.

    Returns
    -------
    dict
        For ``__setstate__``.
    """
    whole = tree_class()(1, np.array([1]), 1).__getstate__()["nodes"].dtype
    plain = repack_fields(whole)
    if type(n_features) is not int or nodes.dtype != plain or nodes.ndim != 1 or not len(nodes):
        raise ModelFileError("a tree in it has nodes of another form than scikit-learn's")
    left, right, feature = nodes["left_child"], nodes["right_child"], nodes["feature"]
    inner = np.flatnonzero((left != -1) | (right != -1))
    children = np.concatenate([left[inner], right[inner]])
    # Each node but the root has one parent, which stands before it.
    whole_tree = np.array_equal(np.sort(children), np.arange(1, len(nodes)))
    if not whole_tree or (children <= np.tile(inner, 2)).any():
        raise ModelFileError("a tree in it leads out of its nodes, or in circles")
    if ((feature[inner] < 0) | (feature[inner] >= n_features)).any():
        raise ModelFileError("a tree in it asks for columns that there are not")
    if n_classes.dtype != np.intp or n_classes.ndim != 1 or n_classes.min(initial=1) < 1:
        raise ModelFileError("a tree in it has no numbers of classes")
    wanted = (len(nodes), len(n_classes), n_classes.max(initial=0))
    if values.shape != wanted or values.dtype != np.float64:
        raise ModelFileError("a tree in it has no value for each node and class")
    sizes = {"max_depth": _depth(left, right), "node_count": len(nodes)}
    return {**sizes, "nodes": nodes.astype(whole), "values": values}


def _depth(left, right):
    depth, level = -1, np.array([0])
    while len(level):
        depth += 1
        children = np.concatenate([left[level], right[level]])
        level = children[children >= 0]
    return depth


def _check_tree(made):
    tree = made.tree_
    fits = isinstance(tree, tree_class()) and (
        (tree.n_features, tree.n_outputs) == (made.n_features_in_, made.n_outputs_)
    )
    if not fits:
        raise ModelFileError("a tree in it does not fit its estimator")


def _check_finite(own, name):
    """Refuse NaN, which this library's estimators take none of."""
    for key, value in own.items():
        for array in value if isinstance(value, list | tuple) else [value]:
            floats = isinstance(array, np.ndarray) and array.dtype.kind == "f"
            if floats and not np.isfinite(array).all():
                raise ModelFileError(f"{key} of {name} in it has values that are not finite")


def _check_classes(made, name):
    """Refuse a classifier that names another number of classes than its parts tell apart."""
    own = vars(made)
    if "classes_" not in own:
        return
    counts = []
    if "pipeline_" in own:
        counts.append(len(own["pipeline_"].classes_))
    values = chain.from_iterable(v if isinstance(v, list) else [v] for v in own.values())
    counts += [
        layer.out_features
        for net in values
        if hasattr(net, "module_")
        for part, layer in net.module_.named_modules()
        if part.endswith("output_layer") and hasattr(layer, "out_features")
    ]
    if any(count != len(own["classes_"]) for count in counts):
        raise ModelFileError(f"{name} in it names {len(own['classes_'])} classes, but has {counts}")


def _try(made, name):
    """Refuse a part that a row of zeros does not go through."""
    n_columns = getattr(made, "n_features_in_", 0)
    if type(n_columns) is not int or not 0 < n_columns < 10**7 or not hasattr(made, "__dict__"):
        return
    if not any(key.endswith("_") and key != "n_features_in_" for key in vars(made)):
        return  # unfitted
    row = np.zeros((1, n_columns))
    for method in _METHODS:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of names, and of divisions
                values = getattr(made, method)(row) if hasattr(made, method) else None
        except Exception as error:
            raise ModelFileError(f"{name} in it does not work: {error!r:.300}") from error
        if values is not None and values.dtype.kind == "f" and not np.isfinite(values).all():
            raise ModelFileError(f"{name} in it gives values that are not finite")
