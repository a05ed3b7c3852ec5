import warnings
from dataclasses import replace

import numpy as np
import pandas as pd

from ._bunch import make_bunch
from ._errors import DatasetError, check_choice, some
from ._info import DatasetInfo
from ._quadrants import Expected, artist_groups, locate_clips, read_quadrants
from ._screen import screen
from ._tables import align, check_agreement, read_table, require_columns, to_numbers

SUBSETS = ("complete", "balanced")
SPLITS = ("70_15_15", "40_30_30")
PARTS = ("train", "validate", "test")
YEAR_COLUMNS = ("Year", "LowestYear", "ActualYear")
EXPECTED = {
    "complete": Expected(n_clips=3554),
    "balanced": Expected(n_clips=3232, per_quadrant=808),
}
SIZES = {
    "complete": "3554 clips, archive of about 1.2 GB",
    "balanced": "3232 clips, archive of about 1.1 GB",
}

_INFO = DatasetInfo(
    title="MERGE audio",
    folder="MERGE",
    marker="",
    homepage="https://zenodo.org/records/13939205",
    size="",
    licence="Creative Commons Attribution Non Commercial 4.0 International (CC BY-NC 4.0)",
    citation="""
Louro, P. L., Redinho, H., Santos, R., Malheiro, R., Panda, R. & Paiva, R. P. (2024). MERGE - A
bimodal audio-lyrics dataset for static music emotion recognition. arXiv:2407.06060.
Data: https://doi.org/10.5281/zenodo.13939205
""",
    layout="",
    fetch="",
)

_LAYOUT = """
- ``Q1/`` to ``Q4/``: clips of 30 s, ``*.mp3``, named by their id
- ``merge_audio_{subset}_metadata.csv``: Song, Quadrant, Artist, Title, years, moods, genres
- ``merge_audio_{subset}_av_values.csv``: Song, Arousal, Valence (0 to 1)
- ``tvt_dataframes/tvt_70_15_15/tvt_70_15_15_train_audio_{subset}.csv``: Song, Quadrant; the same
  for validate and test, and for 40_30_30
"""

NOTES = """
Clips in the four quadrants of Russell's plane of valence and arousal, the continuation of 4QAED.
Quadrants, arousal and valence come from AllMusic's mood tags."""


def subset_info(subset):
    """Return what is to be said of one of the two audio data sets."""
    name = f"MERGE_Audio_{subset.capitalize()}"
    return replace(
        _INFO,
        title=f"MERGE audio, {subset}",
        folder=f"MERGE/{name}",
        marker=f"merge_audio_{subset}_metadata.csv",
        size=SIZES[subset],
        layout=_LAYOUT.format(subset=subset),
        fetch=f'sklearn_mer.datasets.fetch_merge("{subset}")',
    )


def load_merge(
    subset="complete",
    *,
    split=None,
    data_home=None,
    return_X_y=False,
    as_frame=True,
    on_error="raise",
    n_jobs=None,
    verbose=0,
):
    """Load an audio data set of MERGE (classification).

    Clips of 30 s in four quadrants, the continuation of 4QAED. The files are
    looked for in ``<data home>/datasets/MERGE/MERGE_Audio_Complete`` (or
    ``..._Balanced``): the folder that the published archive brings. Nothing is
    downloaded.

    Parameters
    ----------
    subset : {"complete", "balanced"}, default="complete"
        3554 clips, or 3232 with 808 a quadrant.
    split : {"70_15_15", "40_30_30"} or None, default=None
        The published division into train, validate and test to load.
    data_home : str or path-like, default=None
        The data home, see :func:`get_data_home`.
    return_X_y : bool, default=False
        Return only ``(data, target)``.
    as_frame : bool, default=True
        Return pandas objects, indexed by clip id. If False, `data` is a 1-D
        array of paths.
    on_error : {"raise", "skip"}, default="raise"
        "raise": presence and size of each clip are checked, and one error
        lists all bad files. "skip": each clip is decoded too, and bad ones are
        left out, with a warning, and listed in `skipped`.
    n_jobs : int, default=None
        Number of parallel workers for decoding.
    verbose : int, default=0
        Positive: show a progress bar while decoding.

    Returns
    -------
    data : :class:`~sklearn.utils.Bunch`
        With the entries:

        data : DataFrame of shape (n_clips, 1)
            The column ``audio`` (paths, str); no features are published. If
            ``as_frame=False``, an object array of shape (n_clips,).
        target : Series or ndarray of shape (n_clips,)
            "Q1" to "Q4".
        groups : Series or ndarray of shape (n_clips,)
            The artist; a clip without one is a group of its own.
        frame : DataFrame or None
            `data` and the target as column ``quadrant``; None if
            ``as_frame=False``.
        features : None
            Only if ``as_frame=False``.
        feature_names, target_names : list of str
            Empty; the quadrants.
        ids : ndarray of shape (n_clips,)
            The clips' ids.
        metadata : DataFrame
            What is published about each clip; also ``Arousal`` and ``Valence``
            in 0..1 (labels, so never features). Years are integers, missing
            where no year can be read; the published text is in ``Year_raw``.
        split : Series or ndarray of shape (n_clips,)
            "train", "validate" or "test" (missing, with a warning, for clips
            that the published files leave out). Only with `split`.
        splits : list of one (train, test) tuple of index arrays
            For ``cv=`` of scikit-learn's functions. Clips to validate on are
            in neither. Only with `split`.
        skipped : DataFrame
            ``file`` and ``reason`` of the clips left out.
        DESCR : str
            Description, licence, citation, layout.

    (data, target) : tuple if ``return_X_y=True``

    Raises
    ------
    DatasetNotFoundError
        If the data set, or one of its tables, is not there.
    DatasetError
        If the files contradict what is published: other counts, ids doubled,
        missing or unknown, a clip in the folder of another quadrant or in two
        parts of the division, arousal or valence outside 0..1.
    AudioError
        If clips are missing or empty (or, with "skip", if none can be used).

    See Also
    --------
    fetch_merge : Download this data set.
    load_4qaed : The smaller data set with published features.

    Notes
    -----
    Tables are aligned by clip id, never by the order of their rows: the table
    of arousal and valence is sorted differently from the metadata. A year is
    read as the first number of four digits from 1800 to 2099 in the text.

    References
    ----------
    .. [1] Louro, P. L., Redinho, H., Santos, R., Malheiro, R., Panda, R. &
       Paiva, R. P. (2024). MERGE - A bimodal audio-lyrics dataset for static
       music emotion recognition. arXiv:2407.06060.

    Examples
    --------
    >>> from sklearn_mer.datasets import DatasetNotFoundError, load_merge
    >>> clips = load_merge("balanced", split="70_15_15")  # doctest: +SKIP
    >>> clips.data.shape  # doctest: +SKIP
    (3232, 1)

    >>> try:
    ...     load_merge("balanced", data_home="an/empty/folder")
    ... except DatasetNotFoundError as error:
    ...     print(error)
    MERGE audio, balanced: no merge_audio_balanced_metadata.csv in ...
    """
    check_choice("subset", subset, SUBSETS)
    check_choice("split", split, (*SPLITS, None))
    check_choice("on_error", on_error, ("raise", "skip"))
    info = subset_info(subset)
    root = info.find_root(data_home)
    metadata, target, n_dirty = _read_metadata(root / info.marker, subset)
    metadata = metadata.join(_read_arousal_valence(info, root, subset, target))
    parts = None if split is None else _read_split(info, root, subset, split, target)
    audio, bad = locate_clips(root, target)
    if len(bad) == len(audio):
        raise info.not_found("clip in the folders Q1 to Q4", root)
    audio, skipped = screen(
        audio, bad, on_error=on_error, decode=on_error == "skip", n_jobs=n_jobs, verbose=verbose
    )
    return make_bunch(
        audio=audio,
        target=target,
        groups=artist_groups(metadata["Artist"]),
        metadata=metadata,
        skipped=skipped,
        descr=info.describe(NOTES, f"\n{n_dirty} published year values hold no readable year."),
        as_frame=as_frame,
        return_X_y=return_X_y,
        **_split_entries(parts, audio.index, as_frame),
    )


def _read_metadata(path, subset):
    table = read_table(path, ("Song",), text_columns=YEAR_COLUMNS)
    require_columns(table, ["Quadrant", "Artist"], path)
    target = read_quadrants(table, path)
    EXPECTED[subset].check(target, path)
    n_dirty = 0
    for column in [name for name in YEAR_COLUMNS if name in table.columns]:
        raw = table[column]
        table[column] = _years(raw)
        table[f"{column}_raw"] = raw
        n_dirty += int((raw.notna() & table[column].isna()).sum())
    return table, target, n_dirty


def _years(text):
    """Return the first year named in each text, as integers that may be missing."""
    year = text.astype("string").str.extract(r"(?<!\d)((?:18|19|20)\d\d)(?!\d)", expand=False)
    return year.astype("Int64")


def _read_arousal_valence(info, root, subset, target):
    path = _existing(info, root / f"merge_audio_{subset}_av_values.csv")
    table = read_table(path, ("Song",), numeric=True)
    require_columns(table, ["Arousal", "Valence"], path)
    values = to_numbers(align(table[["Arousal", "Valence"]], target.index, path), path)
    outside = ((values < 0) | (values > 1)).any(axis=1)
    if outside.any():
        raise DatasetError(
            f"{path} has arousal or valence outside 0 to 1 for {some(values.index[outside])}."
        )
    return values


def _read_split(info, root, subset, split, target):
    """Return the part of each clip: train, validate or test."""
    folder = root / "tvt_dataframes" / f"tvt_{split}"
    pieces = []
    for part in PARTS:
        path = _existing(info, folder / f"tvt_{split}_{part}_audio_{subset}.csv")
        table = read_table(path, ("Song",))
        require_columns(table, ["Quadrant"], path)
        known = table[table.index.isin(target.index)]
        check_agreement(known["Quadrant"], target.loc[known.index], path)
        pieces.append(pd.Series(part, index=table.index, name="split"))
    parts = pd.concat(pieces)
    if parts.index.has_duplicates:
        doubled = parts.index[parts.index.duplicated()].unique()
        raise DatasetError(f"{folder} puts clips into more than one part: {some(doubled)}.")
    unknown, without = parts.index.difference(target.index), target.index.difference(parts.index)
    if len(unknown):
        raise DatasetError(f"{folder} names clips that the metadata do not: {some(unknown)}.")
    if len(without):
        warnings.warn(
            f"{folder} puts {len(without)} clips into no part: {some(without)}.",
            UserWarning,
            stacklevel=3,
        )
    return parts.reindex(target.index)


def _split_entries(parts, ids, as_frame):
    if parts is None:
        return {}
    parts = parts.loc[ids]
    train, test = (np.flatnonzero(parts == part) for part in ("train", "test"))
    return {"split": parts if as_frame else parts.to_numpy(dtype=object), "splits": [(train, test)]}


def _existing(info, path):
    if not path.is_file():
        raise info.not_found(path.name, path.parent)
    return path
