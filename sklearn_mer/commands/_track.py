"""``sklearn-mer track``."""

import io
import os
import sys

from .._files import replace_file
from .._optional import import_optional
from ..audio import AudioError
from ..plotting import EmotionCurveDisplay
from ..songs import UNFAMILIAR, predict_over_time, unfamiliar_note
from ._model import open_model
from ._rows import name_of

_PICTURES = (".png", ".svg", ".pdf")


def track(options):
    """Follow a song over time; return the exit status."""
    if options.plot is not None:
        if options.plot.suffix.lower() not in _PICTURES:
            raise ValueError(f"--plot {options.plot}: pictures are {', '.join(_PICTURES)}.")
        import_optional("matplotlib", "--plot", "plot")  # complains before the song is heard
    model = open_model(options.model)
    song = os.path.expanduser(options.song)
    try:
        curve = predict_over_time(model, song, window=options.window, hop=options.hop)
    except AudioError as error:
        print(f"{name_of(song)}: {error.bad_files[0][1]}", file=sys.stderr)
        return 1
    text = curve.round(6).to_csv(index=False, lineterminator="\n")
    if options.csv is not None:
        replace_file(options.csv, text)
    if options.plot is not None:
        replace_file(options.plot, draw(curve, options.plot.suffix[1:].lower()))
    if options.csv is None and options.plot is None:
        print(text, end="")
    if "familiarity" in curve and (
        note := unfamiliar_note(curve["familiarity"].mean() < UNFAMILIAR, 1)
    ):
        print(note, file=sys.stderr)
    return 0


def draw(curve, kind):
    """Return a picture of a curve: over time, and in the plane."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(12, 4.4), layout="constrained")
    time, plane = figure.subplots(1, 2, width_ratios=[1.7, 1])
    EmotionCurveDisplay.from_curve(curve, ax=time)
    EmotionCurveDisplay.from_curve(curve, ax=plane, kind="plane")
    content = io.BytesIO()
    figure.savefig(content, format=kind, dpi=120)
    return content.getvalue()
