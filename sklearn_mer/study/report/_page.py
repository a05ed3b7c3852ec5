"""The page: its frame, and the sections in their order."""

from html import escape
from string import Template

from . import _html, _sections, _sections_about
from ._style import STYLE

# The policy forbids what the page does not need: nothing is ever loaded from elsewhere.
_FRAME = Template("""\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy"
 content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>$title</title>
<style>$style</style>
</head>
<body>
<header>
<h1>$title</h1>
<p>Macro F1 of methods for music emotion recognition, cross-validated, beside the figures of
<cite>Improving Deep Learning Methodologies for Music Emotion Recognition</cite> (Louro et
al.).</p>
$facts
$notes
<nav aria-label="Sections">$links</nav>
</header>
<main>
$sections
</main>
<footer>$foot</footer>
</body>
</html>
""")

SECTIONS = {
    "table": ("Table 1", _sections.result),
    "scores": ("Folds", _sections.scores),
    "differences": ("Differences", _sections.differences),
    "confusion": ("Confusion", _sections.confusion),
    "classes": ("Classes", _sections.classes),
    "learning": ("Learning", _sections.learning),
    "cost": ("Cost", _sections.cost),
    "not-run": ("Not run", _sections_about.not_run),
    "settings": ("Settings", _sections_about.settings),
}


def page(content, pictures, *, without_pictures=""):
    """Return the report as HTML that needs nothing beside itself.

    Parameters
    ----------
    content : ReportContent
    pictures : dict of str to list of (Picture, str)
        Drawn pictures with their ``<svg>``, by section.
    without_pictures : str, default=""
        Why there are none.

    Returns
    -------
    str
    """
    links = "\n".join(f'<a href="#{name}">{short}</a>' for name, (short, _) in SECTIONS.items())
    foot = (
        "Made by benchmarks/table1.py of sklearn_mer. The tables are also in table1.csv, table1.md "
        "and comparisons.csv, the pictures as PNG and SVG in figures/."
    )
    return _FRAME.substitute(
        title=escape(f"Table 1 on {content.dataset}"),
        style=STYLE,
        facts=_html.facts(content.facts),
        notes=_html.paragraph(without_pictures, kind="note") if without_pictures else "",
        links=links,
        sections="\n".join(write(content, pictures) for _, write in SECTIONS.values()),
        foot=_html.paragraph(foot),
    )
