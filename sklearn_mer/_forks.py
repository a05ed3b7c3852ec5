"""Whether this process was forked; imported with the package, before anything can fork."""

import os

forked = False


def _note():
    global forked
    forked = True


if hasattr(os, "register_at_fork"):  # not on Windows
    os.register_at_fork(after_in_child=_note)
