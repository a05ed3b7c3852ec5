import numpy as np

from .._docs import share_docs
from .._quadrants import QUADRANTS, check_known, check_labels, valence_arousal
from .._text import plain_line
from ._axes import find_axes
from ._plane import QUADRANT_COLORS, QUADRANT_MARKERS, draw_plane, ink, name_classes


@share_docs
class ValenceArousalDisplay:
    """Predicted probabilities as points in the valence-arousal plane.

    A clip has the valence 2 P(Q1 or Q4) - 1 and the arousal 2 P(Q1 or Q2) - 1, both from -1 to 1:
    the expected side of Russell's plane, not a rating. Confident predictions are in the corners of
    the plane [1]_, uncertain ones in its centre. If true labels are given, they determine the
    colours, and a large marker shows the mean of each class. Points are transparent, and the
    smaller the more there are; none is moved.

    It is recommended to use :meth:`from_estimator` or :meth:`from_predictions`.

    Parameters
    ----------
    valence, arousal : array-like of shape (n_clips,)
        Valence and arousal of the clips, between -1 and 1.
    y_true : array-like of shape (n_clips,), default=None
        {true_labels}
    labels : sequence of 4 labels, default=("Q1", "Q2", "Q3", "Q4")
        {quadrant_labels}

    Attributes
    ----------
    ax_ : matplotlib Axes
        {ax_}
    figure_ : matplotlib Figure
        {figure_}
    points_ : dict of matplotlib PathCollection
        Points of the clips by true label. Without labels, the only key is None.
    means_ : dict of matplotlib PathCollection
        Mean of the clips by true label. Empty without labels.

    Raises
    ------
    ValueError
        If lengths differ, a value is not between -1 and 1, or a label is not one of `labels`.

    See Also
    --------
    QuadrantConfusionDisplay : Show the number of clips per true and predicted quadrant.
    sklearn_mer.songs.valence_arousal : Return the two numbers.

    Notes
    -----
    Four probabilities have three degrees of freedom, a point has two. A clip can therefore be drawn
    in another quadrant than its most probable one: a clip with equal probabilities of Q1 and Q3 is
    drawn in the centre, like one with four equal probabilities.

    References
    ----------
    .. [1] Russell, J. A. (1980). A circumplex model of affect. Journal of Personality and Social
       Psychology 39(6), 1161-1178.

    Examples
    --------
    >>> from sklearn_mer.plotting import ValenceArousalDisplay
    >>> display = ValenceArousalDisplay.from_predictions(
    ...     [[0.7, 0.1, 0.1, 0.1], [0.25, 0.25, 0.25, 0.25]], y_true=["Q1", "Q3"])
    >>> display.points_["Q1"].get_offsets().round(1).tolist()
    [[0.6, 0.6]]
    """

    def __init__(self, valence, arousal, *, y_true=None, labels=QUADRANTS):
        self.labels = check_labels(labels)
        self.valence, self.arousal = np.asarray(valence, float), np.asarray(arousal, float)
        self.y_true = None if y_true is None else np.asarray(y_true)
        self._check()

    def _check(self):
        parts = {"valence": self.valence, "arousal": self.arousal}
        if self.y_true is not None:
            parts["y_true"] = self.y_true
            check_known(self.y_true, self.labels, name="y_true")
        shapes = {name: part.shape for name, part in parts.items()}
        if len(set(shapes.values())) > 1 or self.valence.ndim != 1:
            raise ValueError(f"One value per clip is needed, got arrays of shapes {shapes}.")
        # Sums of float32 probabilities can exceed 1 by rounding.
        if not (np.abs([self.valence, self.arousal]) <= 1 + 1e-5).all():
            raise ValueError(
                "Valence and arousal must be between -1 and 1, which some values are not. They "
                "are computed from probabilities whose rows add up to 1."
            )

    @classmethod
    @share_docs
    def from_estimator(cls, estimator, X, y=None, *, labels=QUADRANTS, **kwargs):
        """Draw the predicted probabilities of an estimator.

        Parameters
        ----------
        estimator : fitted classifier
            Classifier with ``predict_proba`` and ``classes_``.
        X : clips
            Input of the classifier.
        y : array-like of shape (n_clips,), default=None
            {true_labels}
        labels : sequence of 4 labels, default=("Q1", "Q2", "Q3", "Q4")
            {quadrant_labels}
        **kwargs : dict
            {plot_kwargs}

        Returns
        -------
        display : ValenceArousalDisplay
            The drawn display.

        Raises
        ------
        ValueError
            If the estimator has no ``predict_proba``, or a label is not one of `labels`.

        Examples
        --------
        >>> from sklearn.dummy import DummyClassifier
        >>> from sklearn_mer.plotting import ValenceArousalDisplay
        >>> prior = DummyClassifier(strategy="prior").fit([[0]] * 4, ["Q1", "Q1", "Q1", "Q2"])
        >>> display = ValenceArousalDisplay.from_estimator(prior, [[0]])
        >>> display.points_[None].get_offsets().tolist()
        [[0.5, 1.0]]
        """
        if not hasattr(estimator, "predict_proba"):
            raise ValueError(
                f"estimator must be a classifier with predict_proba, got {estimator!r}. Some "
                "classifiers have it only with an option, such as SVC(probability=True)."
            )
        probabilities = estimator.predict_proba(X)
        return cls.from_predictions(
            probabilities, y_true=y, classes=estimator.classes_, labels=labels, **kwargs
        )

    @classmethod
    @share_docs
    def from_predictions(cls, y_proba, *, y_true=None, classes=None, labels=QUADRANTS, **kwargs):
        """Draw probabilities, such as those of ``cross_val_predict(..., method="predict_proba")``.

        Parameters
        ----------
        y_proba : array-like of shape (n_clips, n_classes)
            Predicted probabilities. Rows add up to 1.
        y_true : array-like of shape (n_clips,), default=None
            {true_labels}
        classes : sequence of labels, default=None
            Labels of the columns. If None, `labels` in sorted order, as in ``classes_``.
        labels : sequence of 4 labels, default=("Q1", "Q2", "Q3", "Q4")
            {quadrant_labels}
        **kwargs : dict
            {plot_kwargs}

        Returns
        -------
        display : ValenceArousalDisplay
            The drawn display.

        Raises
        ------
        ValueError
            If the number of columns is wrong, rows do not add up to 1, or a label is not one of
            `labels`.

        Examples
        --------
        >>> from sklearn_mer.plotting import ValenceArousalDisplay
        >>> display = ValenceArousalDisplay.from_predictions(
        ...     [[0.9, 0.1, 0.0, 0.0]],  # angry, calm, happy, sad: sorted, as in ``classes_``
        ...     labels=["happy", "angry", "sad", "calm"])
        >>> display.points_[None].get_offsets().round(1).tolist()
        [[-0.8, 0.8]]
        """
        plane = valence_arousal(y_proba, classes, labels=labels)
        return cls(*plane, y_true=y_true, labels=labels).plot(**kwargs)

    @share_docs
    def plot(self, ax=None, *, means=True, scatter_kw=None):
        """Draw the clips in the plane.

        Parameters
        ----------
        ax : matplotlib Axes, default=None
            {ax}
        means : bool, default=True
            Whether to draw the mean of each true class.
        scatter_kw : dict, default=None
            Keyword arguments passed to matplotlib for the points.

        Returns
        -------
        display : ValenceArousalDisplay
            The drawn display.

        Raises
        ------
        ImportError
            If matplotlib is not installed.
        """
        self.ax_ = find_axes(self, ax, figsize=(5.4, 5.4))
        self.figure_ = self.ax_.figure
        self.points_, self.means_ = {}, {}
        # Confident classifiers pile points up in the corners.
        size = float(np.clip(4000 / max(1, len(self.valence)), 6, 18))
        style = {"s": size, "alpha": 0.5, "linewidths": 0, **(scatter_kw or {})}
        if self.y_true is None:
            color = {"color": ink(0.75)} if not {"c", "color"} & set(style) else {}
            points = self.ax_.scatter(self.valence, self.arousal, **color | style)
            self.points_[None] = points
        else:
            self._draw_classes(style, means)
        draw_plane(self.ax_, self.labels)
        return self

    def _draw_classes(self, style, means):
        for number, label in enumerate(self.labels):
            selected = self.y_true == label
            if not selected.any():
                continue
            look = {"marker": QUADRANT_MARKERS[number], "color": QUADRANT_COLORS[number]}
            self.points_[label] = self.ax_.scatter(
                self.valence[selected],
                self.arousal[selected],
                **look | style,
            )
            if means:
                mean = self.valence[selected].mean(), self.arousal[selected].mean()
                self.means_[label] = self.ax_.scatter(
                    *mean, s=110, edgecolors=[ink()], linewidths=1.5, zorder=3, **look
                )
        title = "true class (clips); large: mean" if self.means_ else "true class (clips)"
        names = [f"{plain_line(one)} ({(self.y_true == one).sum()})" for one in self.points_]
        tight = {"columnspacing": 1.0, "handletextpad": 0.1}
        tight["markerscale"] = np.sqrt(26 / np.max(style["s"]))
        name_classes(self.ax_, self.points_.values(), names, title=title, **tight)
