"""The study: cells, their results, the runner, the table and the report.

The command ``sklearn-mer`` runs it; no estimator imports this.
"""

from ._cells import Protocol, plan_cells, select_methods
from ._commands import main, table1
from ._data import StudyData, open_dataset
from ._report import write_report
from ._results import CellResults
from ._run import run_cells
from ._schema import ResultsError
from ._tables import fold_scores, make_table

__all__ = [
    "CellResults",
    "Protocol",
    "ResultsError",
    "StudyData",
    "fold_scores",
    "main",
    "make_table",
    "open_dataset",
    "plan_cells",
    "run_cells",
    "select_methods",
    "table1",
    "write_report",
]
