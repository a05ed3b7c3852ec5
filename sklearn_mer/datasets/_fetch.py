import tempfile
from pathlib import Path

from . import _4qaed, _merge
from ._archive import install
from ._download import obtain
from ._errors import check_choice

CLIPS_URL_4QAED = "http://mir.dei.uc.pt/resources/MER_audio_taffc_dataset.zip"
URL_MERGE = "https://zenodo.org/records/13939205/files/MERGE_Audio_{subset}.zip?download=1"

_GIGABYTE = 1 << 30
_QUADRANT_FILES = ("Q1/*", "Q2/*", "Q3/*", "Q4/*")


def fetch_4qaed(*, data_home=None, url=None, features_url=None, force=False, verbose=1):
    """Download the 4-quadrant audio emotion data set and unpack it.

    The data set is published as two archives: the clips with their
    annotations, and the tables of features.

    Parameters
    ----------
    data_home : str or path-like, default=None
        The data home, see :func:`get_data_home`. The data set goes to its
        sub-folder ``datasets/4QAED``, the tables into ``Features`` therein.
    url : str, default=None
        URL of the archive of clips, or the path of a copy that is here. None:
        ``http://mir.dei.uc.pt/resources/MER_audio_taffc_dataset.zip``.
    features_url : str, default=None
        URL, or path of a copy, of the archive "Features - Audio MER". Its
        address must be given, as its exact form is not known to us: it is
        linked on http://mir.dei.uc.pt/downloads.html. None: no features.
    force : bool, default=False
        Whether to download what is there already. What it replaces goes only
        when the new copy is complete.
    verbose : int, default=1
        Positive: say what is done, with progress bars.

    Returns
    -------
    pathlib.Path
        The folder of the data set.

    Raises
    ------
    DownloadError
        If a download fails or breaks off. Nothing of it is kept.
    DatasetError
        If an archive is broken, laid out differently from the published one,
        or unsafe to unpack (paths that lead elsewhere, links, more than 2 GB
        of clips or 1 GB of tables). Nothing is unpacked then.
    ValueError
        If `url` or `features_url` is neither a URL nor a file.

    See Also
    --------
    load_4qaed : Load what this function fetches.

    Notes
    -----
    The default `url` is the one that public pages link to. If the archive has
    moved, its new address is on http://mir.dei.uc.pt/downloads.html.

    No checksum is published: the archive is known by its structure, and each
    member by the checksum in the archive. A download that breaks off is
    removed and starts over at the next call.

    Examples
    --------
    >>> from sklearn_mer.datasets import fetch_4qaed
    >>> folder = fetch_4qaed(
    ...     features_url="downloads/features.zip"  # saved with the browser
    ... )  # doctest: +SKIP
    """
    root = _4qaed.INFO.path(data_home)
    _fetch(
        url or CLIPS_URL_4QAED,
        root,
        required=(_4qaed.ANNOTATIONS, _4qaed.METADATA, *_QUADRANT_FILES),
        present=_4qaed.INFO.is_present(data_home),
        max_bytes=2 * _GIGABYTE,
        force=force,
        verbose=verbose,
    )
    if features_url is not None:
        folder = root / _4qaed.FEATURE_FOLDERS[0]
        tables = tuple(_4qaed.FEATURE_TABLES.values())
        _fetch(
            features_url,
            folder,
            required=tables,
            present=all((folder / table).is_file() for table in tables),
            max_bytes=_GIGABYTE,
            force=force,
            verbose=verbose,
        )
    elif verbose:
        print("The tables of features were not fetched: their archive needs features_url=.")
    return root


def fetch_merge(subset="complete", *, data_home=None, url=None, force=False, verbose=1):
    """Download an audio data set of MERGE and unpack it.

    Parameters
    ----------
    subset : {"complete", "balanced"}, default="complete"
        3554 clips (about 1.2 GB) or 3232 clips (about 1.1 GB).
    data_home : str or path-like, default=None
        The data home, see :func:`get_data_home`. The data set goes to its
        sub-folder ``datasets/MERGE/MERGE_Audio_Complete`` (or ``_Balanced``).
    url : str, default=None
        URL of the archive, or the path of a copy that is here. None: the file
        of version 1.1.0 at Zenodo, record 13939205.
    force : bool, default=False
        Whether to download what is there already. What it replaces goes only
        when the new copy is complete.
    verbose : int, default=1
        Positive: say what is done, with progress bars.

    Returns
    -------
    pathlib.Path
        The folder of the data set.

    Raises
    ------
    DownloadError
        If the download fails or breaks off. Nothing of it is kept.
    DatasetError
        If the archive is broken, laid out differently from the published one,
        or unsafe to unpack (paths that lead elsewhere, links, more than 6 GB).
        Nothing is unpacked then.
    ValueError
        If `url` is neither a URL nor a file, or `subset` is unknown.

    See Also
    --------
    load_merge : Load what this function fetches.

    Notes
    -----
    The data set is licensed CC BY-NC 4.0. A download that breaks off is removed
    and starts over at the next call.

    Examples
    --------
    >>> from sklearn_mer.datasets import fetch_merge
    >>> folder = fetch_merge("balanced")  # doctest: +SKIP
    """
    check_choice("subset", subset, _merge.SUBSETS)
    info = _merge.subset_info(subset)
    root = info.path(data_home)
    values = f"merge_audio_{subset}_av_values.csv"
    _fetch(
        url or URL_MERGE.format(subset=subset.capitalize()),
        root,
        required=(info.marker, values, *_QUADRANT_FILES),
        present=info.is_present(data_home),
        max_bytes=6 * _GIGABYTE,
        force=force,
        verbose=verbose,
    )
    return root


def _fetch(source, target, *, required, present, max_bytes, force, verbose):
    if present and not force:
        if verbose:
            print(f"{target} is there already; force=True fetches it again.")
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    # Beside the target, and so on the same disk: a system's /tmp may be too small.
    with tempfile.TemporaryDirectory(prefix=".download-", dir=target.parent) as folder:
        archive = obtain(source, Path(folder), verbose=verbose)
        install(archive, target, required, max_bytes=max_bytes, verbose=verbose)
    if verbose:
        print(f"Unpacked into {target}")
