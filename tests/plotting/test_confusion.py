import numpy as np
import pytest
from sklearn.cluster import KMeans
from sklearn.dummy import DummyClassifier
from sklearn.metrics import confusion_matrix

from sklearn_mer.plotting import QuadrantConfusionDisplay

TRUE = np.array(["Q1"] * 4 + ["Q2"] * 3 + ["Q3"] * 2 + ["Q4"])
PREDICTED = np.array(["Q1", "Q1", "Q1", "Q4", "Q2", "Q2", "Q1", "Q3", "Q4", "Q4"])
# Valence and arousal of the quadrants, repeated here to test their positions.
CORNERS = {"Q1": (1, 1), "Q2": (-1, 1), "Q3": (-1, -1), "Q4": (1, -1)}


def centre(square):
    return np.array(
        [square.get_x() + square.get_width() / 2, square.get_y() + square.get_height() / 2]
    )


def test_each_true_quadrant_lies_in_its_quadrant(ax):
    display = QuadrantConfusionDisplay.from_predictions(TRUE, PREDICTED, ax=ax)
    for corner, squares in zip(CORNERS.values(), display.squares_, strict=True):
        for square in squares:
            assert (np.sign(centre(square)) == corner).all()
            assert -1 < square.get_x() < square.get_x() + square.get_width() < 1
            assert -1 < square.get_y() < square.get_y() + square.get_height() < 1


def test_in_it_the_squares_lie_as_the_quadrants_do(ax):
    display = QuadrantConfusionDisplay.from_predictions(TRUE, PREDICTED, ax=ax)
    for squares in display.squares_:
        middle = np.mean([centre(square) for square in squares], axis=0)
        for corner, square in zip(CORNERS.values(), squares, strict=True):
            assert (np.sign(centre(square) - middle) == corner).all()


def test_no_square_covers_another(ax):
    squares = QuadrantConfusionDisplay.from_predictions(TRUE, PREDICTED, ax=ax).squares_.ravel()
    for i, one in enumerate(squares):
        for other in squares[:i]:
            assert (abs(centre(one) - centre(other)) > one.get_width() - 1e-9).any()


def test_squares_say_counts_and_shares(ax):
    display = QuadrantConfusionDisplay.from_predictions(TRUE, PREDICTED, ax=ax)
    counts = confusion_matrix(TRUE, PREDICTED)
    assert (display.confusion_matrix == counts).all()
    written = [[text.get_text() for text in row] for row in display.text_]
    assert written[0] == ["75 %\n3", "0 %\n0", "0 %\n0", "25 %\n1"]
    assert written[1] == ["33 %\n1", "67 %\n2", "0 %\n0", "0 %\n0"]
    assert [title.get_text() for title in display.titles_][2:] == [
        "Q3 sad: 2 clips",
        "Q4 serene: 1 clip",
    ]


def test_text_lies_in_its_square(ax):
    display = QuadrantConfusionDisplay.from_predictions(TRUE, PREDICTED, ax=ax)
    for text, square in zip(display.text_.ravel(), display.squares_.ravel(), strict=True):
        assert text.get_position() == pytest.approx(centre(square))


def test_colours_go_by_share_and_the_right_square_is_framed(ax):
    display = QuadrantConfusionDisplay([[9, 1, 0, 0], [0, 90, 10, 0], [5, 0, 5, 0], [0, 0, 0, 1]])
    display.plot(ax, cmap="Greys")
    light = [[sum(square.get_facecolor()[:3]) for square in row] for row in display.squares_]
    assert light[0][0] == light[1][1] < light[2][2] < light[0][1] == light[1][2] < light[0][2]
    widths = np.array([[square.get_linewidth() for square in row] for row in display.squares_])
    assert (widths.diagonal() > widths[0, 1]).all()
    assert display.text_[0, 0].get_color() == "white"
    assert display.text_[0, 2].get_color() == "black"


def test_a_quadrant_without_clips(ax):
    display = QuadrantConfusionDisplay.from_predictions(TRUE[:7], PREDICTED[:7], ax=ax)
    assert [text.get_text() for text in display.text_[2]] == ["-\n0"] * 4
    assert display.titles_[3].get_text() == "Q4 serene: 0 clips"


@pytest.mark.parametrize(("values", "first"), [("percent", "75 %"), ("count", "3")])
def test_what_is_written_can_be_chosen(ax, values, first):
    display = QuadrantConfusionDisplay.from_predictions(
        TRUE, PREDICTED, ax=ax, values=values, text_kw={"fontsize": 6}
    )
    assert display.text_[0, 0].get_text() == first
    assert display.text_[0, 0].get_fontsize() == 6


def test_labels_of_other_names_and_types(ax):
    names = {"Q1": 10, "Q2": 2, "Q3": 30, "Q4": 4}
    true, predicted = ([names[label] for label in part] for part in (TRUE, PREDICTED))
    display = QuadrantConfusionDisplay.from_predictions(
        true, predicted, labels=list(names.values()), ax=ax
    )
    assert (display.confusion_matrix == confusion_matrix(TRUE, PREDICTED)).all()
    assert display.titles_[0].get_text() == "Q1 10: 4 clips"


def test_weights(ax):
    weights = np.linspace(0.5, 2, len(TRUE))
    display = QuadrantConfusionDisplay.from_predictions(
        TRUE, PREDICTED, sample_weight=weights, ax=ax
    )
    assert display.confusion_matrix[0, 0] == pytest.approx(weights[:3].sum())


def test_from_estimator_predicts(ax):
    always = DummyClassifier(strategy="constant", constant="Q3").fit(TRUE[:, None], TRUE)
    display = QuadrantConfusionDisplay.from_estimator(always, TRUE[:, None], TRUE, ax=ax)
    assert display.confusion_matrix[:, 2].tolist() == [4, 3, 2, 1]
    assert display.ax_ is ax
    assert display.figure_ is ax.figure


def test_a_figure_of_its_own():
    import matplotlib.pyplot as plt

    display = QuadrantConfusionDisplay.from_predictions(TRUE, PREDICTED)
    assert display.figure_.number in plt.get_fignums()
    assert display.ax_ in display.figure_.axes


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda d: d.from_predictions(["happy"], ["Q1"]), r"y_true has labels .*\['happy'\]"),
        (lambda d: d.from_predictions(["Q1"], ["Q9"]), r"y_pred has .*\['Q9'\]\. The quadrants"),
        (lambda d: d.from_predictions(["Q1"], ["Q1"], labels=["a", "b"]), "four different labels"),
        (lambda d: d.from_predictions(["Q1"], ["Q1"], labels="Q1"), "four different labels"),
        (lambda d: d.from_predictions(["Q1"], ["Q1"], values="all"), "`values` must be one of"),
        (lambda d: d(np.ones((3, 3))), r"shape \(3, 3\)"),
        (lambda d: d(-np.ones((4, 4))), "not negative"),
        (lambda d: d.from_estimator(KMeans(), [[0]], ["Q1"]), "must be a classifier"),
    ],
)
def test_bad_input_is_named(make, message):
    with pytest.raises(ValueError, match=message):
        make(QuadrantConfusionDisplay)
