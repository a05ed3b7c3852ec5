"""Names that anybody gave, as text of tables."""

import csv
import io

import numpy as np
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


def test_names_with_lines_bars_and_control_characters_stay_in_their_cell():
    text = pipe_table(["a|b", "F1"], [["x\ny\x07\r", "1"], ["\ud800", "2"]])
    assert text.splitlines() == [
        "| a\\|b | F1 |",
        "|:-----|---:|",
        "| x y\ufffd |  1 |",
        "| \ufffd    |  2 |",
    ]


def test_text_of_a_head_is_no_formula_and_numbers_stay(tmp_path):
    table = pd.DataFrame({"=HYPERLINK(1)": ["-a", "b"], "n": [-1, 2], "x": [-0.5, np.nan]})
    assert csv_text(table).splitlines() == ["'=HYPERLINK(1),n,x", "'-a,-1,-0.50", "b,2,"]
