"""A real browser for the pages: Chromium, driven by playwright.

They are not in the extra ``test``: ``pip install playwright``, and Chromium from the system. With
the path of ``axe.min.js`` (of the package axe-core) in ``SKLEARN_MER_AXE`` accessibility is
checked too.
"""

import shutil
from contextlib import contextmanager

import pytest

api = pytest.importorskip("playwright.sync_api", reason="playwright drives the browser")
PATH = shutil.which("chromium") or shutil.which("chromium-browser")
MARKS = [
    pytest.mark.slow,
    pytest.mark.skipif(PATH is None, reason="there is no chromium"),
]


@contextmanager
def chromium():
    """Start the browser, and end it."""
    with api.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=PATH)
        yield browser
        browser.close()
