"""Names that anybody gave, as text that files and pictures can hold."""

import re

# Characters that XML or a terminal does not take, and halves of surrogate pairs, which file
# names that are not UTF-8 have and no file takes.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def plain_text(text):
    """Return text without control characters, except tabs and line ends."""
    return _CONTROL.sub("\ufffd", str(text).replace("\r\n", "\n"))


def plain_line(text):
    """Return text as one line without control characters."""
    return plain_text(" ".join(str(text).split()))
