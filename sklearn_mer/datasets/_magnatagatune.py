from .._docs import share_docs
from ._errors import DatasetError
from ._info import DatasetInfo
from ._options import checks_options
from ._tables import read_table, require_columns
from ._tagged import (
    drop_unusable_or_known,
    locate,
    make_tag_bunch,
    most_frequent,
    read_paths,
    read_tags,
)

ANNOTATIONS = "annotations_final.csv"
CLIP_PATTERN = r"[0-9a-f]/[^/\\]+"
# These files are empty in the published archive.
KNOWN_EMPTY = (
    "6/norine_braun-now_and_zen-08-gently-117-146.mp3",
    "8/jacob_heringman-josquin_des_prez_lute_settings-19-gintzler__pater_noster-204-233.mp3",
    "9/american_baroque-dances_and_suites_of_rameau_and_couperin-25-"
    "le_petit_rien_xiveme_ordre_couperin-88-117.mp3",
)
SPLITS = {**dict.fromkeys("0123456789ab", "train"), "c": "validation"}

INFO = DatasetInfo(
    title="MagnaTagATune",
    folder="MagnaTagATune",
    marker=ANNOTATIONS,
    homepage="https://mirg.city.ac.uk/codeapps/the-magnatagatune-dataset",
    size="25,863 clips of 29 s, about 3 GB",
    licence=(
        "none is stated in its files; the recordings are from Magnatune, which publishes its "
        "music under CC BY-NC-SA"
    ),
    citation="""
Law, E., West, K., Mandel, M., Bay, M. & Downie, J. S. (2009). Evaluation of algorithms using
games: the case of music tagging. ISMIR 2009.
""",
    layout="""
- ``annotations_final.csv``: separated by tabs; clip_id, 188 tags of 0 or 1, mp3_path
- ``0/`` to ``9/``, ``a/`` to ``f/``: clips, in the paths of the column mp3_path; join and unpack
  the parts of the published zip archive
""",
    fetch="",
)

NOTES = """
Clips of 29 s, tagged by the players of a game. Many tags are synonyms ("female vocal", "female
voice", "woman"), and clips can lack tags that apply."""


@checks_options(drop_untagged=["boolean"])
@share_docs
def load_magnatagatune(
    *,
    n_tags=50,
    drop_untagged=True,
    data_home=None,
    return_X_y=False,
    as_frame=True,
    on_error="raise",
    n_jobs=None,
    verbose=0,
):
    """Load MagnaTagATune, a tagging data set (multi-label classification).

    25,863 clips of 29 s with 188 tags, for pre-training. The files are read from
    ``<data home>/datasets/MagnaTagATune``; nothing is downloaded.

    Parameters
    ----------
    n_tags : int or None, default=50
        Number of tags to keep, the most frequent ones of all annotated clips; ties are resolved by
        name. If None, all tags are kept.
    drop_untagged : bool, default=True
        Whether to leave out clips without any of the kept tags, as in the split that Lee et al.
        [2]_ published and Won et al. [3]_ used.
    data_home : str or path-like, default=None
        {datasets_home}
    return_X_y : bool, default=False
        {return_X_y}
    as_frame : bool, default=True
        {as_frame}
    on_error : {"raise", "skip"}, default="raise"
        {on_error}
        The three clips that are empty in the published archive are always left out with a warning.
    n_jobs : int, default=None
        {n_jobs}
    verbose : int, default=0
        {verbose}

    Returns
    -------
    data : :class:`~sklearn.utils.Bunch`
        Dictionary-like object with these entries:

        data : DataFrame of shape (n_clips, 1)
            Column ``audio`` (paths, str). If ``as_frame=False``, an object array of shape
            (n_clips,).
        target : DataFrame or ndarray of shape (n_clips, n_tags), int64
            1 if the clip has the tag, else 0.
        groups : Series or ndarray of shape (n_clips,)
            Artists: the part of the file name before the first hyphen.
        split : Series or ndarray of shape (n_clips,)
            The usual split: "train" (folders 0 to b), "validation" (c) or "test" (d to f).
        frame : DataFrame or None
            `data` with the tags; None if ``as_frame=False``.
        tag_names, target_names : list of str
            Tags of the columns of `target`, the most frequent one first.
        feature_names : list
            An empty list.
        ids : ndarray of shape (n_clips,)
            Clip ids.
        metadata : DataFrame
            Column ``mp3_path`` of the annotations.
        skipped : DataFrame
            Columns ``file`` and ``reason`` of the clips left out.
        DESCR : str
            Description, licence, citation, layout.

    (data, target) : tuple if ``return_X_y=True``
        Clips and labels.

    Raises
    ------
    DatasetNotFoundError
        If the data set is missing.
    DatasetError
        If the annotations have another layout: missing columns, duplicate ids, tags other than 0
        and 1, or paths outside the folders 0 to f.
    AudioError
        If clips are missing or empty (with "skip": if no clip can be used).

    See Also
    --------
    sklearn_mer.embeddings.pretraining.CRNNTagger : Train a network on this data set.
    load_folder : Load your own clips.

    Notes
    -----
    The number of clips is not checked, so that parts of the data set and your own clips in this
    layout can be loaded. With ``drop_untagged=False``, rows of `target` can be all zeros.

    Lee et al. also leave out clips shorter than 29.1 s, which this function keeps.

    References
    ----------
    .. [1] Law et al., "Evaluation of algorithms using games: the case of music tagging",
       ISMIR 2009.
    .. [2] Lee et al., "Sample-level deep convolutional neural networks for music auto-tagging
       using raw waveforms", SMC 2017.
    .. [3] Won et al., "Evaluation of CNN-based automatic music tagging models", SMC 2020.

    Examples
    --------
    >>> from sklearn_mer.datasets import load_magnatagatune
    >>> clips = load_magnatagatune()  # doctest: +SKIP
    >>> train = clips.split == "train"  # doctest: +SKIP
    >>> X, y = clips.data[train], clips.target[train]  # doctest: +SKIP
    """
    root = INFO.find_root(data_home)
    tags, paths = _read_annotations(root / ANNOTATIONS)
    tags = most_frequent(tags, n_tags, root / ANNOTATIONS)
    if drop_untagged:
        tags = _tagged(tags, root / ANNOTATIONS)
        paths = paths.loc[tags.index]
    audio, bad = locate(root, paths)
    if len(bad) == len(audio):
        raise INFO.not_found("clip in the folders 0 to 9 and a to f", root)
    audio, skipped = drop_unusable_or_known(
        audio,
        bad,
        {str(root / path) for path in KNOWN_EMPTY},
        on_error=on_error,
        decode=on_error == "skip",
        n_jobs=n_jobs,
        verbose=verbose,
    )
    return make_tag_bunch(
        audio=audio,
        target=tags,
        groups=paths.map(_artist).rename("artist"),
        split=paths.map(lambda path: SPLITS.get(path[0], "test")).rename("split"),
        metadata=paths.to_frame("mp3_path"),
        skipped=skipped,
        descr=INFO.describe(NOTES),
        as_frame=as_frame,
        return_X_y=return_X_y,
    )


def _read_annotations(path):
    table = read_table(path, ("clip_id",), text_columns=("mp3_path",), sep="\t")
    require_columns(table, ["mp3_path"], path)
    paths = read_paths(table.pop("mp3_path"), CLIP_PATTERN, path)
    if not len(table) or not table.shape[1]:
        raise DatasetError(f"{path} has {len(table)} clips and {table.shape[1]} tags.")
    return read_tags(table, path), paths


def _tagged(tags, path):
    kept = tags[tags.any(axis=1)]
    if not len(kept):
        raise DatasetError(
            f"{path}: none of its {len(tags)} clips has any of the {tags.shape[1]} kept tags. Set "
            "drop_untagged=False to keep clips without tags."
        )
    return kept


def _artist(path):
    return path[2:].rsplit(".", 1)[0].split("-", 1)[0]
