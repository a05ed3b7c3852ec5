"""The study: cells, the store that keeps them, the runner and the table.

Called by the scripts in ``benchmarks/``; no estimator imports this.
"""

from ._cells import Cell, Protocol, cell_seed, plan_cells
from ._data import StudyData
from ._methods import StudyMethod, study_methods
from ._open import open_dataset
from ._result import CellResult
from ._runner import RunSummary, run_cells
from ._score import score_cell
from ._store import CellStore, StoreError
from ._table import make_table, table_markdown, write_table
from ._table1 import table1

__all__ = [
    "Cell",
    "CellResult",
    "CellStore",
    "Protocol",
    "RunSummary",
    "StoreError",
    "StudyData",
    "StudyMethod",
    "cell_seed",
    "make_table",
    "open_dataset",
    "plan_cells",
    "run_cells",
    "score_cell",
    "study_methods",
    "table1",
    "table_markdown",
    "write_table",
]
