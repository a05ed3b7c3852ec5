"""Pictures of one row: its confusion and how its networks learned."""

from sklearn.metrics import ConfusionMatrixDisplay

from ...plotting import QuadrantConfusionDisplay, TrainingHistoryDisplay
from ._summaries import summed_confusion

_QUADRANTS = ["Q1", "Q2", "Q3", "Q4"]


def confusion(content, key, figure):
    """Draw the confusion of a row, in Russell's plane where the classes are its quadrants.

    Parameters
    ----------
    content : ReportContent
    key : str
    figure : matplotlib Figure
    """
    counts = summed_confusion(content.done[key])
    axes = figure.subplots()
    if content.labels == _QUADRANTS:
        display = QuadrantConfusionDisplay(counts).plot(axes, text_kw={"fontsize": 7.5})
        axes.set_title(content.titles[key], weight="bold")
        for title in display.titles_:
            title.set_fontsize(7.5)
        return
    ConfusionMatrixDisplay(counts, display_labels=content.labels).plot(
        ax=axes, cmap="Blues", colorbar=False
    )
    axes.set_title(content.titles[key], weight="bold")


def learning(content, key, figure):
    """Draw how the networks of a row learned.

    Parameters
    ----------
    content : ReportContent
    key : str
    figure : matplotlib Figure
    """
    axes = figure.subplots()
    TrainingHistoryDisplay.from_history(content.histories[key], ax=axes)
    figure.suptitle(content.titles[key], weight="bold")
