"""Tests of `describe_columns` and of the page of descriptors."""

import re
import sys
from pathlib import Path

import pandas as pd
import pytest

from sklearn_mer.features.dimensions import all_descriptors

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"


@pytest.fixture(scope="module")
def page():
    sys.path.insert(0, str(DOCS))
    try:
        from descriptor_table import page
    finally:
        sys.path.remove(str(DOCS))
    return page()


def test_every_descriptor_is_on_the_page_once(page):
    names = re.findall(r"^   \* - ``(\w+__\w+)``", page, re.MULTILINE)
    assert names == [d.full_name for d in all_descriptors()]


def test_what_a_row_says(page):
    for descriptor in all_descriptors():
        row = page.split(f"``{descriptor.full_name}``")[1].split("   * - ")[0]
        mark, *cells = row.split("     - ")
        assert len(cells) == 4
        assert ("*" in mark) == descriptor.gain_invariant
        assert cells[2].strip() == descriptor.unit
        assert descriptor.description.split()[0] in cells[3]
        for part in descriptor.parts[:1]:
            assert part in cells[0]


def test_numbers_of_columns(page):
    n_columns = sum(len(d.columns) for d in all_descriptors())
    assert f"There are {n_columns} columns of\n{len(all_descriptors())} descriptors" in page


def test_families_of_the_published_descriptors():
    guide = (DOCS / "user_guide" / "descriptors.rst").read_text(encoding="utf-8")
    rows = guide.split("Family in the top 100")[1].split("   * - ")[1:]
    cells = [" ".join(row.split()).split(" - ") for row in rows]
    ours = [set(re.findall(r"``(\w+)``", row[-1])) for row in cells]
    columns = {column: d.full_name for d in all_descriptors() for column in d.columns}
    assert set().union(*ours) <= set(columns.values())
    pairs = pd.read_csv(ROOT / "benchmarks" / "published" / "descriptors.csv")
    for published, column in pairs.itertuples(index=False):
        name = published.split("-", 2)[-1].removeprefix("ART-")
        homes = [own for row, own in zip(cells, ours, strict=True) if name in " - ".join(row)]
        assert len(homes) == 1, published
        assert columns[column] in homes[0]


def test_every_descriptor_has_a_test():
    """Its name is looked up, or given to a loop, in a test that knows its dimension."""
    tests = [path.read_text(encoding="utf-8") for path in Path(__file__).parent.rglob("test_*.py")]
    untested = []
    for descriptor in all_descriptors():
        # Of a longer name, only the parts and statistics of this one are no other descriptor's.
        parts = "|".join(re.escape(part) for part in descriptor.parts)
        # A part may be put in: f"lsp_{i:02d}__mean".
        part = rf"_(?:{parts}|[{{.(\[])" if parts else ""
        name = re.escape(descriptor.name)
        given = rf"[\"'^(|}}.](?:{descriptor.dimension}__)?{name}(?:{part or '(?!)'}|__|[^\w])"
        if not any(descriptor.dimension in text and re.search(given, text) for text in tests):
            untested.append(descriptor.full_name)
    assert untested == []
