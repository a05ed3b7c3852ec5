import errno
import os
import tempfile
from contextlib import contextmanager
from pathlib import Path

from .._compat import StrOptions
from .._docs import share_docs
from .._download import DownloadError, download
from . import _4qaed, _merge
from ._archive import install
from ._options import checks_options

CLIPS_URL_4QAED = "http://mir.dei.uc.pt/resources/MER_audio_taffc_dataset.zip"
URL_MERGE = "https://zenodo.org/records/13939205/files/MERGE_Audio_{subset}.zip?download=1"

_GIGABYTE = 1 << 30
_QUADRANT_FILES = ("Q1/*", "Q2/*", "Q3/*", "Q4/*")
_SOURCE = [str, os.PathLike, None]


@checks_options(url=_SOURCE, features_url=_SOURCE, force=["boolean"])
@share_docs
def fetch_4qaed(*, data_home=None, url=None, features_url=None, force=False, verbose=1):
    """Download and unpack the 4-quadrant audio emotion data set (4QAED).

    It is published in two archives: clips with annotations, and tables of features.

    Parameters
    ----------
    data_home : str or path-like, default=None
        Data home, see :func:`get_data_home`. The data set is unpacked to its sub-folder
        ``datasets/4QAED``, and the tables to the folder ``Features`` in it.
    url : str, default=None
        URL of the archive of clips, or path of a downloaded copy. If None,
        ``http://mir.dei.uc.pt/resources/MER_audio_taffc_dataset.zip``.
    features_url : str, default=None
        URL of the archive "Features - Audio MER", or path of a downloaded copy. There is no
        default, since its exact URL is unknown; it is linked on
        http://mir.dei.uc.pt/downloads.html. If None, no features are downloaded.
    force : bool, default=False
        {force}
    verbose : int, default=1
        {verbose_fetch}

    Returns
    -------
    pathlib.Path
        Folder of the data set.

    Raises
    ------
    DownloadError
        If a download fails, or the files cannot be written. The partial file is removed.
    DatasetError
        If an archive is broken, has another layout than the published one, or is unsafe to unpack
        (paths outside the folder, links, more than 2 GB of clips or 1 GB of tables). Nothing is
        unpacked.
    ValueError
        If `url` or `features_url` is neither a URL nor a file.

    See Also
    --------
    load_4qaed : Load this data set.

    Notes
    -----
    If the archive is no longer at the default `url`, see http://mir.dei.uc.pt/downloads.html.

    No checksum is published. The archive is verified by its structure, and each member by the
    checksum in the archive. A download that breaks off goes on in the same call only.

    Examples
    --------
    >>> from sklearn_mer.datasets import fetch_4qaed
    >>> folder = fetch_4qaed(
    ...     features_url="downloads/features.zip"  # saved with the browser
    ... )  # doctest: +SKIP
    """
    root = _4qaed.INFO.path(data_home)
    _fetch(
        CLIPS_URL_4QAED if url is None else url,
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
        print("The tables of features were not downloaded; set features_url= to get them.")
    return root


@checks_options(subset=[StrOptions(set(_merge.SUBSETS))], url=_SOURCE, force=["boolean"])
@share_docs
def fetch_merge(subset="complete", *, data_home=None, url=None, force=False, verbose=1):
    """Download and unpack a MERGE audio data set.

    Parameters
    ----------
    subset : {"complete", "balanced"}, default="complete"
        3554 clips (about 1.2 GB) or 3232 clips (about 1.1 GB).
    data_home : str or path-like, default=None
        Data home, see :func:`get_data_home`. The data set is unpacked to its sub-folder
        ``datasets/MERGE/MERGE_Audio_Complete`` (or ``_Balanced``).
    url : str, default=None
        URL of the archive, or path of a downloaded copy. If None, version 1.1.0 on Zenodo, record
        13939205.
    force : bool, default=False
        {force}
    verbose : int, default=1
        {verbose_fetch}

    Returns
    -------
    pathlib.Path
        Folder of the data set.

    Raises
    ------
    DownloadError
        If the download fails, or the files cannot be written. The partial file is removed.
    DatasetError
        If the archive is broken, has another layout than the published one, or is unsafe to unpack
        (paths outside the folder, links, more than 6 GB). Nothing is unpacked.
    ValueError
        If `url` is neither a URL nor a file, or `subset` is unknown.

    See Also
    --------
    load_merge : Load this data set.

    Notes
    -----
    The data set is licensed CC BY-NC 4.0. A download that breaks off goes on in the same call only.

    Examples
    --------
    >>> from sklearn_mer.datasets import fetch_merge
    >>> folder = fetch_merge("balanced")  # doctest: +SKIP
    """
    info = _merge.subset_info(subset)
    root = info.path(data_home)
    values = f"merge_audio_{subset}_av_values.csv"
    _fetch(
        URL_MERGE.format(subset=subset.capitalize()) if url is None else url,
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
            print(f"{target} exists already; set force=True to download it again.")
        return
    with _telling_of_the_disk(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        # Next to the target, on the same disk: /tmp may be too small.
        with tempfile.TemporaryDirectory(prefix=".download-", dir=target.parent) as folder:
            archive = _obtain(source, Path(folder), verbose=verbose)
            install(archive, target, required, max_bytes=max_bytes, verbose=verbose)
    if verbose:
        print(f"Unpacked into {target}")


@contextmanager
def _telling_of_the_disk(target):
    """Turn an error of the file system into one that says what is safe and what to do."""
    try:
        yield
    except OSError as error:
        if error.errno is None:  # ours, with a text of its own
            raise
        raise DownloadError(
            f"{target} cannot be written ({error.strerror}). It is as it was before, and no "
            "partial file remains. Make room there, or name another folder with data_home=, and "
            "call the function again."
        ) from error


def _obtain(source, folder, *, verbose):
    """Return the path of an archive, which is downloaded into `folder` if `source` is a URL."""
    if str(source).startswith(("http://", "https://")):
        return _download(str(source), folder / "archive.zip", verbose)
    path = Path(os.path.expanduser(source))
    if not path.is_file():
        raise ValueError(
            "The source must be a URL beginning with http:// or https://, or the path of a "
            f"downloaded archive; got {str(source)!r}."
        )
    return path


def _download(url, path, verbose):
    if verbose:
        print(f"Downloading {url}")
    try:
        download(url, path, verbose=bool(verbose))
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise
        got = path.stat().st_size if path.exists() else 0
        raise DownloadError(
            f"The download of {url} failed after {got} bytes ({error}). The partial file was "
            "removed; call the function again to restart the download."
        ) from error
    return path
