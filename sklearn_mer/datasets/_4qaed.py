import warnings

from ._bunch import make_bunch
from ._errors import check_choice, some
from ._info import DatasetInfo
from ._quadrants import Expected, artist_groups, locate_clips, read_quadrants
from ._screen import screen
from ._tables import align, check_agreement, read_table, require_columns, to_numbers

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
        "none is stated in its files; the recordings, gathered through the AllMusic API, belong "
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
  ``features.csv`` (what F0001 to F1603 are), of the second archive, "Features - Audio MER"
""",
    fetch="sklearn_mer.datasets.fetch_4qaed()",
)

NOTES = """
900 clips, 225 in each quadrant of Russell's plane of valence and arousal: Q1 happiness and
excitement (+, +), Q2 anger and frustration (-, +), Q3 sadness and melancholy (-, -), Q4 serenity
and contentment (+, -). The quadrants come from AllMusic's mood tags, placed by Warriner's ratings
of words and checked by listeners. The 100 features were ranked by the authors on all 900 clips,
so that scores reached with them carry that selection."""


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
    """Load the 4-quadrant audio emotion data set (classification).

    900 clips of about 30 s, 225 a quadrant, with published features. The files
    are looked for in ``<data home>/datasets/4QAED``; nothing is downloaded.

    Parameters
    ----------
    features : {"top100", "all", "decorrelated"} or None, default="top100"
        The published table of features that goes with the clips: the 100
        best ranked, all of them, all without highly correlated ones; None
        leaves the clips alone.
    data_home : str or path-like, default=None
        The data home, see :func:`get_data_home`.
    return_X_y : bool, default=False
        Return only ``(data, target)``.
    as_frame : bool, default=True
        Return pandas objects, indexed by clip id. If False, `data` is a 1-D
        array of paths and the features are in `features`: a NumPy array cannot
        hold paths and numbers side by side and still be of use as numbers.
    on_error : {"raise", "skip"}, default="raise"
        "raise": presence and size of each clip are checked, and one error
        lists all bad files. "skip": each clip is decoded too (seconds, once),
        and bad ones are left out, with a warning, and listed in `skipped`.
    n_jobs : int, default=None
        Number of parallel workers for decoding.
    verbose : int, default=0
        Positive: show a progress bar while decoding.

    Returns
    -------
    data : :class:`~sklearn.utils.Bunch`
        With the entries:

        data : DataFrame of shape (n_clips, 1 + n_features)
            The column ``audio`` (paths, str), then the features (float64)
            under their published names. If ``as_frame=False``, an object
            array of shape (n_clips,) with the paths.
        target : Series or ndarray of shape (n_clips,)
            "Q1" to "Q4".
        groups : Series or ndarray of shape (n_clips,)
            The artist; a clip without one is a group of its own.
        frame : DataFrame or None
            `data` and the target as column ``quadrant``; None if
            ``as_frame=False``.
        features : ndarray of shape (n_clips, n_features) or None
            Only if ``as_frame=False``.
        feature_names, target_names : list of str
            Names of the feature columns; the quadrants.
        ids : ndarray of shape (n_clips,)
            The clips' ids.
        metadata : DataFrame
            What is published about each clip (title, moods, genres, ...).
        skipped : DataFrame
            ``file`` and ``reason`` of the clips left out.
        DESCR : str
            Description, licence, citation, layout.

    (data, target) : tuple if ``return_X_y=True``

    Raises
    ------
    DatasetNotFoundError
        If the data set or the table of features is not there.
    DatasetError
        If the files contradict what is published: other counts, ids doubled,
        missing or unknown, a clip in the folder of another quadrant, values
        that are no numbers.
    AudioError
        If clips are missing or empty (or, with "skip", if none can be used).

    See Also
    --------
    fetch_4qaed : Download this data set.
    load_merge : The larger data sets that continue it.
    load_folder : Clips of one's own.

    Notes
    -----
    Tables are aligned by clip id, never by the order of their rows. Missing
    feature values are kept as NaN, with a warning. Audio files that the
    annotations do not name are ignored.

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

    Where the data set is not, the error says what to do:

    >>> try:
    ...     load_4qaed(data_home="an/empty/folder")
    ... except DatasetNotFoundError as error:
    ...     print(error)
    4QAED, the 4-quadrant audio emotion data set: no ... Nothing was downloaded. ...
    """
    check_choice("features", features, (*FEATURE_TABLES, None))
    check_choice("on_error", on_error, ("raise", "skip"))
    root = INFO.find_root(data_home)
    target = _read_annotations(root / ANNOTATIONS)
    metadata = _read_metadata(root / METADATA, target)
    table = None if features is None else _read_features(root, FEATURE_TABLES[features], target)
    audio, bad = locate_clips(root, target)
    if len(bad) == len(audio):
        raise INFO.not_found("clip in the folders Q1 to Q4", root)
    audio, skipped = screen(
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
    # The three tables name the column of ids differently.
    table = align(read_table(path, ("SongID", "IDSong", "Song"), numeric=True), target.index, path)
    if "Quadrant" in table.columns:
        check_agreement(table.pop("Quadrant"), target, path)
    numbers = to_numbers(table, path)
    missing = numbers.columns[numbers.isna().any()]
    if len(missing):
        warnings.warn(
            f"{path} has no value for some clips in {len(missing)} columns ({some(missing)}); "
            "they are kept as NaN.",
            UserWarning,
            stacklevel=3,
        )
    return numbers


def _find_features(root, name):
    for folder in FEATURE_FOLDERS:
        if (root / folder / name).is_file():
            return root / folder / name
    raise INFO.not_found(
        f'{name} (of the second archive, "Features - Audio MER"; features=None loads the clips '
        "without it)",
        root / FEATURE_FOLDERS[0],
        fetch="sklearn_mer.datasets.fetch_4qaed(features_url=...)",
    )
