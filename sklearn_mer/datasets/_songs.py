"""Songs without labels: a folder of any depth, or a playlist."""

import os
from collections import deque
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pandas as pd

from ._errors import DatasetError, DatasetNotFoundError, first_few
from ._folder import normalise
from ._layout import printable
from ._options import checks_options
from ._quadrants import AUDIO_EXTENSIONS

PLAYLISTS = (".m3u", ".m3u8")


@checks_options(root=[str, os.PathLike], extensions=["array-like"])
def load_songs(root, *, extensions=AUDIO_EXTENSIONS):
    """List the songs of a folder or a playlist, to predict them.

    No file is opened: `predict_songs` names those that cannot be used.

    Parameters
    ----------
    root : str or path-like
        A folder, of which all audio files at any depth are taken; or a playlist (m3u, m3u8), whose
        entries are taken in their order.
    extensions : sequence of str, default=AUDIO_EXTENSIONS
        Extensions of audio files in a folder, in lower or upper case. The default is wav, flac,
        ogg, opus, mp3, aif, aiff, m4a and aac; the last two need the extra ``audio``.

    Returns
    -------
    DataFrame of shape (n_songs, 1)
        Column ``audio``, the paths; of a folder sorted, its files before those of the folders in
        it. The index ``id`` is the path relative to
        the folder, or the entry of the playlist.

    Raises
    ------
    DatasetNotFoundError
        If `root` does not exist.
    DatasetError
        If there are no songs in it, or it is a file but no playlist.

    See Also
    --------
    load_folder : Clips in one folder per class.
    load_table : Clips and classes from a table.
    sklearn_mer.songs.predict_songs : Predict them.

    Notes
    -----
    Hidden files and folders (with a leading ".") are left out, and links to folders are not
    followed. Entries of a playlist are relative to its folder; a playlist may name files that are
    not there, and addresses of streams, which are no files. An entry that is there twice is
    taken once.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from sklearn_mer.datasets import load_songs
    >>> with tempfile.TemporaryDirectory() as root:
    ...     for name in ["b.mp3", "album/a.flac", "album/cover.jpg"]:
    ...         Path(root, name).parent.mkdir(exist_ok=True)
    ...         _ = Path(root, name).write_bytes(b"")
    ...     load_songs(root).index.tolist()
    ['b.mp3', 'album/a.flac']
    """
    extensions = normalise(extensions)
    root = Path(os.path.expanduser(root))
    if not root.exists():
        raise DatasetNotFoundError(f"There is no {root}. Give a folder of songs or a playlist.")
    if root.is_dir():
        songs = {path.relative_to(root).as_posix(): path for path in songs_of(root, extensions)}
    elif root.suffix.lower() in PLAYLISTS:
        songs = dict(entries_of(root))
    else:
        raise DatasetError(
            f"{root} is neither a folder nor a playlist ({', '.join(PLAYLISTS)}). A song needs no "
            "loader: give [path] to predict_songs."
        )
    if not songs:
        raise _no_songs(root, extensions)
    ids = pd.Index([printable(name) for name in songs], name="id")
    # Of type object, which holds names that are not UTF-8 too.
    audio = pd.Series([str(path) for path in songs.values()], index=ids, dtype=object)
    return audio.to_frame("audio")


def stream_songs(root):
    """Yield the paths that `load_songs` lists, one after the other.

    Memory depends on the largest folder, not on their number nor on the length of a playlist.

    Parameters
    ----------
    root : str or path-like
        A folder or a playlist that is there.

    Yields
    ------
    str
        A path; the same one again where a playlist has it twice.

    Raises
    ------
    DatasetError
        At the end, if there were none, or folders could not be read.
    """
    root, path = Path(root), None
    if root.is_dir():
        found = songs_of(root, AUDIO_EXTENSIONS)
    else:
        found = (place for _, place in entries_of(root))
    for path in found:
        yield str(path)
    if path is None:
        raise _no_songs(root, AUDIO_EXTENSIONS)


def _no_songs(root, extensions):
    kinds = f"files of type {', '.join(extensions)}" if root.is_dir() else "entries"
    return DatasetError(f"{root} contains no songs: it has no {kinds}.")


def songs_of(folder, extensions):
    """Yield the paths of the audio files of a folder, sorted in each folder."""
    bad = []
    for parent, folders, names in os.walk(folder, onerror=bad.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith(".") and os.path.splitext(name)[1].lower() in extensions:
                yield Path(parent, name)
    if bad:
        names = first_few(f"{error.filename} ({error.strerror})" for error in bad)
        raise DatasetError(f"{len(bad)} folders of {folder} cannot be read: {names}.")


def entries_of(playlist):
    """Yield the entries of a playlist, each with its path."""
    with open(playlist, encoding=_encoding(playlist)) as lines:
        for line in lines:
            entry = line.strip()
            if entry and not entry.startswith("#"):
                yield entry, _place(entry, playlist.parent)


def _encoding(path):
    try:
        with open(path, encoding="utf-8-sig") as file:
            deque(file, maxlen=0)
    except UnicodeDecodeError:
        return "latin-1"
    return "utf-8-sig"


def _place(entry, folder):
    url = urlsplit(entry)
    if url.scheme == "file":
        return Path(unquote(url.path))
    if "://" in entry:
        return entry  # a stream: no such file
    path = folder / entry
    if "\\" in entry and not path.exists():  # written on Windows
        return folder / entry.replace("\\", "/")
    return path
