import os
import warnings
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from .._docs import share_docs
from ._bunch import make_bunch
from ._errors import DatasetError, DatasetNotFoundError, check_choice, first_few
from ._quadrants import AUDIO_EXTENSIONS
from ._unusable import drop_unusable


@share_docs
def load_folder(
    root,
    *,
    return_X_y=False,
    as_frame=True,
    on_error="raise",
    extensions=AUDIO_EXTENSIONS,
    n_jobs=None,
    verbose=0,
):
    """Load clips from a folder with one sub-folder per class.

    Parameters
    ----------
    root : str or path-like
        Folder of the data set. Each of its sub-folders that contains audio files, at any depth, is
        a class with the name of the sub-folder. At least two are needed.
    return_X_y : bool, default=False
        {return_X_y}
    as_frame : bool, default=True
        {as_frame}
    on_error : {"raise", "skip"}, default="raise"
        What to do with clips that cannot be decoded. "raise" raises one error for all of them.
        "skip" leaves them out with a warning, and lists them in `skipped`.
    extensions : sequence of str, default=AUDIO_EXTENSIONS
        Extensions of audio files, in lower or upper case. The default is wav, flac, ogg, opus, mp3,
        aif, aiff, m4a and aac; the last two need the extra ``audio``.
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
        target : Series or ndarray of shape (n_clips,)
            Names of the sub-folders.
        groups : Series, ndarray or None
            Names of the folders inside the sub-folder of the class (such as artists or albums), for
            splitters with groups. Each clip that is directly in the sub-folder is a group of its
            own. Folders with the same name in several classes are one group. None if there are no
            such folders.
        frame : DataFrame or None
            `data` with the target as column ``label``; None if ``as_frame=False``.
        features : None
            Always None. Only if ``as_frame=False``.
        feature_names, target_names : list of str
            An empty list, and the sorted classes.
        ids : ndarray of shape (n_clips,)
            Paths relative to `root`, with "/" on every system.
        metadata : DataFrame
            Column ``size``, the size of each file in bytes.
        skipped : DataFrame
            Columns ``file`` and ``reason`` of the clips left out.
        DESCR : str
            Summary of the files that were found and ignored.

    (data, target) : tuple if ``return_X_y=True``
        Clips and labels.

    Raises
    ------
    DatasetNotFoundError
        If `root` is not a folder.
    DatasetError
        If it contains fewer than two classes.
    AudioError
        If clips cannot be used (with "skip": if no clip can be used).

    See Also
    --------
    load_4qaed : Load a published data set.
    make_quadrant_clips : Synthesise clips.

    Notes
    -----
    Clips are sorted by class and path, so that their order does not depend on the file system.
    Hidden files and folders (with a leading ".") are ignored. The sub-folder of a class can be a
    link; links to folders inside it are not followed.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> import numpy as np
    >>> import soundfile
    >>> from sklearn_mer.datasets import load_folder
    >>> tone = np.sin(2 * np.pi * 440 * np.arange(8000) / 8000)
    >>> with tempfile.TemporaryDirectory() as root:
    ...     for name in ["calm/a.wav", "calm/b.wav", "wild/c.wav"]:
    ...         path = Path(root, name)
    ...         path.parent.mkdir(exist_ok=True)
    ...         soundfile.write(path, tone, 8000)
    ...     clips = load_folder(root)
    >>> clips.target.to_dict()
    {'calm/a.wav': 'calm', 'calm/b.wav': 'calm', 'wild/c.wav': 'wild'}
    """
    check_choice("on_error", on_error, ("raise", "skip"))
    root = Path(root).expanduser().absolute()
    if not root.is_dir():
        raise DatasetNotFoundError(
            f"{root} is not a folder. load_folder needs a folder with one sub-folder per class."
        )
    contents = _scan(root, _normalise(extensions))
    _check_classes(contents, root, extensions)
    ids = pd.Index([clip.id for clip in contents.clips], name="id")
    audio = pd.Series([str(clip.path) for clip in contents.clips], index=ids)
    target = pd.Series([clip.label for clip in contents.clips], index=ids, name="label")
    sizes = [clip.path.stat().st_size for clip in contents.clips]
    audio, skipped = drop_unusable(
        audio, [], on_error=on_error, decode=True, n_jobs=n_jobs, verbose=verbose
    )
    if target.loc[audio.index].nunique() < 2:
        raise DatasetError(
            f"Only one class of {root} remains without {len(skipped)} unusable clips: "
            f"{first_few(skipped['file'])}."
        )
    return make_bunch(
        audio=audio,
        target=target,
        groups=_groups(contents.clips, ids),
        metadata=pd.DataFrame({"size": sizes}, index=ids),
        skipped=skipped,
        descr=_describe(root, target.loc[audio.index], contents, len(skipped)),
        as_frame=as_frame,
        return_X_y=return_X_y,
    )


@dataclass(frozen=True)
class _Clip:
    path: Path
    label: str
    id: str
    group: str | None


@dataclass(frozen=True)
class _Contents:
    clips: list
    ignored: Counter  # extensions of files that are not clips
    outside: list  # names of clips without a class
    empty: list  # names of sub-folders without a clip


def _normalise(extensions):
    if isinstance(extensions, str):
        raise TypeError(
            f"extensions must be a sequence such as ('.wav', '.mp3'); got the string "
            f"{extensions!r}."
        )
    return tuple("." + extension.lower().lstrip(".") for extension in extensions)


def _scan(root, extensions):
    clips, ignored, empty, outside = [], Counter(), [], []
    for entry in _visible(root.iterdir()):
        if not entry.is_dir():
            if entry.suffix.lower() in extensions:
                outside.append(entry.name)
            continue
        files = list(_files(entry))
        own = [_clip(path, entry) for path in files if path.suffix.lower() in extensions]
        ignored.update(path.suffix for path in files if path.suffix.lower() not in extensions)
        clips += own
        if not own:
            empty.append(entry.name)
    clips.sort(key=lambda clip: (clip.label, clip.id))
    return _Contents(clips, ignored, outside, empty)


def _visible(paths):
    return sorted(path for path in paths if not path.name.startswith("."))


def _files(folder):
    """Yield the files in a folder and its sub-folders that are not hidden."""
    for parent, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from _visible(Path(parent, name) for name in names)


def _clip(path, folder):
    inner = path.relative_to(folder)
    group = inner.parts[0] if len(inner.parts) > 1 else None
    return _Clip(path, folder.name, f"{folder.name}/{inner.as_posix()}", group)


def _groups(clips, ids):
    if all(clip.group is None for clip in clips):
        return None
    groups = [clip.id if clip.group is None else clip.group for clip in clips]
    return pd.Series(groups, index=ids, name="group")


def _check_classes(contents, root, extensions):
    classes = sorted({clip.label for clip in contents.clips})
    if len(classes) < 2:
        found = f"only one class, {classes[0]}" if classes else "no class"
        hint = (
            f" {len(contents.outside)} clips are directly in it and have no class."
            if contents.outside
            else ""
        )
        raise DatasetError(
            f"{root} contains {found}; at least two are needed: sub-folders named by their class, "
            f"with files of type {', '.join(extensions)}.{hint}"
        )
    if contents.empty:
        warnings.warn(
            f"{len(contents.empty)} sub-folders of {root} contain no clips and are ignored: "
            f"{first_few(contents.empty)}.",
            UserWarning,
            stacklevel=3,
        )


def _describe(root, target, contents, n_skipped):
    counts = ", ".join(f"{name} {n}" for name, n in target.value_counts().sort_index().items())
    lines = [f"Clips of the folder {root}", "", f"{len(target)} clips: {counts}."]
    if n_skipped:
        lines.append(f"{n_skipped} clips could not be used and are left out.")
    if contents.ignored:
        extensions = ", ".join(
            f"{extension or 'none'} {n}" for extension, n in sorted(contents.ignored.items())
        )
        lines.append(f"Ignored files with other extensions: {extensions}.")
    if contents.outside:
        lines.append(f"Ignored files without a class: {first_few(contents.outside)}.")
    if contents.empty:
        lines.append(f"Ignored sub-folders without clips: {first_few(contents.empty)}.")
    return "\n".join(lines) + "\n"
