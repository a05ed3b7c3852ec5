"""Searches: all candidates of a grid, and the search inside each training fold."""

from dataclasses import replace

import numpy as np
from sklearn.model_selection import GridSearchCV

from .._inner_folds import inner_folds
from ..cells._cells import Protocol
from ..running._turns import run_in_turn
from ..setup._study import Study
from ._grids import grid_file, read_candidates, read_grid
from ._search_report import report_search


class Search:
    """The search of a command line, ready to begin: a study of all candidates.

    With ``--nested`` there is a second study, in which each row is a search itself.

    Parameters
    ----------
    options : argparse.Namespace
    register, make
        See :func:`table1`.

    Raises
    ------
    ValueError
        If an option or a grid cannot be used.
    """

    def __init__(self, options, register, make):
        if len(options.groupings) > 1:
            raise ValueError("A search takes one kind of folds: give --groups none or artist.")
        self.plain = CandidateStudy(options, register, make)
        self.nested = None
        if options.nested:
            _check_nested(options, self.plain.data)
            opened = self.plain.data, self.plain.why
            self.nested = NestedStudy(options, register, make, opened)

    def heading(self):
        """Say what is about to run."""
        counts = {key: len(found) for key, found in self.plain.candidates.items()}
        lines = [
            self.plain.heading(),
            f"Search:    {', '.join(f'{key} {n} candidates' for key, n in counts.items())}",
        ]
        lines += [f"Left out:  {row.key}: {row.missing}" for row in self.plain.left_out]
        if self.nested is not None:
            n_inner = self.nested.options.inner_folds
            lines.append(
                f"Nested:    {len(self.nested.cells)} cells more, each a search by {n_inner} folds "
                "inside its training clips"
            )
        return "\n".join(lines)

    def run(self):
        """Compute what is missing; return a RunSummary."""
        return run_in_turn([self.plain, self.nested] if self.nested is not None else [self.plain])

    def report(self):
        """Print the candidates, write them and the settings of the best."""
        report_search(self.plain, self.nested)


class CandidateStudy(Study):
    """Every candidate of every row's grid as a row of its own; ``candidates`` has them by row."""

    def rows(self, register, make):
        """Return the candidates."""
        rows = super().rows(register, make)
        self.left_out = [row for row in rows if row.missing]
        self.candidates = {
            row.key: read_candidates(file, row) for row, file in _grid_files(self.options, rows)
        }
        return [found.method for several in self.candidates.values() for found in several]


class NestedStudy(Study):
    """Each row as a grid search, which every cell does inside its training clips."""

    def rows(self, register, make):
        """Return the searches."""
        options = self.options
        folds = inner_folds(self.data, Protocol(groups=options.groups), options.inner_folds)
        rows = super().rows(register, make)
        return [_nested(row, file, folds) for row, file in _grid_files(options, rows)]


def _nested(row, file, folds):
    search = GridSearchCV(
        row.estimator,
        read_grid(file, row.estimator),
        scoring="f1_macro",
        cv=folds,
        error_score="raise",
    )
    return replace(row, estimator=search)


def _grid_files(options, rows):
    here = [row for row in rows if not row.missing]
    return [(row, grid_file(options.grid, row.key, alone=len(here) == 1)) for row in here]


def _check_nested(options, data):
    n_least = np.unique(data.y, return_counts=True)[1].min()
    n_inner, n_left = options.inner_folds, n_least - -(-n_least // options.folds)
    if not 2 <= n_inner <= n_left:
        raise ValueError(
            f"--inner-folds must be from 2 to {n_left}, the clips of the smallest class that a "
            f"training fold has, got {n_inner}."
        )
