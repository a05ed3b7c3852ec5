"""Writing and reading files of models."""

import io
import warnings
from contextlib import contextmanager
from pathlib import Path

from sklearn.utils.validation import check_is_fitted

from .._files import replace_file
from ._archive import INFO, STRUCTURE, Archive, write_archive
from ._errors import ModelFileError
from ._info import FORMAT, KIND, describe, doubt_of_versions
from ._ready import check_weights, find_model


def save_model(estimator, path, *, card=None, training_data=None, include_weights=True):
    """Write a fitted estimator to a file without code, which `load_model` reads.

    What is saved: the classifiers of `sklearn_mer.methods` and all other public estimators of clips
    of this library; pipelines of them and of these parts of scikit-learn: `Pipeline`,
    `FeatureUnion`, `StandardScaler`, `MinMaxScaler`, `MaxAbsScaler`, `RobustScaler`, `Normalizer`,
    `FunctionTransformer` without a function, `SimpleImputer`, `VarianceThreshold`, `PCA`,
    `LinearDiscriminantAnalysis`, `Nystroem`, `RBFSampler`, `SVC`, `LinearSVC`,
    `LogisticRegression`, `RidgeClassifier`, `GaussianNB`, `DecisionTreeClassifier`,
    `ExtraTreeClassifier`, `RandomForestClassifier`, `ExtraTreesClassifier`,
    `CalibratedClassifierCV` (sigmoid or temperature), and the pipeline of imbalanced-learn.
    Not saved: searches (save ``search.best_estimator_``), functions, sparse matrices, and classes
    of your own. The networks of `HubEmbedding` and `ONNXEmbedding` are named, not held.

    Parameters
    ----------
    estimator : estimator
        Fitted.
    path : str or path-like
        A file that is there is replaced, in one step: readers see the old or the new one, and an
        error leaves the old one. Missing folders are made.
    card : dict or None, default=None
        What a user should know of the model, such as its scores. JSON's types; up to 1 MiB.
    training_data : tuple (X, y) or None, default=None
        The clips and labels given to `fit`. Their number, classes and digest are noted.
    include_weights : bool, default=True
        Whether the file holds the pre-trained weights that `available_weights` lists. If False,
        it names them, and `load_model` takes them from the data home (`find_weights`).

    Returns
    -------
    pathlib.Path
        The file.

    Raises
    ------
    NotFittedError
        If the estimator is not fitted.
    TypeError
        If it holds something that is not saved; the message says where.
    ValueError
        If it holds values that are not finite, or is larger than 4 GiB.
    OSError
        If the file cannot be written.

    See Also
    --------
    load_model : Read it.
    model_info : Read versions, settings and card only.

    Notes
    -----
    The file is a zip of ``info.json`` (see `model_info`), ``model.json`` (classes and attributes)
    and arrays as ``.npy``, none of them compressed. The same model gives the same bytes. Before it
    takes its place, the file is read back.

    A file holds all that predictions need; of kernel methods, that is rows of training descriptors.
    Folders are left out (``cache``, ``data_home``, ``memory``), and the
    optimiser state of networks: a loaded network predicts, on the CPU, and its `fit` starts anew.

    Examples
    --------
    >>> import tempfile
    >>> from sklearn_mer import SVMBaseline
    >>> from sklearn_mer.datasets import make_quadrant_clips
    >>> from sklearn_mer.models import load_model, model_info, save_model
    >>> X, y = make_quadrant_clips(40, random_state=0, return_X_y=True)
    >>> svm = SVMBaseline().fit(X, y)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = save_model(svm, f"{folder}/svm.mer", card={"note": "synthesised clips"})
    ...     same = load_model(path)
    ...     model_info(path)["card"]
    {'note': 'synthesised clips'}
    >>> bool((same.predict_proba(X) == svm.predict_proba(X)).all())
    True
    """
    from ._write import Writer  # takes torch, which `model_info` does not need

    path = Path(path).expanduser()
    _check_savable(estimator)
    writer = Writer(include_weights)
    try:
        structure = {"model": writer.node(estimator)}
    except RecursionError as error:
        raise TypeError("The estimator contains itself, or is nested too deep to save.") from error
    info = describe(estimator, card, training_data)
    content = io.BytesIO()
    write_archive(content, info, structure, writer.arrays)
    try:
        _read_model(content)
    except ModelFileError as error:
        raise ValueError(f"This model cannot be saved: {error}.") from error
    return replace_file(path, content.getbuffer())


def _check_savable(estimator):
    if isinstance(estimator, type) or not hasattr(estimator, "get_params"):
        raise TypeError(f"A fitted estimator is saved; got {estimator!r:.200}.")
    if hasattr(estimator, "best_estimator_"):
        raise TypeError(
            f"{type(estimator).__name__} is a search, which is not saved; save its "
            "best_estimator_, with its scores in card=."
        )
    check_is_fitted(estimator)


def load_model(path):
    """Read a fitted estimator from a file of `save_model`, or a ready one by its name.

    No code is run from the file: only the classes that `save_model` lists are made, and nothing
    of a size that the file does not have. So files of strangers are safe to load; whether what
    they predict is right, nobody checks.

    Parameters
    ----------
    path : str or path-like
        The file, or "default" or "full": see :doc:`/user_guide/ready_models`.

    Returns
    -------
    estimator
        Its predictions are those of the one that was saved, to the last bit, where the libraries
        and the processor are the same.

    Raises
    ------
    ModelFileError
        If the file is damaged, none of `save_model`, or of a newer version.
    WeightsNotFoundError, WeightsError
        If the model was saved without its pre-trained weights, and they are not in the data home,
        or others.
    OSError
        If it cannot be read.

    Warns
    -----
    UserWarning
        If scikit-learn had another version (x.y) when the model was saved: predictions may differ.

    See Also
    --------
    save_model : Write it.

    Examples
    --------
    >>> from sklearn_mer.models import load_model
    >>> model = load_model("my_model.mer")  # doctest: +SKIP
    """
    check_weights(path)
    path = find_model(path)
    with open(path, "rb") as file, _named(path):
        model, info = _read_model(file)
    doubt = doubt_of_versions(info)
    if doubt:
        warnings.warn(
            f"{path}: {doubt}: compare some, or install that version.", UserWarning, stacklevel=2
        )
    return model


def model_info(path):
    """Read what a file says of its model, without making the model.

    Parameters
    ----------
    path : str or path-like
        A file of `save_model`, or "default" or "full".

    Returns
    -------
    dict
        - ``kind``, ``format`` : what the file is, and its version;
        - ``estimator`` : name of the class;
        - ``settings`` : parameters by name, as text where JSON has no such type, without those
          that name folders;
        - ``classes`` : labels, or None;
        - ``n_features`` : number of columns or samples of a clip seen in `fit`, or None;
        - ``versions`` : of Python and the libraries when it was saved;
        - ``training_data`` : number of clips, of each class, and their digest, or None;
        - ``card`` : what `save_model` was given.

    Raises
    ------
    ModelFileError
        If the file is damaged, none of `save_model`, or of a newer version.
    OSError
        If it cannot be read.

    See Also
    --------
    load_model : Load the model itself.

    Examples
    --------
    >>> from sklearn_mer.models import model_info
    >>> model_info("my_model.mer")["card"]  # doctest: +SKIP
    """
    path = find_model(path)
    with open(path, "rb") as file, _named(path):
        return _read_info(Archive(file))


def _read_info(archive):
    info = archive.json(INFO)
    whole = info.get("kind") == KIND and type(info.get("format")) is int and info["format"] > 0
    if not whole or not isinstance(info.get("versions"), dict):
        raise ModelFileError(f"its {INFO} is not one of `save_model`")
    if info["format"] > FORMAT:
        by = info["versions"].get("sklearn-mer", "a newer version")
        raise ModelFileError(
            f"it has format {info['format']}, saved by sklearn-mer {by!s:.40}; this version reads "
            f"up to {FORMAT}. Install a newer one"
        )
    return info


def _read_model(file):
    from ..weights import WeightsError, WeightsNotFoundError
    from ._read import Reader

    archive = Archive(file)
    info = _read_info(archive)
    reader = Reader(archive, archive.check_names())
    structure = archive.json(STRUCTURE)
    try:
        model = reader.value(structure["model"])
        reader.check_all_read()
    except (WeightsError, WeightsNotFoundError):
        raise
    except Exception as error:  # of any kind: what is written there goes to many functions
        known = isinstance(error, ModelFileError)
        what = str(error) if known else f"its content is no model: {error!r:.300}"
        doubt = doubt_of_versions(info)
        raise ModelFileError(f"{what}. Also, {doubt}" if doubt else what) from error
    if not hasattr(model, "get_params"):
        raise ModelFileError("it holds no estimator")
    return model, info


@contextmanager
def _named(path):
    """Name the file in the errors about its content."""
    try:
        yield
    except ModelFileError as error:
        raise ModelFileError(
            f"{path} cannot be loaded: {error}. Get the file again, or save the model again."
        ) from error.__cause__
