"""The page: what it says, and that it needs nothing beside itself."""

import re
import sys
from html.parser import HTMLParser
from types import SimpleNamespace

import matplotlib
import pytest
from report_runs import (
    BAD,
    LEARNER,
    METHODS,
    TREE,
    Results,
    dataset,
    done,
    failed,
    method,
    plan,
    results,
)

from sklearn_mer.study import write_report
from sklearn_mer.study._report import gather_report
from sklearn_mer.study._tables import write_table

VOID = {"meta", "br", "hr", "img", "input", "link"}
SECTIONS = ["table", "scores", "differences", "confusion", "classes", "learning", "cost"]
SECTIONS += ["not-run", "settings"]
ABOUT = {"facts": {"Data set": "tiny <1>"}, "notes": ["A note."], "command": "python a.py"}
# A class, a title and a data set as nobody should name them.
NAME = "$a_b$ url(#x) <b> \" id='x' -- \x07\ud800 & 'co'"
SHOWN = "$a_b$ url(#x) <b> \" id='x' -- \ufffd\ufffd & 'co'"


class Page(HTMLParser):
    """Reads a page; fails where a tag is not closed, or closed out of turn."""

    def __init__(self, path):
        super().__init__()
        self.source = path.read_text(encoding="utf-8")
        self.open, self.tags, self.texts, self.section = [], [], {}, None
        self.pictures = []
        self.feed(self.source)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag == "section":
            self.section = dict(attributes)["id"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "svg" in self.open:  # what the pictures say does not count as said
            self.pictures.append(data)
        else:
            self.texts[self.section] = f"{self.texts.get(self.section, '')} {data}"

    def text(self, section=None):
        return " ".join(self.texts[section].split())

    def values(self, *names):
        return [
            attributes[name] for _, attributes in self.tags for name in names if name in attributes
        ]


def write(folder, methods=METHODS, stored=results, *, data=None, **more):
    """Write the report of a plan; return it with what was there to be reported."""
    cells = plan(methods)
    reported = (methods, data or dataset(), cells, stored(cells))
    content = gather_report(*reported, **ABOUT | more)
    page = write_report(*reported, folder, **ABOUT | more)
    return SimpleNamespace(page=Page(page), content=content, folder=page.parent)


@pytest.fixture(autouse=True)
def without_pictures():
    """Not here: the fixtures below say it."""


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    """Return a function that writes a report without pictures."""

    def plain(*args, folder=None, **kwargs):
        with pytest.MonkeyPatch.context() as patch:
            patch.setitem(sys.modules, "matplotlib", None)
            return write(folder or tmp_path_factory.mktemp("report"), *args, **kwargs)

    return plain


@pytest.fixture(scope="module")
def report(plain):
    """One report of rows of every kind, without pictures."""
    return plain()


def test_the_page_is_whole_and_has_all_sections(report):
    page = report.page
    assert page.source.startswith("<!DOCTYPE html>")
    assert [a["id"] for tag, a in page.tags if tag == "section"] == SECTIONS
    assert page.values("href")[: len(SECTIONS)] == [f"#{name}" for name in SECTIONS]
    metas = [attributes for tag, attributes in page.tags if tag == "meta"]
    assert {"name": "viewport", "content": "width=device-width, initial-scale=1"} in metas
    policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    assert {"http-equiv": "Content-Security-Policy", "content": policy} in metas
    assert page.source.index("Content-Security-Policy") < page.source.index("<style>")


def test_the_paper_stands_beside_our_score_and_the_page_is_dark_where_wanted(report):
    head = "Method Ours, F1 % Paper Difference 95 % interval Cells Fit, s"
    assert head in report.page.text("table")
    assert "@media (prefers-color-scheme: dark)" in report.page.source
    assert "Q1 happy" in report.page.texts["classes"]


def test_every_figure_of_the_table_is_on_the_page(report):
    write_table(report.content.table, report.folder)
    head, *lines = (report.folder / "table1.csv").read_text().splitlines()
    columns = head.split(",")
    found = 0
    for line in lines:
        values = dict(zip(columns, line.split(","), strict=True))
        for name in ("f1_macro_mean", "f1_macro_std", "ci95_low", "ci95_high", "published"):
            assert values[name] in report.page.texts["table"]
            found += bool(values[name])
        planned = f"{values['n_folds']}/6" in report.page.texts["table"]
        assert planned or values["method"] == "absent"
    assert found == 3 * 4 + 1
    difference = report.content.table.difference[0]
    assert f"{difference:+.2f}" in report.page.texts["table"]
    assert "A note." in report.page.texts["table"]


def test_comparisons_and_classes_are_in_numbers_too(report):
    text = report.page.texts["differences"]
    assert len(report.content.comparisons) == 3
    for pair in report.content.comparisons.itertuples():
        assert f"{pair.difference:+.2f}" in text
        assert f"{pair.ci95_low:+.2f} to {pair.ci95_high:+.2f}" in text
    tree = [row["f1_per_class"] for row in report.content.done["tree"]]
    for number in range(4):
        mean = 100 * sum(f1[number] for f1 in tree) / len(tree)
        assert f"{mean:.1f} ±" in report.page.texts["classes"]


def test_few_folds_are_compared_without_an_interval(plain):
    made = plain([TREE, LEARNER], lambda cells: results(cells, max_cells=8))
    text = made.page.text("differences")
    assert f"{made.content.comparisons.difference[0]:+.2f}" in text
    assert not re.search(r"\d to [+-]\d", text)
    assert not re.search(r"\d to \d", made.page.text("table"))


def test_what_was_not_run_is_told_with_why(report):
    text = report.page.texts["not-run"]
    assert "No file w.pt: put it there." in text
    assert "ZeroDivisionError: failed on purpose" in text
    assert "0.0, 0.1, 0.2, 1.0, 1.1, 1.2" in text
    assert "study_fakes.py" in text  # the traceback, folded away
    assert "Missing cells" not in text


def test_each_error_of_a_row_is_a_line(plain):
    other = "ValueError: another"

    def stored(cells):
        return Results(failed(cells[0]), failed(cells[1], other), *map(failed, cells[2:4]))

    text = plain([BAD], stored).page.text("not-run")
    assert "failed on purpose 0.0, 0.2, 1.0" in text
    assert "ValueError: another 0.1" in text
    assert "Bad 2 of 6" in text


def test_cells_that_are_missing_are_counted(plain):
    made = plain(METHODS[:3], lambda cells: results(cells, max_cells=4))
    text = made.page.text("not-run")
    assert "Missing cells" in text
    assert "Tree 4 of 6" in text
    assert "Network 5 of 6" in text


def test_all_finished_is_said(plain):
    assert "Nothing: all planned cells" in plain([TREE]).page.texts["not-run"]


def test_nothing_is_computed_yet(plain):
    page = plain(stored=lambda cells: Results()).page
    for name in ("scores", "confusion", "classes", "cost"):
        assert "No fold is finished yet." in page.texts[name]
    assert "There is no such pair" in page.texts["differences"]
    assert "6 of 6" in page.texts["not-run"]
    assert "55.50" in page.texts["table"]  # the paper's figure


def test_nothing_is_planned(plain):
    page = plain(METHODS[-1:]).page
    assert "weights missing" in page.texts["table"]
    assert "No fold is finished yet." in page.texts["scores"]


def test_text_is_escaped(report):
    page = report.page
    assert "Learner <b> & 'co'" in page.texts["table"]
    assert "tiny <1>" in page.text()
    assert not [tag for tag, _ in page.tags if tag == "b"]


def test_settings_and_versions(report):
    text = report.page.texts["settings"]
    assert "python a.py" in text
    assert "scikit-learn 1." in text
    assert '"max_epochs": 3' in text
    assert "2026-01-01T00:00:00+00:00 to 2026-01-03T00:00:00+00:00" in text


def test_costs(report):
    text = report.page.text("cost")
    assert "first 3, head 2" in text
    assert "cpu" in text
    assert " 201 " in text


def test_without_matplotlib_the_page_says_so_and_has_its_tables(report):
    assert "matplotlib is not installed" in report.page.text()
    assert not [tag for tag, _ in report.page.tags if tag in ("svg", "figure")]
    assert not (report.folder / "figures").exists()
    assert "Tree" in report.page.texts["classes"]


def test_networks_without_a_history(report, plain):
    text = report.page.text("learning")
    assert "No curves for Network: the stored cells have no training history." in text
    assert "No finished cell trained a network." in plain([TREE]).page.texts["learning"]


def test_results_are_read_once():
    cells = plan(METHODS)
    stored = results(cells)
    gather_report(METHODS, dataset(), cells, stored)
    assert stored.n_readings == 1


def test_a_folder_that_cannot_be_made(tmp_path, plain):
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match="file"):
        plain([TREE], folder=tmp_path / "file")


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    """One report with pictures, in a folder that has others."""
    settings = {name: matplotlib.rcParams[name] for name in matplotlib.rcParams}
    folder = tmp_path_factory.mktemp("report")
    (folder / "figures").mkdir()
    for name in ("mine.png", "confusion_older.svg", "differences.png", "cost.png"):
        (folder / "figures" / name).touch()
    made = write(folder)
    assert matplotlib.rcParams == settings
    return made


@pytest.fixture(scope="module")
def odd(tmp_path_factory):
    """A report of two rows, few folds and names that could break it."""
    labels = (NAME, "_hidden", "=1", "Q4")
    row = method("odd", NAME, published={NAME: 55.5})

    def stored(cells):
        return Results(*(done(cell, labels=labels) for cell in cells[:4]))

    folder = tmp_path_factory.mktemp("odd")
    return write(folder, [TREE, row], stored, data=dataset(NAME, labels), notes=[NAME])


def test_the_page_holds_its_pictures_and_loads_nothing(drawn):
    page = drawn.page
    names = ["scores", "differences", "classes", "cost_time", "cost_memory", "learning_learner"]
    names += [f"confusion_{key}" for key in ("tree", "learner", "net")]
    files = {file.name for file in (drawn.folder / "figures").iterdir()}
    assert files == {f"{name}.{end}" for name in names for end in ("png", "svg")} | {"mine.png"}
    svgs = [attributes for tag, attributes in page.tags if tag == "svg"]
    assert len(svgs) == len(names)
    assert all(attributes["aria-label"] for attributes in svgs)
    for name in names:
        assert (drawn.folder / "figures" / f"{name}.png").read_bytes()[:4] == b"\x89PNG"


@pytest.mark.parametrize("which", ["drawn", "odd"])
def test_nothing_is_loaded(which, request):
    page = request.getfixturevalue(which).page
    assert not {tag for tag, _ in page.tags} & {"script", "link", "iframe", "object", "img"}
    assert all(
        value.startswith(("#", "data:")) for value in page.values("src", "href", "xlink:href")
    )
    assert not re.search(r"@import|url\((?!#)", page.source)
    addresses = re.findall(r"https?://[^\s\"<]+", page.source)
    assert {address for address in addresses if "www.w3.org" not in address} == set()


@pytest.mark.parametrize("which", ["drawn", "odd"])
def test_identifiers(which, request):
    page = request.getfixturevalue(which).page
    names = page.values("id")
    assert len(set(names)) == len(names)
    used = {value[1:] for value in page.values("href", "xlink:href") if value[0] == "#"}
    clips = page.values("clip-path", "fill", "style")
    used |= set(re.findall(r"url\(#([^)]+)\)", " ".join(clips)))
    assert len(used) > len(SECTIONS)
    assert used <= set(names)


def test_captions_say_on_how_many_folds_they_are_based(odd):
    captions = re.findall(r"<figcaption>(.*?)</figcaption>", odd.page.source, re.DOTALL)
    assert len(captions) == 7
    assert all(re.search(r"\d folds?\b", caption) for caption in captions)
    assert "Based on 2 folds per row." in captions[0]
    assert "No interval is shown for fewer than 5 folds." in captions[1]


def test_names_do_not_break_page_or_pictures(odd):
    page = odd.page
    assert SHOWN in page.text()  # the data set
    for section in ("table", "classes", "cost"):
        assert SHOWN in page.texts[section]
    assert not [tag for tag, _ in page.tags if tag == "b"]
    # As text in the pictures: no formula, nothing renamed, nothing left out of a legend.
    assert page.pictures.count(SHOWN) >= 5
    assert {" _hidden", "_hidden", "=1"} <= set(page.pictures)
    assert "\x07" not in page.source
