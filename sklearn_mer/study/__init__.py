"""The study: cells, their results, the runner, the table, its statistics and the report.

The command ``sklearn-mer`` runs it; no estimator imports this.
"""

from ._cells import Protocol, plan_cells, select_methods
from ._commands import main, table1
from ._data import StudyData, open_dataset
from ._report import write_report
from ._results import CellResults
from ._run import run_cells
from ._schema import ResultsError
from ._statistics import (
    bayesian_correlated_t_test,
    compare_rows,
    corrected_interval,
    corrected_t_test,
    fold_scores,
    holm_correction,
)
from ._tables import make_table

__all__ = [
    "CellResults",
    "Protocol",
    "ResultsError",
    "StudyData",
    "bayesian_correlated_t_test",
    "compare_rows",
    "corrected_interval",
    "corrected_t_test",
    "fold_scores",
    "holm_correction",
    "main",
    "make_table",
    "open_dataset",
    "plan_cells",
    "run_cells",
    "select_methods",
    "table1",
    "write_report",
]
