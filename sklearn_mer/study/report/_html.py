"""Pieces of a page. What they take is text and is escaped; what they return is HTML."""

from html import escape


def paragraph(text, *, kind=""):
    """Return a paragraph; `kind` is "note" for what the reader should not overlook."""
    return f'<p class="{kind}">{escape(text)}</p>' if kind else f"<p>{escape(text)}</p>"


def section(name, title, *parts):
    """Return a section of HTML parts under a heading that links can name."""
    body = "\n".join(part for part in parts if part)
    return f'<section id="{name}">\n<h2>{escape(title)}</h2>\n{body}\n</section>'


def table(head, lines, *, n_left=1, long=()):
    """Return a table that scrolls sideways where it is too wide.

    Parameters
    ----------
    head : sequence of str
    lines : sequence of sequence of str
        The first cell of each names the row.
    n_left : int, default=1
        So many columns are set to the left, the rest to the right.
    long : sequence of int, default=()
        Columns whose text may be broken into lines.

    Returns
    -------
    str
    """
    kinds = [
        " ".join(["left"] * (i < n_left or i in long) + ["long"] * (i in long))
        for i in range(len(head))
    ]
    rows = "\n".join(_row(line, kinds) for line in lines)
    top = "".join(
        _cell("th", text, kind, ' scope="col"') for text, kind in zip(head, kinds, strict=True)
    )
    # A region that scrolls can be reached by keyboard.
    return (
        f'<div class="scroll" tabindex="0"><table>\n<thead><tr>{top}</tr></thead>\n'
        f"<tbody>\n{rows}\n</tbody></table></div>"
    )


def _row(line, kinds):
    first, *others = zip(line, kinds, strict=True)
    cells = [_cell("th", *first, ' scope="row"'), *(_cell("td", *cell) for cell in others)]
    return f"<tr>{''.join(cells)}</tr>"


def _cell(tag, text, kind, scope=""):
    marked = f' class="{kind}"' if kind else ""
    return f"<{tag}{scope}{marked}>{escape(text)}</{tag}>"


def facts(pairs):
    """Return a list of terms and what is said of each, from a dict of str to str."""
    lines = (f"<dt>{escape(k)}</dt><dd>{escape(v)}</dd>" for k, v in pairs.items())
    return f"<dl>{''.join(lines)}</dl>"


def figure(svg, caption, *, wide=False):
    """Return a figure of an ``<svg>`` element with a caption; a wide one has a row to itself."""
    opening = '<figure class="row">' if wide else "<figure>"
    return f"{opening}{svg}<figcaption>{escape(caption)}</figcaption></figure>"


def grid(figures, *, wide=False):
    """Return figures side by side, as many as there is room for."""
    return f'<div class="grid{" wide" if wide else ""}">\n{"".join(figures)}\n</div>'


def details(summary, body):
    """Return HTML that is folded away under a line of text."""
    return f"<details><summary>{escape(summary)}</summary>\n{body}\n</details>"


def preformatted(text):
    """Return text as it stands."""
    return f"<pre>{escape(text)}</pre>"
