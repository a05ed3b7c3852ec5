"""What a misspelt word was most likely meant to be."""

from difflib import get_close_matches


def did_you_mean(word, allowed):
    """Return a sentence that names the allowed word nearest to another, empty if none is near."""
    names = {name.lower(): name for name in allowed}
    near = get_close_matches(str(word).lower(), names, n=1)
    return f" Did you mean {names[near[0]]!r}?" if near else ""
