"""A digest of the library's code, to tell apart what two states of one version computed."""

import ast
from functools import cache
from pathlib import Path

from ._digest import digest

PACKAGE = Path(__file__).parents[2]
# Reports, pictures and the order of work move no score. All other folders count, those too whose
# results are in a cell's key by content (data, splits): a method may come to call them.
LEFT_OUT = frozenset({"plotting", "study"})
# Of the study, what seeds a method, what scores it and what a nested search chooses by.
OF_THE_STUDY = ("study/_inner_folds.py", "study/cells/_cells.py", "study/cells/_score.py")


@cache
def code_digest():
    """Return the digest of this installation's code, as far as it can move a score.

    Returns
    -------
    str
        Equal for sources that differ in comments, docstrings or layout alone.
    """
    return sources_digest(PACKAGE)


def sources_digest(package):
    """Return the digest of the code below a folder.

    Parameters
    ----------
    package : Path

    Returns
    -------
    str
    """
    paths = {path.relative_to(package).as_posix(): path for path in package.rglob("*.py")}
    counted = [
        name
        for name in sorted(paths)
        if name in OF_THE_STUDY or name.partition("/")[0] not in LEFT_OUT
    ]
    parts = ((name, "\0".join(_parts(ast.parse(paths[name].read_bytes())))) for name in counted)
    return digest("code", *(part for pair in parts for part in pair))


def _parts(node):
    """Yield what a syntax tree is made of, without what does nothing.

    Empty fields are left out, so that one that a later Python adds changes no digest.
    """
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return  # a docstring
    yield type(node).__name__
    for name, value in ast.iter_fields(node):
        if value is None or value == []:
            continue
        yield name
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, ast.AST):
                yield from _parts(item)
            else:
                yield repr(item)
    yield ""  # the end, so that what follows is not taken for a part
