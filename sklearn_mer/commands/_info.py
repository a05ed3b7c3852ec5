"""``sklearn-mer info``: what a file of a model says of it, in plain words."""

import textwrap

from ..models import model_info


def info(options):
    """Print what a model says of itself; return the exit status."""
    print("\n".join(lines_of(model_info(options.model))))
    return 0


def lines_of(known):
    """Return what `model_info` says as lines of text."""
    data = known["training_data"]
    facts = {"method": known["estimator"]}
    if known["classes"]:
        facts["answers"] = ", ".join(map(str, known["classes"]))
    if data:
        counts = ", ".join(f"{n} {label}" for label, n in data["n_per_class"].items())
        facts["trained on"] = f"{data['n_clips']} clips: {counts}"
    facts["saved with"] = ", ".join(
        f"{name} {number}" for name, number in known["versions"].items()
    )
    return list(_lines(facts | (known["card"] or {"card": "none"})))


def _lines(facts, indent=""):
    for name, value in facts.items():
        if isinstance(value, dict):
            yield f"{indent}{name}:"
            yield from _lines(value, indent + "  ")
        else:
            how = {"initial_indent": indent, "subsequent_indent": indent + "  "}
            yield textwrap.fill(f"{name}: {value}", 100, **how)
