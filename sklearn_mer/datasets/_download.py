from pathlib import Path

from pooch import HTTPDownloader

from ._errors import DownloadError

# Seconds without a byte after which a server counts as gone.
TIMEOUT = 60


def obtain(source, folder, *, verbose):
    """Return the path of an archive, downloading it into `folder` if it has a URL.

    Parameters
    ----------
    source : str or path-like
        A URL (http or https), or the path of an archive that is here already.
    folder : pathlib.Path
        Where a download goes. Whoever made the folder removes it.
    verbose : int
        Whether to show a progress bar.

    Raises
    ------
    ValueError
        If `source` is neither a URL nor a file.
    DownloadError
        If the download fails or breaks off.
    """
    if str(source).startswith(("http://", "https://")):
        return _download(str(source), folder / "archive.zip", verbose)
    path = Path(source).expanduser()
    if not path.is_file():
        raise ValueError(
            f"The source must be a URL beginning with http:// or https://, or the path of an "
            f"archive that was downloaded before; got {str(source)!r}."
        )
    return path


def _download(url, path, verbose):
    if verbose:
        print(f"Downloading {url}")
    downloader = HTTPDownloader(progressbar=bool(verbose), timeout=TIMEOUT)
    try:
        downloader(url, str(path), None)
    except OSError as error:  # all of requests' errors are, and a full disk too
        got = path.stat().st_size if path.exists() else 0
        raise DownloadError(
            f"The download of {url} failed after {got} bytes ({error}). Nothing of it was kept; "
            "call the same function again to start over."
        ) from error
    return path
