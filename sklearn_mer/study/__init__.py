"""The study: cells, the store that keeps them, the runner, the table, statistics and report.

Called by the scripts in ``benchmarks/``; no estimator imports this.
"""

from ._report import gather_report, write_report
from ._statistics import (
    bayesian_correlated_t_test,
    compare_rows,
    corrected_interval,
    corrected_t_test,
    fold_scores,
    holm_correction,
)
from ._tables import comparisons_markdown, make_table, table_markdown, write_table
from .cells._cells import Cell, Protocol, cell_seed, plan_cells
from .cells._data import StudyData
from .cells._methods import StudyMethod, study_methods
from .cells._result import CellResult
from .cells._score import score_cell
from .command_line._table1 import table1
from .running._runner import RunSummary, run_cells
from .setup._open import open_dataset
from .store._error import StoreError
from .store._store import CellStore

__all__ = [
    "Cell",
    "CellResult",
    "CellStore",
    "Protocol",
    "RunSummary",
    "StoreError",
    "StudyData",
    "StudyMethod",
    "bayesian_correlated_t_test",
    "cell_seed",
    "compare_rows",
    "comparisons_markdown",
    "corrected_interval",
    "corrected_t_test",
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
