"""Files that are written whole or not at all."""

from contextlib import suppress


def replace_file(path, content):
    """Write text or bytes to a file in one step, so that no reader sees half; return its path.

    Parameters
    ----------
    path : Path
        Its folder is made where it does not exist.
    content : str or bytes
        Text is written as UTF-8, its line ends as they are.

    Returns
    -------
    Path
        The path.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    try:
        part.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
        return part.replace(path)
    except BaseException:
        with suppress(OSError):  # the first error counts
            part.unlink()
        raise
