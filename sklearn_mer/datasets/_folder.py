import os
import warnings
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from ._bunch import make_bunch
from ._errors import DatasetError, DatasetNotFoundError, check_choice, some
from ._quadrants import AUDIO_EXTENSIONS
from ._screen import screen


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
    """Load clips from a folder with one sub-folder a class.

    Parameters
    ----------
    root : str or path-like
        The folder. Each of its sub-folders that holds audio, at any depth, is
        a class of that name; at least two are needed.
    return_X_y : bool, default=False
        Return only ``(data, target)``.
    as_frame : bool, default=True
        Return pandas objects, indexed by clip id. If False, `data` is a 1-D
        array of paths.
    on_error : {"raise", "skip"}, default="raise"
        Each clip is decoded, to check it. "raise": one
        error lists all bad files. "skip": bad clips are left out, with a
        warning, and listed in `skipped`.
    extensions : sequence of str, default=AUDIO_EXTENSIONS
        Endings of the files that are clips, whatever their case. The default:
        wav, flac, ogg, opus, mp3, aif, aiff, m4a and aac; the last two need
        the extra "audio".
    n_jobs : int, default=None
        Number of parallel workers for decoding.
    verbose : int, default=0
        Positive: show a progress bar while decoding.

    Returns
    -------
    data : :class:`~sklearn.utils.Bunch`
        With the entries:

        data : DataFrame of shape (n_clips, 1)
            The column ``audio`` (paths, str). If ``as_frame=False``, an object
            array of shape (n_clips,).
        target : Series or ndarray of shape (n_clips,)
            Name of the class' folder.
        groups : Series, ndarray or None
            Name of the folder next below the class' folder (the artist or the
            album, say), for splitters that keep groups together; clips that lie
            in the class' folder itself are groups of their own. Folders of
            one name in several classes are one group. None if there are no
            such folders.
        frame : DataFrame or None
            `data` and the target as column ``label``; None if
            ``as_frame=False``.
        features : None
            Only if ``as_frame=False``.
        feature_names, target_names : list of str
            Empty; the classes, sorted.
        ids : ndarray of shape (n_clips,)
            Paths relative to `root`, with "/" on every system.
        metadata : DataFrame
            ``size``: of the file, in bytes.
        skipped : DataFrame
            ``file`` and ``reason`` of the clips left out.
        DESCR : str
            What was found, and what was ignored.

    (data, target) : tuple if ``return_X_y=True``

    Raises
    ------
    DatasetNotFoundError
        If `root` is no folder.
    DatasetError
        If it holds no class or only one.
    AudioError
        If clips cannot be used (with "skip": if none can).

    See Also
    --------
    load_4qaed : A published data set.
    make_quadrant_clips : Synthesised clips, without any file.

    Notes
    -----
    Clips are sorted by class and path, so that the order does not depend on the
    disk. Hidden files and folders (a leading ".") are ignored. A class' folder
    may be a link; links to folders further below are not followed.

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
            f"{root} is no folder. load_folder needs a folder with one sub-folder a class."
        )
    contents = _scan(root, _normalise(extensions))
    _check_classes(contents, root, extensions)
    ids = pd.Index([clip.id for clip in contents.clips], name="id")
    audio = pd.Series([str(clip.path) for clip in contents.clips], index=ids)
    target = pd.Series([clip.label for clip in contents.clips], index=ids, name="label")
    sizes = [clip.path.stat().st_size for clip in contents.clips]
    audio, skipped = screen(
        audio, [], on_error=on_error, decode=True, n_jobs=n_jobs, verbose=verbose
    )
    if target.loc[audio.index].nunique() < 2:
        raise DatasetError(
            f"Only one class of {root} is left after {len(skipped)} unusable clips were left out: "
            f"{some(skipped['file'])}."
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
    ignored: Counter  # endings of files that are no clips
    outside: list  # names of clips that lie in no class
    empty: list  # names of sub-folders without a clip


def _normalise(extensions):
    if isinstance(extensions, str):
        raise TypeError(
            f"extensions must be a sequence of endings such as ('.wav', '.mp3'); got the string "
            f"{extensions!r}."
        )
    return tuple("." + ending.lower().lstrip(".") for ending in extensions)


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
    """Yield the visible files below a folder."""
    for where, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from _visible(Path(where, name) for name in names)


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
            f" {len(contents.outside)} clips lie in it directly and belong to no class."
            if contents.outside
            else ""
        )
        raise DatasetError(
            f"{root} holds {found}; at least two are needed: sub-folders named by their class "
            f"with files ending in {', '.join(extensions)}.{hint}"
        )
    if contents.empty:
        warnings.warn(
            f"{len(contents.empty)} sub-folders of {root} hold no clip and are no class: "
            f"{some(contents.empty)}.",
            UserWarning,
            stacklevel=3,
        )


def _describe(root, target, contents, n_skipped):
    counts = ", ".join(f"{name} {n}" for name, n in target.value_counts().sort_index().items())
    lines = [f"Clips of the folder {root}", "", f"{len(target)} clips: {counts}."]
    if n_skipped:
        lines.append(f"{n_skipped} clips could not be used and are left out.")
    if contents.ignored:
        endings = ", ".join(
            f"{ending or 'none'} {n}" for ending, n in sorted(contents.ignored.items())
        )
        lines.append(f"Ignored files of other endings: {endings}.")
    if contents.outside:
        lines.append(f"Ignored, as they lie in no class: {some(contents.outside)}.")
    if contents.empty:
        lines.append(f"Ignored sub-folders without a clip: {some(contents.empty)}.")
    return "\n".join(lines) + "\n"
