"""Properties of tables that hold for any names."""

import csv
import io

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from sklearn_mer._text import csv_text, pipe_table, plain_line

NAMES = st.text(st.characters(codec=None), max_size=8)


@given(st.lists(NAMES, min_size=1, max_size=4))
def test_any_names_give_one_line_each_in_markdown_and_no_formula_in_csv(names):
    lines = pipe_table(["Name", "F1"], [[name, "1"] for name in names]).split("\n")
    assert len(lines) == len(names) + 2
    for name, line in zip(names, lines[2:], strict=True):
        assert plain_line(name).replace("|", "\\|") in line
        line.encode("utf-8")
    text = csv_text(pd.DataFrame({"name": pd.Series(names, dtype=object), "f1": 1.0}))
    text.encode("utf-8")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert [row[1] for row in rows] == ["f1", *["1.00"] * len(names)]
    assert not [row[0] for row in rows if row[0].lstrip().startswith(("=", "+", "-", "@"))]
