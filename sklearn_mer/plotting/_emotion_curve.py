import numpy as np

from .._docs import share_docs
from .._quadrants import QUADRANTS, check_labels, valence_arousal
from ._axes import find_axes
from ._plane import QUADRANT_COLORS, draw_plane, ink, name_classes, quadrant_name

_KINDS = ("time", "plane")
_STEPS = [1, 1.5, 3, 6, 10]  # of ticks, so that they are round in minutes


@share_docs
class EmotionCurveDisplay:
    """The emotion of a song over time: probabilities of the quadrants, or the path in the plane.

    Each window of the song is one point in time, its middle. With ``kind="time"``, the four
    probabilities are stacked. With ``kind="plane"``, the windows are points of the valence-arousal
    plane, joined in their order: the expected side of Russell's plane, not a rating (see
    `valence_arousal`). Silent windows are gaps.

    It is recommended to use :meth:`from_estimator` or :meth:`from_curve`.

    Parameters
    ----------
    start, end : array-like of shape (n_windows,)
        Seconds at which windows begin and end.
    proba : array-like of shape (n_windows, 4)
        Probabilities of Q1, Q2, Q3 and Q4. Rows of silent windows are missing values.
    labels : sequence of 4 labels, default=("Q1", "Q2", "Q3", "Q4")
        {quadrant_labels}

    Attributes
    ----------
    ax_ : matplotlib Axes
        {ax_}
    figure_ : matplotlib Figure
        {figure_}
    areas_ : dict of matplotlib PolyCollection
        Areas of the probabilities by label. Empty for the plane.
    path_ : matplotlib PathCollection or None
        Points of the windows in the plane, coloured by time. None for the probabilities.

    Raises
    ------
    ValueError
        If lengths differ, times do not increase, or probabilities do not add up to 1.

    See Also
    --------
    sklearn_mer.songs.predict_over_time : Compute the curve.
    ValenceArousalDisplay : Draw clips in the plane.

    Examples
    --------
    >>> from sklearn_mer.plotting import EmotionCurveDisplay
    >>> proba = [[0.7, 0.1, 0.1, 0.1], [0.1, 0.1, 0.7, 0.1]]
    >>> display = EmotionCurveDisplay([0, 15], [30, 45], proba)
    >>> list(display.plot().areas_)
    ['Q1', 'Q2', 'Q3', 'Q4']
    """

    def __init__(self, start, end, proba, *, labels=QUADRANTS):
        self.labels = check_labels(labels)
        self.start, self.end = np.asarray(start, float), np.asarray(end, float)
        self.proba = np.asarray(proba, float)
        self._check()

    def _check(self):
        n_windows = len(self.start) if self.start.ndim == 1 else 0
        wanted = [(n_windows,), (n_windows,), (n_windows, 4)]
        shapes = [part.shape for part in (self.start, self.end, self.proba)]
        if not n_windows or shapes != wanted:
            raise ValueError(
                "A start, an end and four probabilities per window are needed, of one window at "
                f"least; got arrays of shapes {shapes}."
            )
        middle = (self.start + self.end) / 2
        if not (np.diff(middle) > 0).all() or not (self.end > self.start).all():
            raise ValueError(
                "Windows must be in the order of time, and end behind their start; sort the curve "
                "of one song by 'start'."
            )
        known = ~np.isnan(self.proba).all(axis=1)
        sides = np.full((2, n_windows), np.nan)
        sides[:, known] = valence_arousal(self.proba[known], self.labels, labels=self.labels)
        self.valence, self.arousal = sides

    @classmethod
    @share_docs
    def from_estimator(cls, estimator, song, *, window=None, hop=None, labels=QUADRANTS, **kwargs):
        """Predict a song window by window, and draw it.

        Parameters
        ----------
        estimator : fitted classifier
            Classifier with ``predict_proba`` that hears audio.
        song : str or path-like
            The audio file.
        window : float or None, default=None
            {window}
        hop : float or None, default=None
            {hop}
        labels : sequence of 4 labels, default=("Q1", "Q2", "Q3", "Q4")
            {quadrant_labels}
        **kwargs : dict
            {plot_kwargs}

        Returns
        -------
        display : EmotionCurveDisplay
            The drawn display.

        Raises
        ------
        AudioError
            If the file cannot be used.
        """
        from ..songs import predict_over_time

        curve = predict_over_time(estimator, song, window=window, hop=hop)
        return cls.from_curve(curve, labels=labels, **kwargs)

    @classmethod
    @share_docs
    def from_curve(cls, curve, *, labels=QUADRANTS, **kwargs):
        """Draw a curve that `predict_over_time` returned.

        Parameters
        ----------
        curve : DataFrame
            Columns ``start`` and ``end`` in seconds, and one per quadrant with its probability.
            Quadrants without a column have the probability 0.
        labels : sequence of 4 labels, default=("Q1", "Q2", "Q3", "Q4")
            {quadrant_labels}
        **kwargs : dict
            {plot_kwargs}

        Returns
        -------
        display : EmotionCurveDisplay
            The drawn display.

        Raises
        ------
        ValueError
            If columns are missing.

        Examples
        --------
        >>> import pandas as pd
        >>> from sklearn_mer.plotting import EmotionCurveDisplay
        >>> curve = pd.DataFrame({"start": [0, 15], "end": [30, 45]})
        >>> curve["Q1"], curve["Q3"] = [0.9, 0.4], [0.1, 0.6]
        >>> display = EmotionCurveDisplay.from_curve(curve, kind="plane")
        >>> display.path_.get_offsets().round(1).tolist()
        [[0.8, 0.8], [-0.2, -0.2]]
        """
        labels = check_labels(labels)
        columns = list(getattr(curve, "columns", []))
        if not {"start", "end"} <= set(columns) or not set(labels) & set(columns):
            raise ValueError(
                f"curve must be a table with the columns 'start', 'end' and quadrants ({labels}), "
                f"as predict_over_time returns; it has {columns}."
            )
        proba = np.array(curve.reindex(columns=labels), dtype=float)
        missing = [number for number, label in enumerate(labels) if label not in columns]
        proba[np.ix_(~np.isnan(proba).all(axis=1), missing)] = 0
        return cls(curve["start"], curve["end"], proba, labels=labels).plot(**kwargs)

    @share_docs
    def plot(self, ax=None, *, kind="time"):
        """Draw the curve.

        Parameters
        ----------
        ax : matplotlib Axes, default=None
            {ax}
        kind : {"time", "plane"}, default="time"
            The probabilities over time, or the path in the plane.

        Returns
        -------
        display : EmotionCurveDisplay
            The drawn display.

        Raises
        ------
        ImportError
            If matplotlib is not installed.
        ValueError
            If `kind` is another.
        """
        if kind not in _KINDS:
            raise ValueError(f"kind={kind!r} is neither 'time' nor 'plane'.")
        self.ax_ = find_axes(self, ax, figsize=(7.6, 3.4) if kind == "time" else (6.2, 5.4))
        self.figure_ = self.ax_.figure
        self.areas_, self.path_ = {}, None
        self._draw_areas() if kind == "time" else self._draw_path()
        return self

    def _draw_areas(self):
        from matplotlib.ticker import FuncFormatter, MaxNLocator, PercentFormatter

        # The first and the last window are known to their outer ends.
        middle = (self.start + self.end) / 2
        seconds = np.concatenate([self.start[:1], middle, self.end[-1:]])
        tops = np.pad(self.proba, [(1, 1), (0, 0)], mode="edge")[:, ::-1].cumsum(axis=1)[:, ::-1]
        for number, label in enumerate(self.labels):
            bottom = tops[:, number + 1] if number < 3 else np.zeros_like(seconds)
            style = {"facecolor": QUADRANT_COLORS[number], "edgecolor": ink(0), "linewidth": 0.5}
            self.areas_[label] = self.ax_.fill_between(seconds, bottom, tops[:, number], **style)
        handles = [self.areas_[label] for label in self.labels]
        names = [quadrant_name(number, label) for number, label in enumerate(self.labels)]
        name_classes(self.ax_, handles, names)
        self.ax_.set(xlim=(self.start[0], self.end[-1]), ylim=(0, 1))
        self.ax_.set(xlabel="time (minutes:seconds)", ylabel="probability")
        self.ax_.xaxis.set_major_locator(MaxNLocator(8, steps=_STEPS))
        self.ax_.xaxis.set_major_formatter(FuncFormatter(lambda s, _: _clock(s)))
        self.ax_.yaxis.set_major_formatter(PercentFormatter(1.0))

    def _draw_path(self):
        from matplotlib.patheffects import withStroke
        from matplotlib.ticker import FuncFormatter, MaxNLocator

        draw_plane(self.ax_, self.labels)
        self.ax_.plot(self.valence, self.arousal, color=ink(0.4), linewidth=0.9, zorder=1)
        middle = (self.start + self.end) / 2
        points = self.valence, self.arousal
        edge = {"edgecolors": [ink(0.6)], "linewidths": 0.5}  # yellow on white is hard to see
        self.path_ = self.ax_.scatter(*points, c=middle, cmap="viridis", s=26, zorder=2, **edge)
        known = np.flatnonzero(~np.isnan(self.valence))
        ends = {"start": known[:1], "end": known[-1:]} if len(known) > 1 else {}
        for name, window in ends.items():
            for number in window:
                place = (self.valence[number], self.arousal[number])
                style = {"textcoords": "offset points", "weight": "bold", "zorder": 3}
                # Inwards, so that the frame cuts nothing off.
                side = 1 if place[0] < 0 else -1
                style |= {"xytext": (7 * side, 5), "ha": "left" if side > 0 else "right"}
                text = self.ax_.annotate(name, place, **style)
                text.set_path_effects([withStroke(linewidth=3, foreground=ink(0))])
        if len(known) > 1:
            style = {"shrink": 0.8, "label": "time", "ticks": MaxNLocator(8, steps=_STEPS)}
            bar = self.figure_.colorbar(self.path_, ax=self.ax_, **style)
            bar.ax.yaxis.set_major_formatter(FuncFormatter(lambda s, _: _clock(s)))


def _clock(seconds):
    """Return seconds as 1:05, or 1:02:05."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
