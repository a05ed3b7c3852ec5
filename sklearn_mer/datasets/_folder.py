import os
from pathlib import Path

import pandas as pd

from .._docs import share_docs
from ._bunch import make_bunch
from ._errors import DatasetError, DatasetNotFoundError, first_few
from ._layout import check_contents, counts_text, scan, warn_of_copies
from ._options import checks_options
from ._quadrants import AUDIO_EXTENSIONS
from ._unusable import drop_unusable


@checks_options(root=[str, os.PathLike], extensions=["array-like"])
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
        If it contains fewer than two classes, or the sub-folders are parts of a split (such as
        ``train`` and ``test``).
    AudioError
        If clips cannot be used (with "skip": if no clip can be used). That includes links to
        files that are not there, and names that are not UTF-8.

    See Also
    --------
    load_4qaed : Load a published data set.
    make_quadrant_clips : Synthesise clips.

    Notes
    -----
    Clips are sorted by class and path, so that their order does not depend on the file system.
    Hidden files and folders (with a leading ".") are ignored. The sub-folder of a class can be a
    link; links to folders inside it are not followed.

    Warnings name what is left out (sub-folders without clips, clips directly in `root`, links to
    folders inside those of the classes, files with other endings of audio files unless
    `extensions` is given) and clips that are there more than once with the same content.

    Songs without classes, to predict, need no loader: give the list of their paths to
    `predict` or `predict_songs`.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> import numpy as np
    >>> import soundfile
    >>> from sklearn_mer.datasets import load_folder
    >>> time = np.arange(8000) / 8000
    >>> with tempfile.TemporaryDirectory() as root:
    ...     for pitch, name in [(220, "calm/a.wav"), (330, "calm/b.wav"), (880, "wild/c.wav")]:
    ...         path = Path(root, name)
    ...         path.parent.mkdir(exist_ok=True)
    ...         soundfile.write(path, np.sin(2 * np.pi * pitch * time), 8000)
    ...     clips = load_folder(root)
    >>> clips.target.to_dict()
    {'calm/a.wav': 'calm', 'calm/b.wav': 'calm', 'wild/c.wav': 'wild'}
    """
    extensions = normalise(extensions)
    if not str(root):
        raise ValueError("root is empty; give the path of a folder ('.' is the current one).")
    root = Path(os.path.expanduser(root)).absolute()
    if not root.is_dir():
        raise DatasetNotFoundError(
            f"{root} is not a folder. load_folder needs a folder with one sub-folder per class."
        )
    contents = scan(root, extensions)
    check_contents(contents, root, extensions)
    ids = pd.Index([clip.id for clip in contents.clips], name="id")
    audio = pd.Series([str(clip.path) for clip in contents.clips], index=ids)
    target = pd.Series([clip.label for clip in contents.clips], index=ids, name="label")
    audio, skipped = drop_unusable(
        audio, contents.bad, on_error=on_error, decode=True, n_jobs=n_jobs, verbose=verbose
    )
    if target.loc[audio.index].nunique() < 2:
        raise DatasetError(
            f"Only one class of {root} remains without {len(skipped)} unusable clips: "
            f"{first_few(skipped['file'])}."
        )
    warn_of_copies(audio, target)
    return make_bunch(
        audio=audio,
        target=target,
        groups=_groups(contents.clips, ids),
        metadata=audio.map(os.path.getsize).to_frame("size"),
        skipped=skipped,
        descr=_describe(root, target.loc[audio.index], contents, len(skipped)),
        as_frame=as_frame,
        return_X_y=return_X_y,
    )


def normalise(extensions):
    names = [] if isinstance(extensions, str) else list(extensions)
    if not names or not all(isinstance(name, str) and name.strip("*. ") for name in names):
        raise TypeError(
            f"extensions must be a sequence of texts such as ('.wav', '.mp3'); got {extensions!r}."
        )
    return tuple("." + name.lower().lstrip("*.") for name in names)


def _groups(clips, ids):
    if all(clip.group is None for clip in clips):
        return None
    groups = [clip.id if clip.group is None else clip.group for clip in clips]
    return pd.Series(groups, index=ids, name="group")


def _describe(root, target, contents, n_skipped):
    counts = ", ".join(f"{name} {n}" for name, n in target.value_counts().sort_index().items())
    lines = [f"Clips of the folder {root}", "", f"{len(target)} clips: {counts}."]
    if n_skipped:
        lines.append(f"{n_skipped} clips could not be used and are left out.")
    if contents.ignored:
        lines.append(f"Ignored files with other extensions: {counts_text(contents.ignored)}.")
    if contents.outside:
        lines.append(f"Ignored files without a class: {first_few(contents.outside)}.")
    if contents.empty:
        lines.append(f"Ignored sub-folders without clips: {first_few(contents.empty)}.")
    return "\n".join(lines) + "\n"
