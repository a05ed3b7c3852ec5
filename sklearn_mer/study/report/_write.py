"""The report as files."""

from pathlib import Path

from ..tables._files import replace_file
from ._page import page
from ._pictures import NAMES, PREFIXES, plan_pictures
from ._save import save_picture

WITHOUT_MATPLOTLIB = (
    "The pictures are missing: matplotlib is not installed here. After pip install "
    "'sklearn-mer[plot]' the same command draws them, and computes nothing again."
)


def write_report(content, folder):
    """Write ``report.html`` into a folder, and its pictures as files into ``figures/`` there.

    Parameters
    ----------
    content : ReportContent
        From :func:`gather_report`.
    folder : path-like
        Made where it does not exist.

    Returns
    -------
    Path
        The page. It holds its pictures and loads nothing; without matplotlib it has none, and
        says so.

    Raises
    ------
    OSError
        If the folder cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from sklearn.dummy import DummyClassifier
    >>> from sklearn_mer.study import (
    ...     CellStore, Protocol, StudyData, StudyMethod, gather_report, plan_cells, write_report)
    >>> data = StudyData("tiny", [[0.0]] * 8, ["calm", "wild"] * 4)
    >>> methods = [StudyMethod("chance", DummyClassifier())]
    >>> cells = plan_cells(methods, data, Protocol(n_splits=2, n_repeats=1))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     store = CellStore(Path(folder) / "study.sqlite")
    ...     page = write_report(gather_report(methods, data, cells, store), folder)
    ...     page.name, "No fold is finished yet." in page.read_text()
    ('report.html', True)
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    try:
        import matplotlib
    except ImportError:
        drawn, why = {}, WITHOUT_MATPLOTLIB
    else:
        del matplotlib
        drawn, why = _draw(plan_pictures(content), folder / "figures"), ""
    return replace_file(folder / "report.html", page(content, drawn, without_pictures=why))


def _draw(planned, folder):
    folder.mkdir(exist_ok=True)
    names = {picture.name for pictures in planned.values() for picture in pictures}
    _remove_older(folder, names)
    return {
        section: [(picture, save_picture(picture, folder)) for picture in pictures]
        for section, pictures in planned.items()
    }


def _remove_older(folder, names):
    """Remove what an earlier report drew and this one does not, so that it is not misread."""
    for file in [*folder.glob("*.png"), *folder.glob("*.svg")]:
        ours = file.stem in NAMES or file.stem.startswith(PREFIXES)
        if ours and file.stem not in names:
            file.unlink()
