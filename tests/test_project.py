"""What stands in two places must say the same in both."""

import re
import tomllib
from importlib import import_module
from importlib.metadata import version
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from pkgutil import iter_modules

import pytest

import sklearn_mer

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
TESTED_EXTRAS = (
    "audio",
    "beets",
    "dask",
    "hub",
    "onnx",
    "parquet",
    "plot",
    "ray",
    "search",
    "serve",
    "tags",
    "test",
    "weights",
)


def pins(name):
    lines = (ROOT / name).read_text().splitlines()
    return dict(line.split("==") for line in lines if line and not line.startswith("#"))


def requirements(*extras):
    """Return {name: lowest version}."""
    lines = [*PROJECT["dependencies"]]
    lines += [line for extra in extras for line in PROJECT["optional-dependencies"][extra]]
    return dict(re.fullmatch(r"([\w-]+)[>=]=([\w.]+)(?:;.*)?", line).groups() for line in lines)


def release(text):
    return tuple(int(part) for part in text.split("."))


def padded(text, length=4):
    return (release(text) + (0,) * length)[:length]


def test_the_lowest_versions_are_those_that_are_tested():
    lowest = pins("constraints-min.txt")
    required = requirements(*TESTED_EXTRAS)
    assert {name: padded(lowest[name]) for name in required} == {
        name: padded(bound) for name, bound in required.items()
    }


def test_the_constraints_pin_every_direct_dependency():
    assert set(pins("constraints.txt")) == set(requirements(*TESTED_EXTRAS, "docs"))


def test_the_constraints_pin_nothing_below_the_bounds():
    pinned = pins("constraints.txt")
    below = {
        name: bound
        for name, bound in requirements(*TESTED_EXTRAS, "docs").items()
        if padded(pinned[name]) < padded(bound)
    }
    assert below == {}


def test_the_package_carries_the_version_of_its_metadata():
    assert sklearn_mer.__version__ == version("sklearn-mer")


@pytest.fixture(scope="module")
def api_table():
    spec = spec_from_file_location("api_table", ROOT / "docs" / "api_table.py")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def listed(page):
    """Return the (module, name) pairs of a page of the reference."""
    module, found = None, []
    for line in page.splitlines():
        if line.startswith(".. currentmodule:: "):
            module = line.split()[-1]
        elif re.fullmatch(r"   \w+", line):
            found.append((module, line.strip()))
    return found


def listed_by_section(api_table):
    """Return the pairs of the pages of all sections: those that have pages of their own."""
    pages = api_table.pages().items()
    return [pair for name, page in pages if "api/" in name for pair in listed(page)]


def test_every_public_name_is_in_the_reference_once(api_table):
    rooms = [m.name for m in iter_modules(sklearn_mer.__path__) if not m.name.startswith("_")]
    public = sorted(
        (f"sklearn_mer.{room}", name)
        for room in [*rooms, "embeddings.pretraining"]
        for name in api_table.public_names(f"sklearn_mer.{room}")
    )
    assert sorted(listed_by_section(api_table)) == public
    assert len(set(public)) == len(public)


def test_what_is_in_the_reference_is_documented(api_table):
    for module, name in listed_by_section(api_table):
        assert getattr(import_module(module), name).__doc__


def test_the_reference_divides_names_that_there_are(api_table):
    for module, names in (api_table.DEVELOPER | api_table.DEVELOPER_BUT).items():
        assert names <= set(api_table.public_names(module)), module


def test_what_the_top_level_exports_is_on_the_page_for_users(api_table):
    names = {name for _, name in listed(api_table.pages()["api.rst"])}
    assert set(sklearn_mer.__all__) - {"__version__"} <= names


def test_pages_that_are_read_in_one_folder_do_not_get_in_each_other_s_way():
    pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.rst")]
    made, call = {}, re.compile(r'make_quadrant_folder\("(\w+)"(.*?)\)')
    for page in pages:
        for name, how in call.findall(page.read_text(encoding="utf-8")):
            made.setdefault(name, set()).add(how)
    assert {name: how for name, how in made.items() if len(how) > 1} == {}  # it mixes no clips
