"""Files of the register, made from what their authors publish."""

import hashlib
import os
from pathlib import Path
from urllib.parse import urlsplit

from .._data_home import get_data_home
from .._docs import share_docs
from .._download import DownloadError, download
from .._files import replace_file, told, why_not
from ._convert import check_can_convert, convert
from ._errors import WeightsError
from ._find import file_sha256, find_weights, known_weights
from ._noted import LOCK, note_sha256, noted_sha256

# Of a file whose size is not known. Those of OpenL3 have 4.7 million numbers.
_MAX_BYTES = 1 << 27


@share_docs
def fetch_weights(name, *, source=None, data_home=None, force=False, verbose=1):
    """Download pre-trained weights from where their authors publish them.

    The originals are downloaded from an address pinned to a commit, checked by size and sha256,
    and converted without TensorFlow or Keras. The result must have the sha256 of the register; it
    is written in one step. A download that breaks off is continued by the next call.

    Parameters
    ----------
    name : str
        See `available_weights`.
    source : str or path-like, default=None
        Where to get the originals instead. A URL stands in place of ``https://HOST`` in all
        addresses, as a mirror's. A file, or a folder that is searched at any depth: files in it
        are recognised by their content, whatever their names are (OpenL3: by their names).
    data_home : str or path-like, default=None
        Folder in whose sub-folder ``weights`` the file is written; see
        `sklearn_mer.datasets.get_data_home`.
    force : bool, default=False
        Whether to replace a file that is there.
    verbose : int, default=1
        {verbose_fetch}

    Returns
    -------
    pathlib.Path
        The file.

    Raises
    ------
    ValueError
        If the name is unknown, or `source` is neither a URL nor a file or folder.
    DownloadError
        If the download fails. What has arrived is kept for the next call.
    WeightsError
        If the originals are other files than the register's, or a damaged file is in the way and
        `force` is False. Nothing is replaced.
    ImportError
        If a package is missing for the conversion: ``artist_siamese_10000`` needs the extra
        ``weights``.

    See Also
    --------
    available_weights : Names, licences, addresses.
    find_weights : Path of a file.

    Notes
    -----
    Of the OpenL3 files neither size nor sha256 is known. The sha256 of the first download is noted
    in ``weights.lock.json`` beside the file, and checked from then on, also by `find_weights`.

    Proxies are taken from the environment (``HTTPS_PROXY``).

    Examples
    --------
    >>> from sklearn_mer.weights import fetch_weights
    >>> fetch_weights("mtat_crnn")  # doctest: +SKIP
    >>> fetch_weights("MSD_musicnn", source="Downloads")  # doctest: +SKIP
    """
    info = known_weights(name)
    source = _checked(source)
    path = get_data_home(data_home) / "weights" / info.file
    if path.is_file() and not force:
        find_weights(name, data_home)  # a damaged file is an error that names --force
        if verbose:
            print(f"{path} is there already.")
        return path
    check_can_convert(info.network)
    if verbose:
        size = f", {info.download_bytes / 1e6:.1f} MB" if info.download_bytes else ""
        print(f"{name}{size}, licence {info.licence}, from {info.url}\n  {info.citation}")
    with told(f"{path} cannot be written", "Choose another folder by data_home=.", DownloadError):
        path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(source, Path):
        content = _from_files(info, source, path)
    else:
        content = _from_network(info, source, path, verbose)
    with told(f"{path} cannot be written", "Make room there, or change data_home=.", DownloadError):
        replace_file(path, content)
        if info.sha256 is None:
            note_sha256(path, _sha256(content))
    _remove(_part(path, original) for original in info.originals)
    if verbose:
        print(f"  Written: {path}")
    return path


def _checked(source):
    """Return None, a URL or the path of a file or folder."""
    if source is None:
        return None
    if isinstance(source, str) and source.startswith(("http://", "https://")):
        return source.rstrip("/")
    if not isinstance(source, str | os.PathLike):
        raise TypeError(f"source={source!r} is no URL and no path; give a str, a path or None.")
    path = Path(os.path.expanduser(source))
    if not path.exists():
        raise ValueError(
            f"source={os.fspath(source)!r} (on the command line --from) is neither a file or "
            "folder that is there, nor a URL that begins with http:// or https://."
        )
    return path


def _sha256(content):
    return hashlib.sha256(content).hexdigest()


# From the network.


def _from_network(info, mirror, path, verbose):
    """Return the bytes of the register's file, made from what is downloaded."""
    parts = [_part(path, original) for original in info.originals]
    contents = [
        _downloaded(info, original, mirror, part, verbose)
        for original, part in zip(info.originals, parts, strict=True)
    ]
    try:
        return _made(info, contents, path)
    except WeightsError:  # another download may give another file
        _remove(parts)
        raise


def _part(path, original):
    return path.with_name(f".{path.name}.{original.file.lstrip('.')}.part")


def _remove(parts):
    for part in parts:
        part.unlink(missing_ok=True)


def _downloaded(info, original, mirror, part, verbose):
    """Return the bytes of an original; they are also in `part`."""
    url = original.url if mirror is None else mirror + urlsplit(original.url).path
    if verbose:
        print(f"  Downloading {url}")
    try:
        download(
            url,
            part,
            n_bytes=original.n_bytes,
            max_bytes=_MAX_BYTES,
            needs_length=original.n_bytes is None,
            verbose=bool(verbose),
        )
        content = part.read_bytes()
    except DownloadError as error:
        raise DownloadError(_failure(info, original, url, part, error)) from error
    except FileNotFoundError as error:
        raise DownloadError(
            f"{part} is gone: another process fetches {info.name} too. Try again when it is done."
        ) from error
    except OSError as error:
        raise DownloadError(
            f"{part} cannot be written: {why_not(error)}. Make room there, or name another folder "
            "by data_home= (--data-home)."
        ) from error
    if original.sha256 not in (None, found := _sha256(content)):
        part.unlink()
        raise WeightsError(
            f"{url} is another file than the register's: its sha256 is {found}, expected "
            f"{original.sha256}, and it begins with {content[:30]!r}. It was removed. Try again, "
            "or get the file elsewhere (source=, --from)."
        )
    return content


def _failure(info, original, url, part, error):
    kept = part.stat().st_size if part.exists() else 0
    if not kept:
        _remove([part])
    goes_on = f" {kept} bytes are kept: the next call goes on there." if kept else ""
    digest = f" (sha256 {original.sha256})" if original.sha256 else ""
    return (
        f"{url} could not be downloaded: {error}.{goes_on} A proxy is set by HTTPS_PROXY. Without "
        f"a network, save that file{digest} in another way, and run `sklearn-mer weights fetch "
        f"{info.name} --from FOLDER`, where FOLDER holds it; --from URL names a mirror."
    )


# From files.


def _from_files(info, source, path):
    """Return the bytes of the register's file, found or made from files that are here."""
    files = [source] if source.is_file() else sorted(filter(Path.is_file, source.rglob("*")))
    if info.sha256 and (content := _find(files, info)) is not None:
        return content
    contents = [_find(files, original) for original in info.originals]
    if None not in contents:
        return _made(info, contents, path)
    missing = info.originals[contents.index(None)]
    what = f"no file with the sha256 {missing.sha256}" if missing.sha256 else "no such file"
    raise WeightsError(
        f"{info.name} needs {missing.url}, and {source} {'holds' if source.is_dir() else 'is'} "
        f"{what}. If it needs several files, give the folder that holds them."
    )


def _find(files, wanted):
    """Return the content of the file that is meant, whatever its name where a sha256 is known."""
    for file in files:
        if wanted.sha256 is None:
            found = file.name == wanted.file
        else:
            found = file.stat().st_size == wanted.n_bytes and file_sha256(file) == wanted.sha256
        if found:
            return file.read_bytes()
    return None


# Both.


def _made(info, contents, path):
    """Return the bytes of the register's file, made from the originals."""
    try:
        content = convert(info.network, contents)
    except WeightsError as error:
        raise WeightsError(f"{info.name} cannot be made of what was found. {error}") from error
    found = _sha256(content)
    if info.sha256 not in (None, found):
        raise WeightsError(
            f"{info.name}: the conversion gives other bytes (sha256 {found}) than the register's "
            f"({info.sha256}), though the originals are right. Nothing was written. Please report "
            "it with the versions of Python, numpy and h5py."
        )
    if info.sha256 is None and noted_sha256(path) not in (None, found):
        raise WeightsError(
            f"{info.file} is another file than at the first download: its sha256 is {found}, "
            f"noted is {noted_sha256(path)}. Nothing was replaced. If its authors have changed it "
            f"and you trust it, delete its line in {path.with_name(LOCK)}."
        )
    return content
