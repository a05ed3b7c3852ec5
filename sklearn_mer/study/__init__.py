"""The study: cells, the store that keeps them, the runner, the table, statistics and report.

Called by the scripts in ``benchmarks/``; no estimator imports this.
"""

from ._cells import Cell, Protocol, cell_seed, plan_cells
from ._comparisons import compare_rows, comparisons_markdown, fold_scores
from ._corrected_t import corrected_interval, corrected_t_test
from ._data import StudyData
from ._equivalence import equivalence_probabilities
from ._holm import holm_correction
from ._methods import StudyMethod, study_methods
from ._open import open_dataset
from ._result import CellResult
from ._runner import RunSummary, run_cells
from ._score import score_cell
from ._store import CellStore, StoreError
from ._table import make_table, table_markdown, write_table
from ._table1 import table1
from .report import ReportContent, gather_report, write_report

__all__ = [
    "Cell",
    "CellResult",
    "CellStore",
    "Protocol",
    "ReportContent",
    "RunSummary",
    "StoreError",
    "StudyData",
    "StudyMethod",
    "cell_seed",
    "compare_rows",
    "comparisons_markdown",
    "corrected_interval",
    "corrected_t_test",
    "equivalence_probabilities",
    "fold_scores",
    "gather_report",
    "holm_correction",
    "make_table",
    "open_dataset",
    "plan_cells",
    "run_cells",
    "score_cell",
    "study_methods",
    "table1",
    "table_markdown",
    "write_report",
    "write_table",
]
