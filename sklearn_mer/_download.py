"""Downloads that go on where a broken one stopped."""

from contextlib import contextmanager

from tqdm import tqdm

# Seconds without data after which a download fails.
_TIMEOUT = 60
# Connections that a download may lose while more bytes arrive.
_TRIES = 5
_CHUNK = 1 << 14


class DownloadError(OSError):
    """A download failed. The message says why, and what becomes of the part that is here.

    See Also
    --------
    fetch_4qaed : Download the 4-quadrant audio emotion data set.
    fetch_merge : Download a MERGE audio data set.
    sklearn_mer.weights.fetch_weights : Download pre-trained weights.
    """


def download(url, path, *, n_bytes=None, max_bytes=None, needs_length=False, verbose=True):
    """Download a file; go on where the one that is there ends.

    Parameters
    ----------
    url : str
        Its address.
    path : pathlib.Path
        Where it is written, in a folder that exists. After an error, what has arrived is there.
    n_bytes : int or None, default=None
        Its size where known. Another size is an error.
    max_bytes : int or None, default=None
        The most that is written where the size is not known.
    needs_length : bool, default=False
        Whether to refuse a server that does not say the length: without it, nobody sees that the
        end is missing.
    verbose : bool, default=True
        Whether to show the progress.

    Raises
    ------
    DownloadError
        If the download fails, in few words.
    OSError
        If the file cannot be written.
    """
    for _ in range(_TRIES):
        before = _size(path)
        if n_bytes is not None and before == n_bytes:
            return
        try:
            with _few_words():
                if _one_connection(url, path, n_bytes, max_bytes, needs_length, verbose):
                    return
            error = DownloadError("the connection ended before the file did")
        except _Broken as broken:
            error = broken
        if _size(path) <= before:  # no progress
            break
    raise DownloadError(str(error)) from error.__cause__


class _Broken(DownloadError):
    """Another connection may get more."""


def _size(path):
    return path.stat().st_size if path.exists() else 0


def _one_connection(url, path, n_bytes, max_bytes, needs_length, verbose):
    """Write what one connection gives; return whether that is all."""
    import requests

    got = _size(path)
    if n_bytes is not None and got > n_bytes:
        got = 0
    headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={got}-"} if got else {})
    with requests.get(url, headers=headers, stream=True, timeout=_TIMEOUT) as response:
        if got and response.status_code == 416:  # the file has no more than what is here
            path.unlink()
            return _one_connection(url, path, n_bytes, max_bytes, needs_length, verbose)
        response.raise_for_status()
        if not response.headers.get("Content-Range", "").startswith(f"bytes {got}-"):
            got = 0  # the server sends all of it
        total = _total(response, got)
        if total is None and needs_length:
            raise DownloadError("the server does not say how long the file is")
        if None not in (total, n_bytes) and total != n_bytes:
            raise DownloadError(f"the server offers {total} bytes, expected {n_bytes}")
        limit = next((one for one in (n_bytes, total, max_bytes) if one is not None), float("inf"))
        if max_bytes is not None and limit > max_bytes:
            raise DownloadError(f"the server offers {limit} bytes, more than {max_bytes}")
        with (
            _progress(total or n_bytes, got, verbose) as bar,
            open(path, "r+b" if got else "wb") as file,
        ):
            file.seek(got)
            for chunk in response.iter_content(_CHUNK):
                got += len(chunk)
                if got > limit:
                    raise DownloadError(f"the server sends more than {limit} bytes")
                file.write(chunk)
                bar.update(len(chunk))
    whole = total if n_bytes is None else n_bytes
    return whole is None or got == whole


def _total(response, got):
    """Return the size of the whole file as the server says it, or None."""
    if response.headers.get("Content-Encoding", "identity") != "identity":
        return None  # of what is sent, not of the file
    length = response.headers.get("Content-Length", "")
    return got + int(length) if length.isdecimal() else None


def _progress(total, got, verbose):
    how = {"unit": "B", "unit_scale": True, "unit_divisor": 1000}
    return tqdm(total=total, initial=got, disable=not verbose, **how)


@contextmanager
def _few_words():
    """Turn an error of requests into one that says what happened in few words."""
    from requests import exceptions

    try:
        yield
    except exceptions.HTTPError as error:
        answer = error.response
        text = f"the server says {answer.status_code} {answer.reason or ''}".rstrip()
        raise DownloadError(text) from error
    except exceptions.Timeout as error:
        raise _Broken(f"no data for {_TIMEOUT} s") from error
    except exceptions.ProxyError as error:
        raise _Broken(f"the proxy gives no connection: {_innermost(error)}") from error
    except exceptions.SSLError as error:
        raise _Broken(f"no safe connection: {_innermost(error)}") from error
    except exceptions.ChunkedEncodingError as error:
        raise _Broken("the connection broke") from error
    except exceptions.ConnectionError as error:
        raise _Broken(f"no connection: {_innermost(error)}") from error
    except exceptions.RequestException as error:
        raise DownloadError(str(error)) from error


def _innermost(error):
    """Return what the error says in whose place others were raised."""
    while True:
        inner = getattr(error, "reason", None)
        if not isinstance(inner, Exception):
            inner = next((one for one in error.args if isinstance(one, Exception)), None)
        if inner is None:
            # Without the connection that comes first, as text.
            return str(error).rpartition("): ")[2] or str(error) or type(error).__name__
        error = inner
