"""Tables in Markdown."""


def pipe_table(head, lines, *, n_left=1):
    """Return a table in Markdown, padded to be read as it stands.

    Parameters
    ----------
    head : sequence of str
    lines : sequence of sequence of str
        Each as long as ``head``.
    n_left : int, default=1
        So many columns are set to the left, the rest to the right.

    Returns
    -------
    str
    """
    lines = [[cell.replace("|", "\\|") for cell in line] for line in [head, *lines]]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    rule = [
        f":{'-' * (width + 1)}" if i < n_left else f"{'-' * (width + 1)}:"
        for i, width in enumerate(widths)
    ]
    rows = [
        f"| {' | '.join(_padded(cell, i, widths, n_left) for i, cell in enumerate(line))} |"
        for line in lines
    ]
    return "\n".join([rows[0], f"|{'|'.join(rule)}|", *rows[1:]])


def _padded(cell, i, widths, n_left):
    return cell.ljust(widths[i]) if i < n_left else cell.rjust(widths[i])
