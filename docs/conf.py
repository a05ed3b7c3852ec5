"""Settings of Sphinx."""

import doctest
import os
import shutil
import sys
import tempfile
from contextlib import chdir
from importlib import import_module
from pathlib import Path

import matplotlib.pyplot as plt
from sklearn.base import BaseEstimator
from sphinx.errors import ExtensionError
from sphinx.util.nodes import make_refnode

import sklearn_mer

sys.path.insert(0, str(Path(__file__).parent))
import api_table
import descriptor_table

project = "sklearn_mer"
author = "The sklearn_mer developers"
copyright = f"2026, {author}"
release = sklearn_mer.__version__

extensions = [
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "numpydoc",
    "sphinx_gallery.gen_gallery",
]
templates_path = ["_templates"]
exclude_patterns = ["_templates", "examples"]
# Pages whose examples save pictures that they show.
PAGES_WITH_PICTURES = ["getting_started", "user_guide/songs", "user_guide/plotting"]
# `name` links to an object of that name if there is one; otherwise it is plain code.
default_role = "py:obj"

autosummary_generate = True
autodoc_default_options = {"members": True, "inherited-members": True}
# autodoc lists them in full.
numpydoc_show_class_members = False

sphinx_gallery_conf = {
    "examples_dirs": "examples",
    "gallery_dirs": "gallery",
    "within_subsection_order": "FileNameSortKey",
    "doc_module": "sklearn_mer",
    "download_all_examples": False,
    "show_signature": False,
    "write_computation_times": False,
}

html_theme = "pydata_sphinx_theme"
html_title = "sklearn_mer"
html_static_path = ["_static"]
html_css_files = ["pages.css"]
html_show_sourcelink = False
# Pages without sub-pages need no navigation at the left.
html_sidebars = {
    "index": [],
    "getting_started": [],
    "troubleshooting": [],
    "glossary": [],
    "results": [],
    "descriptors": [],
}
# "fit" in the list at the right, not "HybridMER.fit".
toc_object_entries_show_parents = "hide"
html_theme_options = {"navigation_depth": 3, "show_toc_level": 2}


def write_pages(app, config):
    """Write the generated pages that have changed; a new time stamp would build them anew."""
    made = api_table.pages() | {"descriptors.rst": descriptor_table.page()}
    for name, text in made.items():
        path = Path(app.srcdir, name)
        path.parent.mkdir(exist_ok=True)
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")


def draw_pictures(app, config):
    """Run the pages that show pictures of their own, which then lie in ``pictures/<page>``."""
    options = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
    for name in PAGES_WITH_PICTURES:
        page = Path(app.srcdir, f"{name}.rst")
        folder = Path(app.srcdir, "pictures", name)
        # The time of the page is that of its pictures: it may change while they are drawn.
        changed = page.stat().st_mtime_ns
        if folder.exists() and folder.stat().st_mtime_ns == changed:
            continue
        with tempfile.TemporaryDirectory() as empty, chdir(empty):
            failed, _ = doctest.testfile(str(page), module_relative=False, optionflags=options)
            if failed:
                raise ExtensionError(f"{failed} examples of {page} failed; see above.")
            folder.mkdir(parents=True, exist_ok=True)
            for picture in Path(empty).glob("*.png"):
                shutil.copy(picture, folder)
        os.utime(folder, ns=(changed, changed))
    # The gallery would take open figures for those of its first example.
    plt.close("all")


def link_estimators(app, config):
    """Let estimators that pages show, and their parameters, link to the reference."""
    for module, *_ in api_table.SECTIONS:
        for name in api_table.user_names(module):
            cls = getattr(import_module(module), name)
            if isinstance(cls, type) and issubclass(cls, BaseEstimator):
                cls._doc_link_module = "sklearn_mer"
                cls._doc_link_template = f"../generated/{module}.{name}.html"


def skip_foreign(app, what, name, obj, skip, options):
    """Leave out what a class inherits from scikit-learn or torch: it is documented there."""
    function = getattr(obj, "fget", obj)
    module = getattr(function, "__module__", None) or "sklearn_mer"
    # None leaves the choice to autodoc.
    return None if module.startswith("sklearn_mer") else True


def find_by_last_name(app, env, node, contnode):
    """Resolve `HybridMER` without the name of its module, where only one object has the name."""
    found = [
        entry
        for name, entry in env.domains["py"].objects.items()
        if name.endswith(f".{node['reftarget']}") and not entry.aliased
    ]
    if node.get("refdomain") != "py" or len(found) != 1:
        return None
    return make_refnode(app.builder, node["refdoc"], found[0].docname, found[0].node_id, contnode)


def setup(app):
    """Connect the functions above; the pages must exist before Sphinx looks for pages."""
    app.connect("config-inited", write_pages)
    app.connect("config-inited", draw_pictures)
    app.connect("config-inited", link_estimators)
    app.connect("autodoc-skip-member", skip_foreign)
    app.connect("missing-reference", find_by_last_name)
