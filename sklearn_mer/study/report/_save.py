"""Pictures to files, and to what a page can hold."""

import io
import re
from html import escape

# Text stays text: it can be read out, searched and selected, and the file is smaller.
_STYLE = {
    "svg.fonttype": "none",
    "svg.hashsalt": "sklearn_mer",  # the same picture from the same scores
    "font.family": "sans-serif",
    "font.size": 9,
    "axes.titlesize": 9,
    "figure.titlesize": 9,
    "text.color": "#222",
    "axes.labelcolor": "#222",
    "axes.edgecolor": "#555",
    "xtick.color": "#333",
    "ytick.color": "#333",
}
_NO_METADATA = {"Date": None, "Creator": None, "Format": None, "Type": None}
_PNG_DPI = 150


def save_picture(picture, folder):
    """Write a picture as PNG and SVG; return the SVG for a page.

    Parameters
    ----------
    picture : Picture
    folder : Path

    Returns
    -------
    str
        An ``<svg>`` element whose identifiers are no other picture's.

    Raises
    ------
    OSError
        If the folder cannot be written.
    """
    import matplotlib
    from matplotlib.figure import Figure

    with matplotlib.rc_context():  # the reader's own settings are back at its end
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(_STYLE)
        figure = Figure(figsize=picture.size, layout="constrained")
        picture.draw(figure)
        figure.savefig(folder / f"{picture.name}.png", dpi=_PNG_DPI)
        # Where everything lies is decided by now: the second time it need not be worked out.
        figure.set_layout_engine("none")
        text = io.StringIO()
        figure.savefig(text, format="svg", metadata=_NO_METADATA)
    svg = text.getvalue()
    (folder / f"{picture.name}.svg").write_text(svg, encoding="utf-8")
    return inline_svg(svg, picture.name, picture.caption)


def inline_svg(svg, name, description):
    """Return the ``<svg>`` element of a file, to stand in a page beside others.

    Parameters
    ----------
    svg : str
    name : str
        Put before each identifier, as those of two pictures are alike.
    description : str
        For those who do not see it.

    Returns
    -------
    str
    """
    element = svg[svg.index("<svg") :].strip()
    element = re.sub(r'\b(id|xlink:href)="(#?)', rf'\1="\2{name}-', element)
    element = element.replace("url(#", f"url(#{name}-").replace(f'"{name}-data:', '"data:')
    label = f'role="img" aria-label="{escape(description)}"'
    return element.replace("<svg", f"<svg {label}", 1)
