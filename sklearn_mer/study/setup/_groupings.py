"""The same rows on several kinds of folds: not grouped, and grouped by artist."""

import argparse

from .._tables import (
    SIDE_BY_SIDE_NOTE,
    csv_text,
    make_table,
    replace_file,
    side_by_side,
    side_by_side_markdown,
)
from ..running._turns import run_in_turn
from ._study import Study, open_data


def options_by_grouping(options):
    """Return the options of a run for each kind of folds.

    Those after the first write their own table into a folder inside the report's.

    Parameters
    ----------
    options : argparse.Namespace

    Returns
    -------
    list of argparse.Namespace
    """
    return [
        argparse.Namespace(
            **vars(options)
            | {"groups": groups, "report": options.report / ((groups or "none") if number else "")}
        )
        for number, groups in enumerate(options.groupings)
    ]


def open_studies(options, register, make):
    """Return one study for each kind of folds that is asked for, all on the same data.

    Parameters
    ----------
    options : argparse.Namespace
    register, make
        See :func:`table1`.

    Returns
    -------
    list of Study
    """
    opened = open_data(options)
    return [Study(grouped, register, make, opened) for grouped in options_by_grouping(options)]


class Groupings:
    """One study a kind of folds; with a single one, that study.

    Parameters
    ----------
    studies : sequence of Study
    """

    def __init__(self, studies):
        self.studies = studies

    def heading(self):
        """Say what is about to run."""
        return "\n\n".join(study.heading() for study in self.studies)

    def run(self):
        """Compute what is missing; return a RunSummary."""
        return run_in_turn(self.studies)

    def report(self):
        """Print and write the table of each kind of folds, then all side by side."""
        several = len(self.studies) > 1
        for study in self.studies:
            if several:
                print(f"\nFolds {study.folds()}:")
            study.report()
        if several:
            tables = {
                s.protocol.groups or "none": make_table(s.methods, s.data, s.cells, s.store)
                for s in self.studies
            }
            table = side_by_side(tables)
            folder = self.studies[0].options.report
            text = f"{side_by_side_markdown(table)}\n\n{SIDE_BY_SIDE_NOTE}"
            print("", text, sep="\n")
            paths = [
                replace_file(folder / "groups.csv", csv_text(table)),
                replace_file(folder / "groups.md", f"{self._what()}\n\n{text}\n"),
            ]
            print("Written:", *paths)

    def _what(self):
        study = self.studies[0]
        return (
            f"    Data set:  {study.data.name}, {len(study.data)} clips\n"
            f"    Recipe:    {study.options.recipe}"
        )
