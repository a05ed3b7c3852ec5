"""The page: what it says, and that it needs nothing beside itself."""

import re
import sys
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace

import matplotlib
import pytest
from sklearn.dummy import DummyClassifier
from sklearn.tree import DecisionTreeClassifier
from study_fakes import Failing, Learner, Network

from sklearn_mer.study import CellStore, StudyMethod, plan_cells, run_cells, write_table
from sklearn_mer.study.report import gather_report, write_report

VOID = {"meta", "br", "hr", "img", "input", "link"}
SECTIONS = ["table", "scores", "differences", "confusion", "classes", "learning", "cost"]
SECTIONS += ["not-run", "settings"]


class Absent(StudyMethod):
    """A method whose weights are missing."""

    missing = "No file w.pt: put it there."


NET = Network(random_state=0)  # from before histories were kept: it has none
METHODS = [
    StudyMethod("tree", DecisionTreeClassifier(random_state=0), "Tree", published={"tiny": 70.0}),
    StudyMethod("learner", Learner(random_state=0), "Learner <b> & 'co'"),
    StudyMethod("net", NET, "Network"),
    StudyMethod("bad", Failing(), "Bad"),
    Absent("absent", DummyClassifier(), "Absent"),
]


class Page(HTMLParser):
    """Reads a page; fails where a tag is not closed, or closed out of turn."""

    def __init__(self, path):
        super().__init__()
        self.source = Path(path).read_text(encoding="utf-8")
        self.open, self.tags, self.texts, self.section = [], [], {}, None
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
        if "svg" not in self.open:  # what the pictures say does not count as said
            self.texts[self.section] = f"{self.texts.get(self.section, '')} {data}"

    def values(self, *names):
        return [
            attributes[name] for _, attributes in self.tags for name in names if name in attributes
        ]


@pytest.fixture
def report(data, protocol, store, tmp_path):
    """Write the report of a plan; return it with what was there to be reported."""

    def report(methods=METHODS, *, max_cells=None, folder="report", data=data):
        cells = plan_cells(methods, data, protocol)
        if max_cells != 0:
            run_cells(cells, data, store, n_jobs=1, max_cells=max_cells, progress=False)
        about = {"facts": {"Data set": "tiny <1>"}, "notes": ["A note."], "command": "python a.py"}
        content = gather_report(methods, data, cells, store, **about)
        page = write_report(content, tmp_path / folder)
        return SimpleNamespace(page=Page(page), content=content, folder=page.parent)

    return report


def test_the_page_is_whole_and_has_all_sections(report):
    page = report().page
    assert page.source.startswith("<!DOCTYPE html>")
    assert [a["id"] for tag, a in page.tags if tag == "section"] == SECTIONS
    assert page.values("href")[: len(SECTIONS)] == [f"#{name}" for name in SECTIONS]
    assert {"name": "viewport", "content": "width=device-width, initial-scale=1"} in [
        attributes for tag, attributes in page.tags if tag == "meta"
    ]


def test_every_figure_of_the_table_is_on_the_page(report):
    made = report()
    write_table(made.content.table, made.folder)
    head, *lines = (made.folder / "table1.csv").read_text().splitlines()
    columns = head.split(",")
    found = 0
    for line in lines:
        values = dict(zip(columns, line.split(","), strict=True))
        for name in ("f1_macro_mean", "f1_macro_std", "ci95_low", "ci95_high", "published"):
            assert values[name] in made.page.texts["table"]
            found += bool(values[name])
        assert f"{values['n_folds']}/6" in made.page.texts["table"] or values["method"] == "absent"
    assert found == 3 * 4 + 1
    difference = made.content.table.difference[0]
    assert f"{difference:+.2f}" in made.page.texts["table"]


def test_comparisons_and_classes_are_in_numbers_too(report):
    made = report()
    for pair in made.content.comparisons.itertuples():
        assert f"{pair.difference:+.2f}" in made.page.texts["differences"]
        assert f"{pair.ci95_low:+.2f} to {pair.ci95_high:+.2f}" in made.page.texts["differences"]
    tree = [row["f1_per_class"] for row in made.content.done["tree"]]
    for number in range(4):
        mean = 100 * sum(f1[number] for f1 in tree) / len(tree)
        assert f"{mean:.1f} ±" in made.page.texts["classes"]


def test_what_was_not_run_is_told_with_why(report):
    text = report().page.texts["not-run"]
    assert "No file w.pt: put it there." in text
    assert "ZeroDivisionError: failed on purpose" in text
    assert "0.0, 0.1, 0.2, 1.0, 1.1, 1.2" in text
    assert "study_fakes.py" in text  # the traceback, folded away
    assert "Not computed yet" not in text


def test_cells_that_are_missing_are_counted(report):
    made = report(METHODS[:3], max_cells=4)
    text = " ".join(made.page.texts["not-run"].split())
    assert "Not computed yet" in text
    assert "Tree 4 of 6" in text
    assert "Network 5 of 6" in text


def test_all_finished_is_said(report):
    assert "Nothing: all planned cells" in report(METHODS[:1]).page.texts["not-run"]


def test_nothing_is_computed_yet(report):
    made = report(max_cells=0)
    for name in ("scores", "confusion", "classes", "cost"):
        assert "No fold is finished yet." in made.page.texts[name]
    assert "there is no such pair" in made.page.texts["differences"]
    assert "6 of 6" in made.page.texts["not-run"]
    assert "70.00" in made.page.texts["table"]  # the paper's figure


def test_text_is_escaped(report):
    made = report()
    assert "Learner <b> & 'co'" in made.page.texts["table"]
    assert "tiny <1>" in " ".join(made.page.texts[None].split())
    assert not [tag for tag, _ in made.page.tags if tag == "b"]


def test_settings_and_versions(report):
    text = report().page.texts["settings"]
    assert "python a.py" in text
    assert "scikit-learn 1." in text
    assert '"max_epochs": 3' in text
    assert "2026" in text or re.search(r"20\d\d-\d\d-\d\dT", text)


def test_costs(report):
    made = report()
    text = " ".join(made.page.texts["cost"].split())
    assert "first 3, head 2" in text
    assert "cpu" in text or "cuda" in text
    peak = sum(row["peak_memory_mb"] for row in made.content.done["tree"]) / 6
    assert f" {peak:.0f} " in text


def test_without_matplotlib_the_page_says_so_and_has_its_tables(report):
    made = report()
    assert "matplotlib is not installed here" in made.page.texts[None]
    assert not [tag for tag, _ in made.page.tags if tag in ("svg", "figure")]
    assert not (made.folder / "figures").exists()
    assert "Tree" in made.page.texts["classes"]


def test_cells_of_a_network_from_before_histories_were_kept(report):
    text = report().page.texts["learning"]
    assert "No curves of Network: the store has their cells from before" in text
    none = report(METHODS[:1], folder="other").page.texts["learning"]
    assert "No finished cell here trained a network" in none


def test_an_older_store_is_reported_too(report, store, tmp_path):
    report(METHODS[:2])
    import sqlite3

    with sqlite3.connect(store.path) as connection:
        connection.execute("DROP TABLE histories")
    again = report(METHODS[:2], folder="again")
    assert CellStore(store.path).histories() == {}
    assert "No curves of Learner" in again.page.texts["learning"]


def test_a_folder_that_cannot_be_made(report, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match="file"):
        report(METHODS[:1], max_cells=0, folder="file")


def test_the_command_line_writes_the_page(data, tmp_path, monkeypatch, capsys):
    from sklearn_mer.study.command_line import _table1
    from sklearn_mer.study.setup import _study

    monkeypatch.setattr(_study, "open_dataset", lambda name, data_home=None: data)
    register = {"prior": SimpleNamespace(title="Prior", published={"tiny": 12.34})}
    argv = [
        "--dataset",
        "tiny",
        "--repeats",
        "1",
        "--folds",
        "3",
        "--jobs",
        "1",
        "--max-cells",
        "2",
    ]
    argv += ["--store", str(tmp_path / "s.sqlite"), "--report", str(tmp_path / "my report")]
    make = lambda key, recipe: DummyClassifier()  # noqa: E731
    assert _table1.table1(argv, register=register, make=make) == 0
    assert "report.html" in capsys.readouterr().out
    page = Page(tmp_path / "my report" / "report.html")
    assert "12.34" in page.texts["table"]
    assert "1 x 3 folds, not grouped, seed 1; 3 cells planned, 2 done" in page.texts[None]
    assert f"--report '{tmp_path / 'my report'}'" in page.texts["settings"]


class TestWithPictures:
    """One report with all pictures, looked at from several sides."""

    @pytest.fixture(autouse=True)
    def without_pictures(self):
        """Not here."""

    def test_the_page_holds_its_pictures_and_loads_nothing(self, report):
        made = report()
        page = made.page
        names = ["scores", "differences", "classes", "cost", "learning_learner"]
        names += [f"confusion_{key}" for key in ("tree", "learner", "net")]
        files = {file.name for file in (made.folder / "figures").iterdir()}
        assert files == {f"{name}.{end}" for name in names for end in ("png", "svg")}
        svgs = [attributes for tag, attributes in page.tags if tag == "svg"]
        assert len(svgs) == len(names)
        assert all(attributes["aria-label"] for attributes in svgs)
        self.check_that_nothing_is_loaded(page)
        self.check_identifiers(page)
        for name in names:
            assert (made.folder / "figures" / f"{name}.png").read_bytes()[:4] == b"\x89PNG"

    @staticmethod
    def check_that_nothing_is_loaded(page):
        assert not {tag for tag, _ in page.tags} & {"script", "link", "iframe", "object", "img"}
        assert all(
            value.startswith(("#", "data:")) for value in page.values("src", "href", "xlink:href")
        )
        assert not re.search(r"@import|url\((?!#)", page.source)
        addresses = re.findall(r"https?://[^\s\"<]+", page.source)
        assert {address for address in addresses if "www.w3.org" not in address} == set()

    @staticmethod
    def check_identifiers(page):
        names = page.values("id")
        assert len(set(names)) == len(names)
        used = {value[1:] for value in page.values("href", "xlink:href") if value[0] == "#"}
        used |= set(re.findall(r"url\(#([^)]+)\)", page.source))
        assert len(used) > len(SECTIONS)
        assert used <= set(names)

    def test_captions_say_on_how_many_folds_they_rest(self, report):
        made = report([METHODS[0], METHODS[1]], max_cells=9)
        captions = re.findall(r"<figcaption>(.*?)</figcaption>", made.page.source, re.DOTALL)
        assert len(captions) == 7
        assert all(re.search(r"\d folds?\b", caption) for caption in captions)
        assert "5 folds a row, 4 of Learner" in " ".join(captions)

    def test_a_second_report_replaces_the_first(self, report):
        settings = matplotlib.rcParams.copy()
        folder = report(METHODS[:2]).folder / "figures"
        before = (folder / "confusion_tree.svg").read_bytes()
        (folder / "mine.png").touch()
        report(METHODS[:1])
        # What an older report drew and this one does not would be misread; other files stay.
        left = {file.stem for file in folder.iterdir()}
        assert left == {"scores", "confusion_tree", "classes", "cost", "mine"}
        # The same cells give the same picture to the last byte.
        assert (folder / "confusion_tree.svg").read_bytes() == before
        assert matplotlib.rcParams == settings


def test_matplotlib_is_hidden_from_the_tests_above():
    assert sys.modules["matplotlib"] is None
