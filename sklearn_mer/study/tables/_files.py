"""Text files written whole."""


def replace_file(path, text):
    """Write a text file in one step, so that no reader sees half of it; return its path."""
    part = path.with_name(path.name + ".part")
    part.write_text(text, encoding="utf-8")
    return part.replace(path)
