"""What is said of misspelt words, and of files that cannot be read or written."""

import textwrap
from difflib import get_close_matches

_FRAMES = "Traceback (most recent call last):\n"


def did_you_mean(word, allowed):
    """Return a sentence that names the allowed word nearest to another, empty if none is near."""
    names = {name.lower().lstrip("-"): name for name in allowed}
    near = get_close_matches(str(word).lower().lstrip("-"), names, n=1, cutoff=0.65)
    return f" Did you mean {names[near[0]]!r}?" if near else ""


def why_not(error):
    """Return what an error of the file system says, in words that fit files and folders."""
    if isinstance(error, FileExistsError | NotADirectoryError):
        return "it, or what should hold it, is a file or a link to nothing"
    return error.strerror or str(error)


def error_line(traceback):
    """Return the error at the end of a traceback as one line."""
    lines = traceback.rpartition(_FRAMES)[2].splitlines()
    while len(lines) > 1 and lines[0].startswith(" "):
        del lines[0]
    return textwrap.shorten(" ".join(lines), 400, placeholder=" ...")
