"""Open a data set by the name that a command line gives it."""

from pathlib import Path

from ...datasets import load_4qaed, load_folder, load_merge, make_quadrant_clips
from ..cells._data import StudyData

# Small enough for a first look in minutes; the labels are hard enough to tell methods apart.
SYNTHETIC = {"n_clips": 200, "duration": 3.0, "random_state": 0}

_LOADERS = {
    "4qaed": lambda data_home: load_4qaed(data_home=data_home),
    "merge-complete": lambda data_home: load_merge("complete", data_home=data_home),
    "merge-balanced": lambda data_home: load_merge("balanced", data_home=data_home),
    "synthetic": lambda data_home: make_quadrant_clips(**SYNTHETIC),
}
DATASETS = tuple(_LOADERS)


def open_dataset(name, *, data_home=None):
    """Load a data set by name, or a folder of clips.

    Parameters
    ----------
    name : {"4qaed", "merge-complete", "merge-balanced", "synthetic"} or path-like
        Anything else is a folder with one sub-folder a class. A folder that has the name of a
        data set is given as a path with a slash (``./4qaed``).
    data_home : path-like or None, default=None
        Where data sets are looked for, as in the loaders.

    Returns
    -------
    StudyData
        Named as asked for; a folder by its own name.

    Raises
    ------
    DatasetNotFoundError
        If the data set is not there; nothing is downloaded.
    ValueError
        If the name is neither a data set nor a folder, or the files are not as published.

    Examples
    --------
    >>> from sklearn_mer.study import open_dataset
    >>> open_dataset("nowhere")
    Traceback (most recent call last):
        ...
    ValueError: Unknown data set 'nowhere': choose 4qaed, merge-complete, merge-balanced, ...
    """
    if name in _LOADERS:
        return _study_data(name, _LOADERS[name](data_home))
    folder = Path(name).expanduser()
    if not folder.is_dir():
        raise ValueError(
            f"Unknown data set {str(name)!r}: choose {', '.join(DATASETS)}, or give an existing "
            "folder with one sub-folder of clips a class."
        )
    label = folder.resolve().name
    # The name decides which published figures stand beside ours.
    return _study_data(f"folder:{label}" if label in DATASETS else label, load_folder(folder))


def _study_data(name, bunch):
    return StudyData(name, bunch.data, bunch.target, bunch.groups)
