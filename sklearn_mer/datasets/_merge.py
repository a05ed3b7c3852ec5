import warnings
from dataclasses import replace

import numpy as np
import pandas as pd

from .._compat import StrOptions
from .._docs import share_docs
from ._bunch import make_bunch
from ._errors import DatasetError, first_few
from ._info import DatasetInfo
from ._options import checks_options
from ._quadrants import Expected, artist_groups, locate_clips, read_quadrants
from ._tables import align, check_agreement, read_table, require_columns, to_numbers
from ._unusable import drop_unusable

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
Clips in the four quadrants of Russell's plane of valence and arousal, a successor of 4QAED.
Quadrants, arousal and valence are derived from the mood tags of AllMusic."""


def subset_info(subset):
    """Return the description of one of the two audio data sets."""
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


@checks_options(subset=[StrOptions(set(SUBSETS))], split=[StrOptions(set(SPLITS)), None])
@share_docs
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
    """Load a MERGE audio data set (classification).

    Clips of 30 s in four quadrants, a successor of 4QAED. The files are read from
    ``<data home>/datasets/MERGE/MERGE_Audio_Complete`` (or ``_Balanced``), the folder in the
    published archive. Nothing is downloaded.

    Parameters
    ----------
    subset : {"complete", "balanced"}, default="complete"
        3554 clips, or 3232 clips with 808 per quadrant.
    split : {"70_15_15", "40_30_30"} or None, default=None
        Published split into training, validation and test set to load.
    data_home : str or path-like, default=None
        {datasets_home}
    return_X_y : bool, default=False
        {return_X_y}
    as_frame : bool, default=True
        {as_frame}
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

        data : DataFrame of shape (n_clips, 1)
            Column ``audio`` (paths, str); no features are published. If ``as_frame=False``, an
            object array of shape (n_clips,).
        target : Series or ndarray of shape (n_clips,)
            Quadrants, "Q1" to "Q4".
        groups : Series or ndarray of shape (n_clips,)
            Artists. Each clip without an artist is a group of its own.
        frame : DataFrame or None
            `data` with the target as column ``quadrant``; None if ``as_frame=False``.
        features : None
            Always None. Only if ``as_frame=False``.
        feature_names, target_names : list of str
            An empty list, and the quadrants.
        ids : ndarray of shape (n_clips,)
            Clip ids.
        metadata : DataFrame
            Published information about each clip, including ``Arousal`` and ``Valence`` from 0 to
            1 (which are labels and not features). Years are integers, missing if the text does not
            contain a year; the published text is in ``Year_raw``.
        split : Series or ndarray of shape (n_clips,)
            "train", "validate" or "test"; missing, with a warning, for clips that are not in the
            published files. Only with `split`.
        splits : list of one (train, test) tuple of index arrays
            Split for the parameter ``cv`` of scikit-learn, without the validation set. Only with
            `split`.
        skipped : DataFrame
            Columns ``file`` and ``reason`` of the clips left out.
        DESCR : str
            Description, licence, citation, layout.

    (data, target) : tuple if ``return_X_y=True``
        Clips and labels.

    Raises
    ------
    DatasetNotFoundError
        If the data set or one of its tables is missing.
    DatasetError
        If the files differ from the published ones: other counts, duplicate, missing or unknown
        ids, clips in the folder of another quadrant or in two parts of the split, or arousal or
        valence outside 0 to 1.
    AudioError
        If clips are missing or empty (with "skip": if no clip can be used).

    See Also
    --------
    fetch_merge : Download this data set.
    load_4qaed : Load the smaller data set with published features.

    Notes
    -----
    Tables are aligned by clip id and not by the order of their rows, which differs between the
    tables. The year is the first number of four digits from 1800 to 2099 in the text.

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
    info = subset_info(subset)
    root = info.find_root(data_home)
    metadata, target, n_invalid = _read_metadata(root / info.marker, subset)
    metadata = metadata.join(_read_arousal_valence(info, root, subset, target))
    parts = None if split is None else _read_split(info, root, subset, split, target)
    audio, bad = locate_clips(root, target)
    if len(bad) == len(audio):
        raise info.not_found("clip in the folders Q1 to Q4", root)
    audio, skipped = drop_unusable(
        audio, bad, on_error=on_error, decode=on_error == "skip", n_jobs=n_jobs, verbose=verbose
    )
    return make_bunch(
        audio=audio,
        target=target,
        groups=artist_groups(metadata["Artist"]),
        metadata=metadata,
        skipped=skipped,
        descr=info.describe(NOTES, f"\n{n_invalid} published year values do not contain a year."),
        as_frame=as_frame,
        return_X_y=return_X_y,
        **split_entries(parts, audio.index, as_frame),
    )


def _read_metadata(path, subset):
    table = read_table(path, ("Song",), text_columns=YEAR_COLUMNS)
    require_columns(table, ["Quadrant", "Artist"], path)
    target = read_quadrants(table, path)
    EXPECTED[subset].check(target, path)
    n_invalid = 0
    for column in [name for name in YEAR_COLUMNS if name in table.columns]:
        raw = table[column]
        table[column] = _years(raw)
        table[f"{column}_raw"] = raw
        n_invalid += int((raw.notna() & table[column].isna()).sum())
    return table, target, n_invalid


def _years(text):
    """Return the first year in each text as integers, missing if there is none."""
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
            f"{path} has arousal or valence outside 0 to 1 for {first_few(values.index[outside])}."
        )
    return values


def _read_split(info, root, subset, split, target):
    """Return the part of the split of each clip: train, validate or test."""
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
        duplicates = parts.index[parts.index.duplicated()].unique()
        raise DatasetError(f"{folder} has clips in more than one part: {first_few(duplicates)}.")
    unknown, without = parts.index.difference(target.index), target.index.difference(parts.index)
    if len(unknown):
        raise DatasetError(
            f"{folder} has clips that are not in the metadata: {first_few(unknown)}."
        )
    if len(without):
        warnings.warn(
            f"{folder} lacks {len(without)} clips: {first_few(without)}.",
            UserWarning,
            stacklevel=4,
        )
    return parts.reindex(target.index)


def split_entries(parts, ids, as_frame):
    """Return the entries of a Bunch that tell a fixed split, none without one."""
    if parts is None:
        return {}
    parts = parts.loc[ids]
    train, test = (np.flatnonzero(parts == part) for part in ("train", "test"))
    return {"split": parts if as_frame else parts.to_numpy(dtype=object), "splits": [(train, test)]}


def _existing(info, path):
    if not path.is_file():
        raise info.not_found(path.name, path.parent)
    return path
