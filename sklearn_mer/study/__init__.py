"""The study: cells, the store that keeps them, the runner, the table, statistics and report.

Called by the scripts in ``benchmarks/``; no estimator imports this.
"""

from .cells._cells import Cell, Protocol, cell_seed, plan_cells
from .cells._data import StudyData
from .cells._methods import StudyMethod, study_methods
from .cells._result import CellResult
from .cells._score import score_cell
from .command_line._table1 import table1
from .report import ReportContent, gather_report, write_report
from .running._runner import RunSummary, run_cells
from .setup._open import open_dataset
from .statistics._comparisons import compare_rows, fold_scores
from .statistics._corrected_t import corrected_interval, corrected_t_test
from .statistics._equivalence import equivalence_probabilities
from .statistics._holm import holm_correction
from .store._error import StoreError
from .store._store import CellStore
from .tables._comparisons import comparisons_markdown
from .tables._table import make_table, table_markdown, write_table

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
