"""Who may import whom."""

import ast
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import sklearn_mer

ROOT = Path(sklearn_mer.__file__).parent

# The sub-packages that each may import; a new one is entered here.
# Private modules of other rooms are out of bounds: a room is what its ``__init__`` names.
STEPS = {"features", "spectrogram", "embeddings", "augmentation"}
ALLOWED = {
    "audio": set(),
    "commands": {"audio", "datasets", "methods", "model_selection", "models", "plotting"}
    | {"serve", "songs", "study", "tags", "weights"},
    "nets": set(),
    "model_selection": set(),
    "features": {"audio"},
    "spectrogram": {"audio"},
    "training": {"nets"},
    "embeddings": {"audio", "spectrogram", "nets", "training", "weights"},
    "augmentation": {"audio", "spectrogram", "nets", "training"},
    "methods": {"audio", "nets", "training", "model_selection", "weights", *STEPS},
    "models": {"audio", "nets", "training", "methods", "weights", *STEPS},
    "datasets": {"audio"},
    "plotting": {"songs"},
    "serve": set(),
    "songs": {"audio"},
    "tags": set(),
    "study": {"audio", "datasets", "methods", "model_selection", "plotting", "training", *STEPS},
    "weights": set(),
}
PACKAGES = sorted(path.parent.name for path in ROOT.glob("*/__init__.py"))


def imported_modules(path):
    """Full names of the modules that the file imports, relative ones resolved."""
    package = ("sklearn_mer", *path.relative_to(ROOT).parent.parts)
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            module = ".".join((*base, *filter(None, [node.module])))
            # ``from sklearn_mer import audio`` names a sub-package too.
            yield from (f"{module}.{name.name}" for name in node.names)


def imported_packages(package):
    """Sub-packages of the library that `package` imports."""
    names = {
        module.split(".")[1]
        for path in (ROOT / package).rglob("*.py")
        for module in imported_modules(path)
        if module.startswith("sklearn_mer.")
    }
    return {name for name in names if name in PACKAGES} - {package}


def test_the_reader_of_imports(tmp_path, monkeypatch):
    source = (
        "import a.b, c\nfrom . import d\nfrom .._x import e\nfrom ..f.g import h\nfrom i import j"
    )
    (tmp_path / "inner").mkdir()
    path = tmp_path / "inner" / "module.py"
    path.write_text(f"def late():\n    import k\n{source}")
    monkeypatch.setitem(globals(), "ROOT", tmp_path)
    own = [f"sklearn_mer.{name}" for name in ("inner.d", "_x.e", "f.g.h")]
    assert sorted(imported_modules(path)) == sorted(["a.b", "c", "i.j", "k", *own])


@pytest.mark.parametrize("package", PACKAGES)
def test_imports_of_a_package(package):
    assert package in ALLOWED, f"enter {package} into ALLOWED"
    assert imported_packages(package) <= ALLOWED[package]


@pytest.mark.parametrize("package", PACKAGES)
def test_no_private_module_of_another_package(package):
    others = tuple(f"sklearn_mer.{name}._" for name in PACKAGES if name != package)
    modules = {m for path in (ROOT / package).rglob("*.py") for m in imported_modules(path)}
    assert [m for m in sorted(modules) if m.startswith(others)] == []


def test_the_rules_are_those_of_the_design():
    estimators = {"audio", "nets", "training", "methods", *STEPS}
    for package in estimators:
        assert not ALLOWED[package] & {"datasets", "plotting", "study"}
    assert not ALLOWED["audio"]
    list(TopologicalSorter(ALLOWED).static_order())


def test_no_cycles_between_sub_packages():
    graph = {package: imported_packages(package) for package in PACKAGES}
    assert "audio" in graph["methods"]  # something is seen at all
    list(TopologicalSorter(graph).static_order())


def test_networks_import_torch_alone():
    allowed = {"torch", "sklearn_mer", *sys.stdlib_module_names}
    for path in (ROOT / "nets").rglob("*.py"):
        assert {module.split(".")[0] for module in imported_modules(path)} <= allowed, path
        inside = {m for m in imported_modules(path) if m.startswith("sklearn_mer")}
        assert all(m.startswith("sklearn_mer.nets.") for m in inside), path


def test_importing_the_library_loads_neither_data_sets_nor_study_nor_plotting():
    top = set(imported_modules(ROOT / "__init__.py"))
    assert not {m.split(".")[1] for m in top} & {"datasets", "plotting", "study"}
