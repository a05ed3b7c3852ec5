"""The palette, as people see it who lack one kind of cones, and on white and dark pages."""

import re
from importlib.resources import files
from itertools import combinations

import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.style import context

from sklearn_mer.plotting import QUADRANT_COLORS, QUADRANT_MARKERS, QUADRANT_NAMES
from sklearn_mer.plotting._plane import ink, quadrant_name

# Machado, Oliveira and Fernandes (2009), severity 1, for linear sRGB.
SEEN = {
    "all cones": np.eye(3),
    "no red (protanopia)": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "no green (deuteranopia)": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "no blue (tritanopia)": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
DISTANCES = dict(zip(SEEN, (60, 36, 36, 29), strict=True))
XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)


def linear(color):
    value = np.array(to_rgb(color))
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def lab(rgb):
    x, y, z = XYZ @ rgb / (0.95047, 1, 1.08883)
    f = [np.cbrt(v) if v > 216 / 24389 else (24389 / 27 * v + 16) / 116 for v in (x, y, z)]
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def contrast(one, other):
    low, high = sorted(float(XYZ[1] @ linear(color)) for color in (one, other))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("eyes", SEEN)
def test_quadrants_are_told_apart_by_all(eyes):
    seen = [lab(np.clip(SEEN[eyes] @ linear(color), 0, 1)) for color in QUADRANT_COLORS]
    nearest = min(np.linalg.norm(a - b) for a, b in combinations(seen, 2))
    assert nearest > DISTANCES[eyes], f"{nearest:.1f} in CIE Lab"


def test_they_are_seen_on_white_and_on_a_dark_page():
    for color in QUADRANT_COLORS:
        assert contrast(color, "white") > 2.4
        assert contrast(color, "#14181d") > 2.4


def test_every_quadrant_has_its_own():
    for own in (QUADRANT_COLORS, QUADRANT_MARKERS, QUADRANT_NAMES):
        assert len(set(own)) == 4


@pytest.mark.parametrize(
    ("number", "label", "name"),
    [(0, "Q1", "Q1 happy"), (3, 4, "Q4 serene"), (1, "wild", "Q2 wild"), (2, "a\nb", "Q3 a b")],
)
def test_names(number, label, name):
    assert quadrant_name(number, label) == name


@pytest.mark.parametrize("page", ["commands/page/songs", "serve/page/page"])
def test_pages_have_the_same_colours_and_names(page):
    package = files("sklearn_mer")
    light, dark = (package / f"{page}.css").read_text().split("prefers-color-scheme: dark")
    assert re.findall(r"--q\d: (#\w+)", light) == list(QUADRANT_COLORS)
    for mode in (light, dark):
        back = re.search(r"--back: (#\w+)", mode)[1]
        inks = re.findall(r"--ink\d: (#\w+)", mode)
        assert len(inks) == 4
        assert min(contrast(color, back) for color in inks) > 4.5
    named = re.search(r"Q1: .*", (package / f"{page}.js").read_text())[0]
    assert re.findall(r'"(.*?)"', named) == list(QUADRANT_NAMES)


@pytest.mark.parametrize("style", ["default", "dark_background"])
def test_ink_stands_out_in_any_style(style):
    with context(style):
        assert contrast(ink(), ink(0)) > 15
        assert contrast(ink(0.6), ink(0)) > 3
