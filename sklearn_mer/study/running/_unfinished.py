"""What cells have of networks that were not through when a run was stopped."""

import contextlib
import shutil
from pathlib import Path


def unfinished_folder(store):
    """Return the folder of a store's unfinished cells.

    Parameters
    ----------
    store : CellStore

    Returns
    -------
    Path
        Beside the store; made when there is something to keep.
    """
    return Path(f"{store.path}-unfinished")


def forget(folder, cell):
    """Delete what a cell, whose result is stored, had there.

    Parameters
    ----------
    folder : Path
    cell : Cell
    """
    for found in folder.glob(f"{cell.key}-*"):
        shutil.rmtree(found, ignore_errors=True)
    with contextlib.suppress(OSError):  # of other cells there is something, or of none was
        folder.rmdir()
