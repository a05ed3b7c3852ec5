"""What is drawn: the data of the artists, not the pixels."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from sklearn.dummy import DummyClassifier
from sklearn.tree import DecisionTreeClassifier
from study_fakes import Learner

from sklearn_mer.study import StudyData, StudyMethod, compare_rows, plan_cells, run_cells
from sklearn_mer.study.report import gather_report
from sklearn_mer.study.report._draw_cost import spread_out
from sklearn_mer.study.report._pictures import plan_pictures
from sklearn_mer.study.report._summaries import (
    alike_runs,
    class_scores,
    mean_epochs,
    mean_of,
    summed_confusion,
)

METHODS = [
    StudyMethod("prior", DummyClassifier(), "Prior"),
    StudyMethod("tree", DecisionTreeClassifier(random_state=0), "Tree", published={"tiny": 55.5}),
    StudyMethod("learner", Learner(random_state=0), "Learner"),
]


@pytest.fixture(autouse=True)
def without_pictures():
    """Not here."""


@pytest.fixture
def content(data, protocol, store):
    cells = plan_cells(METHODS, data, protocol)
    run_cells(cells, data, store, n_jobs=1, progress=False)
    return gather_report(METHODS, data, cells, store)


def drawn(content, section, number=0):
    picture = plan_pictures(content)[section][number]
    figure = Figure(figsize=picture.size, layout="constrained")
    picture.draw(figure)
    figure.canvas.draw()
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
    bars = [line.get_ydata() for line in axes.lines if line.get_label() == "_alike"]
    expected = [(i - 0.25, j + 0.25) for i, j in alike_runs(keys, content.comparisons)]
    assert [tuple(bar) for bar in bars] == expected
    assert (0.75, 2.25) in expected  # chance and chance
    means = axes.containers[0].lines[0].get_xdata()
    np.testing.assert_allclose(means, [content.scores[key].mean() for key in keys], atol=0.01)


def test_f1_of_classes(content):
    (axes,) = drawn(content, "classes").axes
    points = [points.get_offsets() for points in axes.collections if len(points.get_offsets()) == 3]
    for number, offsets in enumerate(points[-4:]):
        means = [class_scores(content.done[key])[number][0] for key in content.best_first]
        np.testing.assert_allclose(offsets[:, 0], means)


def test_confusion_in_the_plane(content):
    figure = drawn(content, "confusion")
    counts = summed_confusion(content.done["tree"])
    assert counts.sum() == 120  # 60 clips, two repeats
    texts = [text.get_text() for text in figure.axes[0].texts]
    assert [text.split("\n")[-1] for text in texts[:16]] == [str(n) for n in counts.ravel()]


def test_confusion_of_other_classes(data, protocol, store):
    other = StudyData("other", data.X, np.char.add("class ", data.y.astype(str)))
    cells = plan_cells(METHODS[:1], other, protocol)
    run_cells(cells, other, store, n_jobs=1, progress=False)
    figure = drawn(gather_report(METHODS[:1], other, cells, store), "confusion")
    assert names_of_rows(figure.axes[0]) == ["class Q1", "class Q2", "class Q3", "class Q4"]


def test_learning_curves_of_all_folds(content):
    (picture,) = plan_pictures(content)["learning"]
    assert picture.name == "learning_learner"
    assert "6 folds" in picture.caption
    figure = drawn(content, "learning")
    panels = figure.axes[0].child_axes
    assert [panel.get_title() for panel in panels] == ["first", "head", "", ""]
    assert [len(panel.lines) for panel in panels] == [6] * 4
    assert panels[0].lines[0].get_ydata() == pytest.approx([1, 1 / 2, 1 / 3], rel=1e-5)


def test_cost(content):
    upper, lower = drawn(content, "cost").axes
    for axes, name in ((upper, "fit_seconds"), (lower, "peak_memory_mb")):
        expected = [
            (mean_of(content.done[key], name), content.scores[key].mean())
            for key in content.best_first
        ]
        np.testing.assert_allclose(axes.collections[0].get_offsets(), expected)
        assert [text.get_text() for text in axes.texts] == [
            content.titles[key] for key in content.best_first
        ]
    assert upper.get_xscale() == "log"


def test_a_row_of_one_fold_is_drawn_but_not_compared(data, protocol, store):
    cells = plan_cells(METHODS, data, protocol)
    run_cells(cells, data, store, n_jobs=1, progress=False, max_cells=1)
    content = gather_report(METHODS, data, cells, store)
    pictures = plan_pictures(content)
    assert pictures["differences"] == []
    assert "Rests on 1 fold." in pictures["scores"][0].caption
    (axes,) = drawn(content, "scores").axes
    assert len(axes.collections[0].get_offsets()) == 1
    drawn(content, "cost")


def test_runs_of_rows_that_do_not_differ():
    def pairs(**differ):
        names = "abcd"
        rows = [(x, y) for i, x in enumerate(names) for y in names[i + 1 :]]
        p = [0.01 if x + y in differ else 0.5 for x, y in rows]
        return pd.DataFrame(rows, columns=["first", "second"]).assign(p_holm=p)

    assert alike_runs("abcd", pairs()) == [(0, 3)]
    assert alike_runs("abcd", pairs(ad=1)) == [(0, 2), (1, 3)]
    assert alike_runs("abcd", pairs(ac=1, ad=1)) == [(0, 1), (1, 3)]
    assert alike_runs("abcd", pairs(ab=1, bc=1, cd=1)) == []
    assert alike_runs("abcd", pairs().query("second != 'd'")) == [(0, 2)]  # d was not compared


def test_runs_use_the_corrected_p():
    rng = np.random.default_rng(0)
    scores = pd.DataFrame({"a": rng.normal(70, 1, 10), "b": rng.normal(60, 1, 10)})
    assert alike_runs(["a", "b"], compare_rows(scores, 1 / 9)) == []
    scores["b"] = scores["a"] + rng.normal(0, 1, 10)
    assert alike_runs(["a", "b"], compare_rows(scores, 1 / 9)) == [(0, 1)]


@pytest.mark.parametrize(
    ("places", "expected"),
    [
        ([0.5], [0.5]),
        ([0.1, 0.9], [0.1, 0.9]),
        ([0.5, 0.5, 0.5], [0.4, 0.5, 0.6]),
        ([1.0, 0.98], [1.0, 0.9]),
        ([0.0, 0.0, 0.5], [0.0, 0.1, 0.5]),
    ],
)
def test_names_are_kept_apart(places, expected):
    moved = spread_out(np.array(places), gap=0.1)
    gaps = np.diff(np.sort(moved))
    assert (gaps > 0.1 - 1e-9).all()
    np.testing.assert_allclose(np.sort(moved), np.sort(expected), atol=1e-9)
    assert (moved >= -1e-9).all()
    assert (moved <= 1 + 1e-9).all()


def test_summaries_of_cells():
    rows = [
        {"f1_per_class": [0.5, None], "epochs": {"dnn": 2, "head": 4}, "x": 1.0},
        {"f1_per_class": [0.7, 0.2], "epochs": {"dnn": 3, "head": 4}, "x": None},
    ]
    (first, std, n), (second, no_std, one) = class_scores(rows)
    assert (first, n, second, one) == (pytest.approx(60), 2, pytest.approx(20), 1)
    assert std == pytest.approx(14.142, abs=1e-3)
    assert np.isnan(no_std)
    assert mean_epochs(rows) == "dnn 2.5, head 4"
    assert mean_epochs([{"epochs": 7}, {"epochs": 8}]) == "7.5"
    assert mean_epochs([{"epochs": None}]) == ""
    assert mean_of(rows, "x") == 1.0
    assert np.isnan(mean_of([{"x": None}], "x"))


def test_nothing_is_planned_for_an_empty_store():
    assert plan_pictures(SimpleNamespace(best_first=[])) == {}
