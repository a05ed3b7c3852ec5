import csv
from pathlib import Path

import pytest

from sklearn_mer.methods import available_methods

PUBLISHED = Path(__file__).parents[3] / "benchmarks" / "published" / "table1.csv"
DATASETS = ("4qaed", "merge-complete", "merge-balanced")


@pytest.fixture(scope="module")
def published():
    with open(PUBLISHED, newline="") as file:
        return {row["key"]: row for row in csv.DictReader(file)}


def test_the_file_has_the_fifteen_rows_of_the_paper(published):
    assert len(published) == 15
    for row in published.values():
        assert list(row) == ["key", "title", *DATASETS]
        assert all(50 <= float(row[name]) < 81 for name in DATASETS)


def test_every_registered_row_knows_its_published_figures(published):
    methods = available_methods()
    assert methods
    for key, row in methods.items():
        assert row.title == published[key]["title"]
        assert row.published == {name: float(published[key][name]) for name in DATASETS}
