import numpy as np

from .._docs import share_docs
from .._text import plain_line
from ._axes import find_axes
from ._histories import find_history, split_folds
from ._plane import ink

_NAMES = {"train_loss": "training loss", "train_accuracy": "training accuracy"}


@share_docs
class TrainingHistoryDisplay:
    """Loss and accuracy per training epoch.

    There is one panel per metric (loss above accuracy) and stage of training (side by side), with
    one line per fold. The dot at its end marks the last epoch. No mean is drawn, because folds stop
    at different epochs.

    It is recommended to use :meth:`from_estimator` or :meth:`from_history`.

    Parameters
    ----------
    histories : history or list of history
        One ``history_`` (a list with one dict per epoch, or a dict with one such list per stage),
        or a list with one history per fold.

    Attributes
    ----------
    ax_ : matplotlib Axes
        The only panel, or empty axes that contain the panels.
    axes_ : ndarray of shape (n_metrics, n_stages) of matplotlib Axes
        Panels by metric and stage.
    figure_ : matplotlib Figure
        {figure_}
    lines_ : ndarray of shape (n_metrics, n_stages, n_folds) of matplotlib Line2D
        Lines by metric, stage and fold.

    Raises
    ------
    ValueError
        If `histories` is not a history, or stages differ between folds.

    See Also
    --------
    sklearn.model_selection.LearningCurveDisplay : Scores by the number of training clips.

    Examples
    --------
    >>> from sklearn_mer.plotting import TrainingHistoryDisplay
    >>> epochs = [{"train_loss": 1.4, "train_accuracy": 0.3},
    ...           {"train_loss": 1.1, "train_accuracy": 0.6}]
    >>> display = TrainingHistoryDisplay.from_history(epochs)
    >>> display.lines_[1, 0, 0].get_ydata().tolist()
    [0.3, 0.6]
    """

    def __init__(self, histories):
        self.histories = split_folds(histories)

    @classmethod
    @share_docs
    def from_estimator(cls, estimator, **kwargs):
        """Draw the training history of an estimator.

        Parameters
        ----------
        estimator : fitted estimator or list of fitted estimator
            Estimator with ``history_``, pipeline whose last step has it, or estimator with a
            fitted attribute that has it. A list holds the estimators of the folds, as returned by
            ``cross_validate`` with ``return_estimator=True``.
        **kwargs : dict
            {plot_kwargs}

        Returns
        -------
        display : TrainingHistoryDisplay
            The drawn display.

        Raises
        ------
        ValueError
            If an estimator has no history.

        Examples
        --------
        >>> from sklearn_mer import CNNBaseline
        >>> from sklearn_mer.datasets import make_quadrant_clips
        >>> from sklearn_mer.plotting import TrainingHistoryDisplay
        >>> X, y = make_quadrant_clips(8, random_state=0, return_X_y=True)
        >>> cnn = CNNBaseline(max_epochs=2, stop_accuracy=None, random_state=0).fit(X, y)
        >>> display = TrainingHistoryDisplay.from_estimator(cnn)
        >>> display.lines_[0, 0, 0].get_xdata().tolist()
        [1, 2]
        """
        estimators = estimator if isinstance(estimator, list | tuple) else [estimator]
        histories = [find_history(one) for one in estimators]
        if not histories or None in histories:
            without = [
                type(e).__name__ for e, h in zip(estimators, histories, strict=True) if not h
            ]
            raise ValueError(
                "Fitted estimators with `history_` are needed, as the fitted methods that train "
                f"networks have; got none, or some without: {without}."
            )
        return cls.from_history(histories, **kwargs)

    @classmethod
    @share_docs
    def from_history(cls, histories, **kwargs):
        """Draw histories, as stored in ``history_``.

        Parameters
        ----------
        histories : history or list of history
            See :class:`TrainingHistoryDisplay`.
        **kwargs : dict
            {plot_kwargs}

        Returns
        -------
        display : TrainingHistoryDisplay
            The drawn display.

        Raises
        ------
        ValueError
            If `histories` is not a history.

        Examples
        --------
        >>> from sklearn_mer.plotting import TrainingHistoryDisplay
        >>> first, second = [{"train_loss": 1.4}, {"train_loss": 1.1}], [{"train_loss": 1.3}]
        >>> display = TrainingHistoryDisplay.from_history([first, second])  # two folds
        >>> display.lines_.shape
        (1, 1, 2)
        """
        return cls(histories).plot(**kwargs)

    @share_docs
    def plot(self, ax=None, *, metrics=None, line_kw=None):
        """Draw the histories.

        Parameters
        ----------
        ax : matplotlib Axes, default=None
            Axes to draw in, divided if there are several panels. If None, a new figure with one
            axes is created.
        metrics : sequence of str, default=None
            Entries of the histories to draw. If None, "train_loss" and "train_accuracy", as far as
            they exist.
        line_kw : dict, default=None
            Keyword arguments passed to matplotlib for the lines.

        Returns
        -------
        display : TrainingHistoryDisplay
            The drawn display.

        Raises
        ------
        ImportError
            If matplotlib is not installed.
        ValueError
            If a metric is not in any history.
        """
        metrics = self._check_metrics(metrics)
        stages = list(self.histories[0])
        size = (1.4 + 3.6 * len(stages), 0.8 + 2.2 * len(metrics))
        self.ax_ = find_axes(self, ax, figsize=size)
        self.figure_ = self.ax_.figure
        self.axes_ = _panels(self.ax_, len(metrics), len(stages))
        self.lines_ = np.empty((*self.axes_.shape, len(self.histories)), dtype=object)
        for (row, column), panel in np.ndenumerate(self.axes_):
            stage, metric = stages[column], metrics[row]
            self.lines_[row, column] = self._draw(panel, stage, metric, line_kw or {})
            _label(panel, metric, first=column == 0, last=row == len(metrics) - 1)
            if row == 0 and stage:
                panel.set_title(plain_line(stage), parse_math=False)
        return self

    def _check_metrics(self, metrics):
        found = {
            name
            for stages in self.histories
            for epochs in stages.values()
            for epoch in epochs
            for name in epoch
        }
        wanted = [name for name in _NAMES if name in found] if metrics is None else list(metrics)
        if not wanted or set(wanted) - found:
            raise ValueError(
                f"metrics={wanted or list(_NAMES)} are not in the histories, which have "
                f"{sorted(found)}."
            )
        return wanted

    def _draw(self, panel, stage, metric, style):
        lines = []
        alpha = 0.9 if len(self.histories) == 1 else 0.5
        for stages in self.histories:
            values = [epoch.get(metric, np.nan) for epoch in stages[stage]]
            epochs = np.arange(1, len(values) + 1)
            (line,) = panel.plot(
                epochs, values, **{"color": "C0", "alpha": alpha, "linewidth": 1.2, **style}
            )
            line.set(marker="o", markersize=3.5, markevery=[-1])
            lines.append(line)
        return lines


def _panels(ax, n_rows, n_columns):
    if n_rows == n_columns == 1:
        return np.array([[ax]], dtype=object)
    ax.set_axis_off()
    width, height = 1 / (n_columns + 0.28 * (n_columns - 1)), 1 / (n_rows + 0.12 * (n_rows - 1))
    panels = np.empty((n_rows, n_columns), dtype=object)
    for (row, column), _ in np.ndenumerate(panels):
        corner = (column * 1.28 * width, 1 - height - row * 1.12 * height)
        # The panels of a stage share the axis of epochs.
        shared = panels[0, column] if row else None
        panels[row, column] = ax.inset_axes((*corner, width, height), sharex=shared)
    return panels


def _label(panel, metric, *, first, last):
    from matplotlib.ticker import MaxNLocator, PercentFormatter

    panel.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    panel.grid(color=ink(0.1))
    panel.set_xlim(left=0.5)  # the first epoch is 1
    panel.set_axisbelow(True)
    panel.tick_params(labelbottom=last)
    if last:
        panel.set_xlabel("epoch")
    if first:
        panel.set_ylabel(_NAMES.get(metric, plain_line(metric)), parse_math=False)
    if metric.endswith("accuracy"):
        panel.set_ylim(0, 1.04)
        panel.yaxis.set_major_formatter(PercentFormatter(1.0))
