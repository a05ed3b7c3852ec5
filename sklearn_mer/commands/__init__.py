"""The command line ``sklearn-mer``. Importing it, and ``--help``, import nothing large."""

from ._main import main

__all__ = ["main"]
