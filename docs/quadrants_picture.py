"""Draw the picture of the README, ``_static/quadrants.svg``.

python docs/quadrants_picture.py

80 synthesised clips in Russell's plane: valence and arousal from the probabilities that a random
forest gives to clips of folds it was not trained on; the colour is the true quadrant.
"""

from pathlib import Path

from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import cross_val_predict
from sklearn.pipeline import make_pipeline

from sklearn_mer import SummaryFeatures
from sklearn_mer.datasets import make_quadrant_clips
from sklearn_mer.plotting import QUADRANT_COLORS, QUADRANT_NAMES

PATH = Path(__file__).parent / "_static" / "quadrants.svg"
SIGNS = {"Q1": (1, 1), "Q2": (-1, 1), "Q3": (-1, -1), "Q4": (1, -1)}
COLORS = dict(zip(SIGNS, QUADRANT_COLORS, strict=True))
NAMES = dict(zip(SIGNS, QUADRANT_NAMES, strict=True))
RIM = 'stroke="white" fill-opacity="0.85"'  # clips that lie on each other are seen
WIDTH, HEIGHT = 520, 300
CENTRE, SCALE = (WIDTH / 2, HEIGHT / 2), (230, 108)


def main():
    """Classify the clips and write the picture."""
    X, y = make_quadrant_clips(80, random_state=0, return_X_y=True)
    forest = make_pipeline(
        SummaryFeatures(duration=None), RandomForestClassifier(300, random_state=0)
    )
    probabilities = cross_val_predict(forest, X, y, cv=5, method="predict_proba")
    points = probabilities @ list(SIGNS.values())
    circles = [circle(point, label) for point, label in zip(points, y, strict=True)]
    PATH.parent.mkdir(exist_ok=True)
    PATH.write_text("\n".join([*frame(), *circles, "</svg>"]) + "\n", encoding="utf-8")


def place(valence, arousal):
    """Return the position in the picture."""
    return CENTRE[0] + SCALE[0] * valence, CENTRE[1] - SCALE[1] * arousal


def circle(point, label):
    """Return the mark of one clip."""
    x, y = place(*point)
    return f'<circle cx="{x:.0f}" cy="{y:.0f}" r="5" fill="{COLORS[label]}" {RIM}/>'


def frame():
    """Return what is behind the clips: axes and names."""
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" '
        f'height="{HEIGHT}" font-family="sans-serif" font-size="14" text-anchor="middle">'
    )
    yield "<title>Clips in the plane of valence and arousal</title>"
    yield f'<rect width="{WIDTH}" height="{HEIGHT}" rx="8" fill="white"/>'
    x, y = CENTRE
    yield f'<path d="M20 {y:.0f}H{WIDTH - 20}M{x:.0f} 18V{HEIGHT - 18}" stroke="#888"/>'
    yield f'<text x="{x:.0f}" y="13" font-size="12">arousal: excited</text>'
    yield f'<text x="{x:.0f}" y="{HEIGHT - 5}" font-size="12">calm</text>'
    yield f'<text x="22" y="{y - 6:.0f}" font-size="12" text-anchor="start">negative</text>'
    yield (
        f'<text x="{WIDTH - 22}" y="{y - 6:.0f}" font-size="12" text-anchor="end">'
        "valence: positive</text>"
    )
    for label, sign in SIGNS.items():
        x, y = place(0.85 * sign[0], 1.15 * sign[1])
        yield (
            f'<rect x="{x - 48:.0f}" y="{y - 11:.0f}" width="12" height="12" rx="2" '
            f'fill="{COLORS[label]}"/>'
            f'<text x="{x - 31:.0f}" y="{y:.0f}" font-weight="bold" text-anchor="start">'
            f"{label} {NAMES[label]}</text>"
        )


if __name__ == "__main__":
    main()
