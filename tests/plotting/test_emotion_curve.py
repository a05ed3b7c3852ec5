import numpy as np
import pandas as pd
import pytest

from sklearn_mer.plotting import EmotionCurveDisplay

LABELS = ["Q1", "Q2", "Q3", "Q4"]


@pytest.fixture
def curve():
    """A curve of a minute and a half, with a silent window."""
    start = 15.0 * np.arange(5)
    proba = np.random.default_rng(0).dirichlet(np.ones(4), size=5)
    proba[2] = np.nan
    table = pd.DataFrame(proba, columns=LABELS)
    return table.assign(start=start, end=start + 30, valence=0.0, arousal=0.0)


def heights(display, label, seconds):
    """Bottom and top of an area at a time."""
    vertices = np.concatenate([path.vertices for path in display.areas_[label].get_paths()])
    return np.unique(vertices[vertices[:, 0] == seconds, 1])[[0, -1]]


def test_areas_are_stacked_probabilities_at_the_middle_of_windows(curve, ax):
    display = EmotionCurveDisplay.from_curve(curve, ax=ax)
    for row, seconds in [(0, 15), (1, 30), (4, 75), (0, 0), (4, 90)]:
        proba = curve.loc[row, LABELS].to_numpy(float)
        tops = proba[::-1].cumsum()[::-1]
        for label, top, part in zip(LABELS, tops, proba, strict=True):
            np.testing.assert_allclose(heights(display, label, seconds), [top - part, top])
    assert all(len(area.get_paths()) == 2 for area in display.areas_.values())  # a gap
    legend = [text.get_text() for text in ax.get_legend().get_texts()]
    assert legend == ["Q1 happy", "Q2 angry", "Q3 sad", "Q4 serene"]
    assert ax.get_xlim() == (0, 90)


def test_the_path_in_the_plane(curve, ax):
    display = EmotionCurveDisplay.from_curve(curve, ax=ax, kind="plane")
    known = curve.dropna()
    valence = 2 * (known["Q1"] + known["Q4"]) - 1
    arousal = 2 * (known["Q1"] + known["Q2"]) - 1
    points = np.ma.filled(display.path_.get_offsets(), np.nan)
    np.testing.assert_allclose(points[[0, 1, 3, 4]], np.transpose([valence, arousal]))
    assert display.areas_ == {}
    assert {"start", "end"} <= {text.get_text() for text in ax.texts}


def test_one_window_other_names_and_missing_quadrants(ax):
    curve = pd.DataFrame({"start": [0.0], "end": [12.0], "$sad$": [0.4], "_wild": [0.6]})
    labels = ["happy", "_wild", "$sad$", "calm"]
    display = EmotionCurveDisplay.from_curve(curve, labels=labels, ax=ax)
    np.testing.assert_allclose(heights(display, "_wild", 12), [0.4, 1])
    legend = [text.get_text() for text in ax.get_legend().get_texts()]
    assert legend == ["Q1 happy", "Q2 _wild", "Q3 $sad$", "Q4 calm"]
    ax.figure.canvas.draw()
    plane = EmotionCurveDisplay.from_curve(curve, labels=labels, kind="plane")
    plane.figure_.canvas.draw()
    assert "start" not in {text.get_text() for text in plane.ax_.texts}  # nor upon each other


def test_from_estimator(monkeypatch, curve, ax):
    calls = []
    monkeypatch.setattr(
        "sklearn_mer.songs.predict_over_time", lambda *args, **how: calls.append(how) or curve
    )
    display = EmotionCurveDisplay.from_estimator(None, "song.mp3", hop=15.0, ax=ax)
    assert calls == [{"window": None, "hop": 15.0}]
    assert display.start.tolist() == curve["start"].tolist()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda d, c: d.from_curve(c.drop(columns="start")), "columns 'start', 'end'"),
        (lambda d, c: d.from_curve(c, labels=list("abcd")), r"\['a', 'b', 'c', 'd'\]"),
        (lambda d, c: d.from_curve("song.mp3"), r"it has \[\]"),
        (lambda d, c: d.from_curve(c.iloc[::-1]), "in the order of time"),
        (lambda d, c: d.from_curve(c.iloc[:0]), "one window at least"),
        (lambda d, c: d.from_curve(c.assign(Q1=2.0)), "add up to 1"),
        (lambda d, c: d([0], [1], [[1, 0]]), r"\(1, 2\)"),
        (lambda d, c: d.from_curve(c, kind="circle"), "kind='circle'"),
    ],
)
def test_wrong_uses(make, message, curve):
    with pytest.raises(ValueError, match=message):
        make(EmotionCurveDisplay, curve)
