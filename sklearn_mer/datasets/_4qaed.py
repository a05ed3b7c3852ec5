import warnings

from .._compat import StrOptions
from .._docs import share_docs
from ._bunch import make_bunch
from ._errors import first_few
from ._info import DatasetInfo
from ._options import checks_options
from ._quadrants import Expected, artist_groups, locate_clips, read_quadrants
from ._tables import align, check_agreement, read_table, require_columns, to_numbers
from ._unusable import drop_unusable

ANNOTATIONS = "panda_dataset_taffc_annotations.csv"
METADATA = "panda_dataset_taffc_metadata.csv"
FEATURE_TABLES = {
    "top100": "top100_features.csv",
    "all": "all_features.csv",
    "decorrelated": "all_features_decorrelated.csv",
}
FEATURE_FOLDERS = ("Features", "Features - Audio MER", ".")
EXPECTED = Expected(n_clips=900, per_quadrant=225)

INFO = DatasetInfo(
    title="4QAED, the 4-quadrant audio emotion data set",
    folder="4QAED",
    marker=ANNOTATIONS,
    homepage="http://mir.dei.uc.pt/downloads.html",
    size="900 clips, 0.16 GB unpacked, without the two large feature tables",
    licence=(
        "none is stated in its files; the recordings, collected through the AllMusic API, belong "
        "to their owners; the authors ask for the citation below"
    ),
    citation="""
Panda, R., Malheiro, R. & Paiva, R. P. (2020). Novel audio features for music emotion
recognition. IEEE Transactions on Affective Computing, 11(4), 614-626.
https://doi.org/10.1109/TAFFC.2018.2820691
""",
    layout="""
- ``Q1/`` to ``Q4/``: clips of about 30 s, ``MT*.mp3``
- ``panda_dataset_taffc_annotations.csv``: Song, Quadrant
- ``panda_dataset_taffc_metadata.csv``: Song, Artist, Title, Quadrant, moods, genres
- ``Features/``: ``top100_features.csv``, ``all_features.csv``, ``all_features_decorrelated.csv``,
  ``features.csv`` (names of F0001 to F1603), from the second archive, "Features - Audio MER"
""",
    fetch="sklearn_mer.datasets.fetch_4qaed()",
)

NOTES = """
900 clips, 225 in each quadrant of Russell's plane of valence and arousal: Q1 happiness and
excitement (+, +), Q2 anger and frustration (-, +), Q3 sadness and melancholy (-, -), Q4 serenity
and contentment (+, -). The quadrants are derived from the mood tags of AllMusic with Warriner's
ratings of words, and were checked by listeners. The authors ranked the 100 features on all 900
clips, so that scores with these features are optimistic."""


@checks_options(features=[StrOptions(set(FEATURE_TABLES)), None])
@share_docs
def load_4qaed(
    *,
    features="top100",
    data_home=None,
    return_X_y=False,
    as_frame=True,
    on_error="raise",
    n_jobs=None,
    verbose=0,
):
    """Load the 4-quadrant audio emotion data set, 4QAED (classification).

    900 clips of about 30 s, 225 per quadrant, with published features. The files are read from
    ``<data home>/datasets/4QAED``; nothing is downloaded.

    Parameters
    ----------
    features : {"top100", "all", "decorrelated"} or None, default="top100"
        Published table of features to load with the clips: the 100 best ranked, all, or all
        without highly correlated ones. If None, no features are loaded.
    data_home : str or path-like, default=None
        {datasets_home}
    return_X_y : bool, default=False
        {return_X_y}
    as_frame : bool, default=True
        {as_frame}
        The features are then in the entry `features`.
    on_error : {"raise", "skip"}, default="raise"
        {on_error}
    n_jobs : int, default=None
        {n_jobs}
    verbose : int, default=0
        {verbose}

    Returns
    -------
    data : :class:`~sklearn.utils.Bunch`
        Dictionary-like object with these entries:

        data : DataFrame of shape (n_clips, 1 + n_features)
            Column ``audio`` (paths, str), followed by the features (float64) under their
            published names. If ``as_frame=False``, an object array of shape (n_clips,) with the
            paths.
        target : Series or ndarray of shape (n_clips,)
            Quadrants, "Q1" to "Q4".
        groups : Series or ndarray of shape (n_clips,)
            Artists. Each clip without an artist is a group of its own.
        frame : DataFrame or None
            `data` with the target as column ``quadrant``; None if ``as_frame=False``.
        features : ndarray of shape (n_clips, n_features) or None
            Features. Only if ``as_frame=False``.
        feature_names, target_names : list of str
            Names of the features, and the quadrants.
        ids : ndarray of shape (n_clips,)
            Clip ids.
        metadata : DataFrame
            Published information about each clip (title, moods, genres, ...).
        skipped : DataFrame
            Columns ``file`` and ``reason`` of the clips left out.
        DESCR : str
            Description, licence, citation, layout.

    (data, target) : tuple if ``return_X_y=True``
        Clips and labels.

    Raises
    ------
    DatasetNotFoundError
        If the data set or the table of features is missing.
    DatasetError
        If the files differ from the published ones: other counts, duplicate, missing or unknown
        ids, clips in the folder of another quadrant, or values that are not numbers.
    AudioError
        If clips are missing or empty (with "skip": if no clip can be used).

    See Also
    --------
    fetch_4qaed : Download this data set.
    load_merge : Load a MERGE audio data set, the successors of this one.
    load_folder : Load your own clips.

    Notes
    -----
    Tables are aligned by clip id and not by the order of their rows. Missing feature values are
    kept as NaN, with a warning. Audio files without annotation are ignored.

    References
    ----------
    .. [1] Panda, R., Malheiro, R. & Paiva, R. P. (2020). Novel audio features
       for music emotion recognition. IEEE Transactions on Affective Computing,
       11(4), 614-626. https://doi.org/10.1109/TAFFC.2018.2820691

    Examples
    --------
    >>> from sklearn_mer.datasets import DatasetNotFoundError, load_4qaed
    >>> clips = load_4qaed()  # doctest: +SKIP
    >>> clips.data.shape  # doctest: +SKIP
    (900, 101)

    If the data set is missing, the error tells how to get it:

    >>> try:
    ...     load_4qaed(data_home="an/empty/folder")
    ... except DatasetNotFoundError as error:
    ...     print(error)
    4QAED, the 4-quadrant audio emotion data set: no ... Nothing was downloaded. ...
    """
    root = INFO.find_root(data_home)
    target = _read_annotations(root / ANNOTATIONS)
    metadata = _read_metadata(root / METADATA, target)
    table = None if features is None else _read_features(root, FEATURE_TABLES[features], target)
    audio, bad = locate_clips(root, target)
    if len(bad) == len(audio):
        raise INFO.not_found("clip in the folders Q1 to Q4", root)
    audio, skipped = drop_unusable(
        audio, bad, on_error=on_error, decode=on_error == "skip", n_jobs=n_jobs, verbose=verbose
    )
    return make_bunch(
        audio=audio,
        target=target,
        groups=artist_groups(metadata["Artist"]),
        features=table,
        metadata=metadata,
        skipped=skipped,
        descr=INFO.describe(NOTES),
        as_frame=as_frame,
        return_X_y=return_X_y,
    )


def _read_annotations(path):
    table = read_table(path, ("Song",))
    require_columns(table, ["Quadrant"], path)
    target = read_quadrants(table, path)
    EXPECTED.check(target, path)
    return target


def _read_metadata(path, target):
    if not path.is_file():
        raise INFO.not_found(path.name, path.parent)
    table = read_table(path, ("Song",))
    require_columns(table, ["Artist", "Quadrant"], path)
    table = align(table, target.index, path)
    check_agreement(table["Quadrant"], target, path)
    return table


def _read_features(root, name, target):
    path = _find_features(root, name)
    # The column of ids has different names in the three tables.
    table = align(read_table(path, ("SongID", "IDSong", "Song"), numeric=True), target.index, path)
    if "Quadrant" in table.columns:
        check_agreement(table.pop("Quadrant"), target, path)
    numbers = to_numbers(table, path)
    missing = numbers.columns[numbers.isna().any()]
    if len(missing):
        warnings.warn(
            f"{path} lacks values of some clips in {len(missing)} columns ({first_few(missing)}); "
            "they are kept as NaN.",
            UserWarning,
            stacklevel=4,
        )
    return numbers


def _find_features(root, name):
    for folder in FEATURE_FOLDERS:
        if (root / folder / name).is_file():
            return root / folder / name
    raise INFO.not_found(
        f'{name} (in the second archive, "Features - Audio MER"; set features=None to load the '
        "clips without it)",
        root / FEATURE_FOLDERS[0],
        fetch="sklearn_mer.datasets.fetch_4qaed(features_url=...)",
    )
