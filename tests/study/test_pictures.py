"""What is drawn: the data of the artists, not the pixels."""

from functools import cache
from types import SimpleNamespace

import numpy as np
import pytest
from report_runs import LEARNER, PRIOR, TREE, Results, dataset, done, plan, results

from sklearn_mer.model_selection import equal_runs
from sklearn_mer.study._pictures import (
    draw_figure,
    plan_pictures,
    save_picture,
    style,
)
from sklearn_mer.study._report import gather_report

METHODS = [PRIOR, TREE, LEARNER]


@pytest.fixture(autouse=True)
def without_pictures():
    """Not here."""


def gather(stored=results, methods=METHODS, data=None):
    cells = plan(methods)
    return gather_report(methods, data or dataset(), cells, stored(cells))


@pytest.fixture(scope="module")
def content():
    return gather()


@cache
def drawn(content, section, number=0):
    with style():
        figure = draw_figure(plan_pictures(content)[section][number])
        figure.draw_without_rendering()
    return figure


def names_of_rows(axes):
    return [label.get_text() for label in axes.get_yticklabels()]


def test_fold_scores_best_row_first(content):
    (axes,) = drawn(content, "scores").axes
    assert names_of_rows(axes)[0] == "Tree"
    assert axes.get_ylim()[0] > axes.get_ylim()[1]  # the first row is on top
    dots = [points.get_offsets() for points in axes.collections]
    for place, key in enumerate(content.best_first):
        np.testing.assert_allclose(np.sort(dots[place][:, 0]), np.sort(content.scores[key]))
        assert (abs(dots[place][:, 1] - place) < 0.3).all()
    assert dots[3].tolist() == [[55.5, 0]]  # the paper's
    assert axes.get_legend().get_texts()[0].get_text() == "paper"


def test_bars_join_rows_that_do_not_differ(content):
    (axes,) = drawn(content, "differences").axes
    keys = content.best_first
    bars = [line.get_ydata() for line in axes.lines if line.get_label() == "_equal"]
    expected = [(i - 0.25, j + 0.25) for i, j in equal_runs(keys, content.comparisons)]
    assert [tuple(bar) for bar in bars] == expected
    assert (0.75, 2.25) in expected  # the two poor rows
    means = axes.containers[0].lines[0].get_xdata()
    np.testing.assert_allclose(means, [content.scores[key].mean() for key in keys], atol=0.01)
    (bars,) = axes.containers[0].lines[2]
    rows = content.table.set_index("method").loc[keys]
    ends = [segment[:, 0] for segment in bars.get_segments()]
    np.testing.assert_allclose(ends, rows[["ci95_low", "ci95_high"]])


def test_f1_of_classes(content):
    (axes,) = drawn(content, "classes").axes
    points = [points.get_offsets() for points in axes.collections if len(points.get_offsets()) == 3]
    assert len(points) >= 4
    for number, offsets in enumerate(points[-4:]):
        means = [content.class_scores(key)[number][0] for key in content.best_first]
        np.testing.assert_allclose(offsets[:, 0], means)


def test_confusion_in_the_plane(content):
    figure = drawn(content, "confusion")
    counts = content.confusion("tree")
    assert counts.sum() == 120  # 60 clips, two repeats
    texts = [text.get_text() for text in figure.axes[0].texts]
    assert [text.split("\n")[-1] for text in texts[:16]] == [str(n) for n in counts.ravel()]


@pytest.mark.parametrize(
    ("section", "number"),
    [("scores", 0), ("differences", 0), ("classes", 0), ("cost", 0), ("cost", 1), ("confusion", 0)],
)
def test_nothing_is_cut(content, section, number):
    figure = drawn(content, section, number)
    outer, (axes,) = figure.bbox.padded(0.5), figure.axes
    for box in [one.get_tightbbox() for one in (axes, *axes.texts)]:
        assert outer.x0 <= box.x0 <= box.x1 <= outer.x1
        assert outer.y0 <= box.y0 <= box.y1 <= outer.y1


def test_confusion_of_other_classes():
    labels = ("calm", "$x_2$", "a long name of a class that nobody would choose", "sad")
    stored = lambda cells: results(cells, labels=labels)  # noqa: E731
    figure = drawn(gather(stored, [PRIOR], dataset("other", labels)), "confusion")
    names = names_of_rows(figure.axes[0])
    assert names == ["calm", "$x_2$", "a long name of a class …", "sad"]
    # Text, not a formula.
    assert not any(text.get_parse_math() for text in figure.axes[0].get_yticklabels())


def test_learning_curves_of_all_folds(content):
    (picture,) = plan_pictures(content)["learning"]
    assert picture.name == "learning_learner"
    assert "6 folds" in picture.caption
    panels = drawn(content, "learning").axes[0].child_axes
    assert [panel.get_title() for panel in panels] == ["first", "head", "", ""]
    assert [len(panel.lines) for panel in panels] == [6] * 4
    assert panels[0].lines[0].get_ydata() == pytest.approx([1, 1 / 2, 1 / 3], rel=1e-5)


def test_cost(content):
    (upper,), (lower,) = (drawn(content, "cost", number).axes for number in (0, 1))
    for axes, name in ((upper, "fit_seconds"), (lower, "peak_memory_mb")):
        expected = [
            (content.mean_of(key, name), content.scores[key].mean()) for key in content.best_first
        ]
        np.testing.assert_allclose(axes.collections[0].get_offsets(), expected)
        assert [text.get_text() for text in axes.texts] == [
            content.titles[key] for key in content.best_first
        ]
        dots = axes.collections[0].get_offsets()
        assert (
            axes.get_window_extent().padded(-3).count_contains(axes.transData.transform(dots))
        ) == 3
    assert upper.get_xscale() == "log"
    # At least two labels, none of them a power of ten in mathematical notation.
    low, high = upper.get_xlim()
    shown = [
        label.get_text()
        for place, label in zip(upper.get_xticks(), upper.get_xticklabels(), strict=True)
        if low <= place <= high
    ]
    assert len(shown) >= 2
    assert [f"{float(text):g}" for text in shown] == shown


def test_a_row_of_one_fold_is_drawn_but_not_compared():
    content = gather(lambda cells: results(cells, max_cells=1))
    pictures = plan_pictures(content)
    assert pictures["differences"] == []
    assert "Based on 1 fold." in pictures["scores"][0].caption
    (axes,) = drawn(content, "scores").axes
    assert len(axes.collections[0].get_offsets()) == 1
    drawn(content, "cost")


def test_rows_of_few_folds_are_drawn_without_an_interval():
    content = gather(lambda cells: results(cells, max_cells=12))
    (axes,) = drawn(content, "differences").axes
    (bars,) = axes.containers[0].lines[2]
    assert not any(len(segment) for segment in bars.get_segments())
    assert (
        "No interval is shown for fewer than 5 folds"
        in plan_pictures(content)["differences"][0].caption
    )


def test_folds_that_differ_between_rows_are_told():
    content = gather(lambda cells: results(cells, max_cells=17))
    (picture,) = plan_pictures(content)["scores"]
    assert picture.caption.endswith("Based on 6 folds per row, 5 for Learner <b> & 'co'.")


def test_a_class_that_no_fold_has_is_drawn_as_nothing():
    def stored(cells):
        return Results(*(done(cell) | {"f1_per_class": [0.5, 0.7, None, None]} for cell in cells))

    (axes,) = drawn(gather(stored, [TREE]), "classes").axes
    assert axes.get_legend().get_texts()[3].get_text() == "Q4 serene"


def test_summaries_of_cells():
    rows = [
        {"f1_per_class": [0.5, None], "epochs": {"dnn": 2, "head": 4}, "x": 1.0, "history": [{}]},
        {"f1_per_class": [0.7, 0.2], "epochs": {"dnn": 3, "head": 4}, "x": None, "history": None},
    ]
    content = gather()
    content.done.update(a=rows, b=[{"epochs": 7}, {"epochs": 8}], c=[{"epochs": None, "x": None}])
    (first, std), (second, no_std) = content.class_scores("a")
    assert (first, second) == (pytest.approx(60), pytest.approx(20))
    assert std == pytest.approx(14.142, abs=1e-3)
    assert np.isnan(no_std)
    assert content.epochs("a") == "dnn 2.5, head 4"
    assert content.epochs("b") == "7.5"
    assert content.epochs("c") == ""
    assert content.mean_of("a", "x") == 1.0
    assert np.isnan(content.mean_of("c", "x"))
    assert content.histories("a") == [[{}]]


def test_the_same_cells_give_the_same_picture_to_the_last_byte(content, tmp_path):
    (picture,) = plan_pictures(content)["scores"]
    first, second = tmp_path / "first", tmp_path / "second"
    for folder in (first, second):
        folder.mkdir()
        assert save_picture(picture, folder).startswith("<svg")
    assert (first / "scores.svg").read_bytes() == (second / "scores.svg").read_bytes()


def test_nothing_is_planned_for_an_empty_store():
    assert plan_pictures(SimpleNamespace(best_first=[])) == {}


def test_a_legend_of_long_names_stays_inside_the_picture():
    labels = tuple(f"{number}: a class with a long name" for number in range(6))
    stored = lambda cells: results(cells, labels=labels)  # noqa: E731
    (axes,) = drawn(gather(stored, [TREE], dataset("other", labels)), "classes").axes
    legend = axes.get_legend().get_window_extent()
    assert legend.x0 >= 0
    assert legend.y1 <= axes.figure.bbox.height
    assert legend.y0 >= axes.get_window_extent().y1
