import numpy as np

from ._axes import find_axes
from ._plane import (
    AROUSAL,
    QUADRANT_COLORS,
    QUADRANT_MARKERS,
    QUADRANTS,
    SIGNS,
    VALENCE,
    check_known,
    check_labels,
    quadrant_name,
)


class ValenceArousalDisplay:
    """Predicted probabilities as points of the valence-arousal plane.

    A clip lies at valence P(Q1) + P(Q4) - P(Q2) - P(Q3) and arousal P(Q1) + P(Q2) - P(Q3) -
    P(Q4), both from -1 to 1: in the corner of a quadrant where the classifier is sure of it, in
    the middle where it cannot tell. Given true labels, they are the colours, and a large mark
    is the mean of a class.

    It is recommended to use :meth:`from_estimator` or :meth:`from_predictions`.

    Parameters
    ----------
    valence, arousal : array-like of shape (n_clips,)
        Between -1 and 1.
    y_true : array-like of shape (n_clips,), default=None
        True labels.
    labels : sequence of 4 labels, default=("Q1", "Q2", "Q3", "Q4")
        What Q1, Q2, Q3 and Q4 are called, in this order.

    Attributes
    ----------
    ax_ : matplotlib Axes
    figure_ : matplotlib Figure
    points_ : dict of matplotlib PathCollection
        The clips, by true label; by None where there are no labels.
    means_ : dict of matplotlib PathCollection
        The mean of each true label; empty where there are none.

    Raises
    ------
    ValueError
        If lengths differ, a value is outside of the plane, or a label is not among `labels`.

    See Also
    --------
    QuadrantConfusionDisplay : How many clips went where.

    Notes
    -----
    Four probabilities have three degrees of freedom and a point has two. So a clip may lie in
    another quadrant than its most probable one: one that is Q1 or Q3 with the same
    probability lies in the middle, like one of which nothing is known.

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
            raise ValueError(f"One value a clip is needed, got arrays of shapes {shapes}.")
        # Sums of probabilities in float32 pass 1 by rounding.
        if not (np.abs([self.valence, self.arousal]) <= 1 + 1e-5).all():
            raise ValueError(
                "Valence and arousal lie between -1 and 1; some values do not. Were "
                "probabilities given, whose rows add up to 1?"
            )

    @classmethod
    def from_estimator(cls, estimator, X, y=None, *, labels=QUADRANTS, **plot):
        """Predict the probabilities of clips and draw them.

        Parameters
        ----------
        estimator : fitted classifier
            With ``predict_proba`` and ``classes_``.
        X : clips
            Whatever the estimator predicts.
        y : array-like of shape (n_clips,), default=None
            True labels.
        labels : sequence of 4 labels, default=("Q1", "Q2", "Q3", "Q4")
            What Q1, Q2, Q3 and Q4 are called, in this order.
        **plot
            Given to :meth:`plot`.

        Returns
        -------
        ValenceArousalDisplay

        Raises
        ------
        ValueError
            If the estimator has no ``predict_proba``, or a label is not among `labels`.

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
                f"A classifier with predict_proba is needed, got {estimator!r}. Some have it "
                "only with an option, as SVC with probability=True."
            )
        probabilities = estimator.predict_proba(X)
        return cls.from_predictions(
            probabilities, y_true=y, classes=estimator.classes_, labels=labels, **plot
        )

    @classmethod
    def from_predictions(cls, y_proba, *, y_true=None, classes=None, labels=QUADRANTS, **plot):
        """Draw probabilities, such as those of ``cross_val_predict(..., method="predict_proba")``.

        Parameters
        ----------
        y_proba : array-like of shape (n_clips, n_classes)
            Probabilities; rows add up to 1.
        y_true : array-like of shape (n_clips,), default=None
            True labels.
        classes : sequence of labels, default=None
            What the columns are; `labels` in sorted order where None, the order of ``classes_``.
        labels : sequence of 4 labels, default=("Q1", "Q2", "Q3", "Q4")
            What Q1, Q2, Q3 and Q4 are called, in this order.
        **plot
            Given to :meth:`plot`.

        Returns
        -------
        ValenceArousalDisplay

        Raises
        ------
        ValueError
            If the columns do not fit the classes, rows do not add up to 1, or a label is not
            among `labels`.

        Examples
        --------
        >>> from sklearn_mer.plotting import ValenceArousalDisplay
        >>> display = ValenceArousalDisplay.from_predictions(
        ...     [[0.9, 0.1, 0.0, 0.0]],  # angry, calm, happy, sad: sorted, as in ``classes_``
        ...     labels=["happy", "angry", "sad", "calm"])
        >>> display.points_[None].get_offsets().round(1).tolist()
        [[-0.8, 0.8]]
        """
        labels = check_labels(labels)
        classes = sorted(labels) if classes is None else np.asarray(classes).tolist()
        check_known(classes, labels, name="classes")
        y_proba = _check_probabilities(y_proba, classes)
        plane = y_proba @ SIGNS[[labels.index(label) for label in classes]]
        return cls(*plane.T, y_true=y_true, labels=labels).plot(**plot)

    def plot(self, ax=None, *, means=True, scatter_kw=None):
        """Draw it.

        Parameters
        ----------
        ax : matplotlib Axes, default=None
            Where; a new figure where None.
        means : bool, default=True
            Draw the mean of each true class.
        scatter_kw : dict, default=None
            Given to matplotlib for the points.

        Returns
        -------
        ValenceArousalDisplay

        Raises
        ------
        ImportError
            If matplotlib is not installed.
        """
        self.ax_ = find_axes(self, ax, figsize=(5.4, 5.4))
        self.figure_ = self.ax_.figure
        self.points_, self.means_ = {}, {}
        style = {"s": 16, "alpha": 0.55, "linewidths": 0, **(scatter_kw or {})}
        if self.y_true is None:
            color = {"color": "0.3"} if not {"c", "color"} & set(style) else {}
            points = self.ax_.scatter(self.valence, self.arousal, **color | style)
            self.points_[None] = points
        else:
            self._draw_classes(style, means)
        self._draw_plane()
        return self

    def _draw_classes(self, style, means):
        for number, label in enumerate(self.labels):
            at = self.y_true == label
            if not at.any():
                continue
            look = {"marker": QUADRANT_MARKERS[number], "color": QUADRANT_COLORS[number]}
            self.points_[label] = self.ax_.scatter(
                self.valence[at], self.arousal[at], label=f"{label} ({at.sum()})", **look | style
            )
            if means:
                mean = self.valence[at].mean(), self.arousal[at].mean()
                self.means_[label] = self.ax_.scatter(
                    *mean, s=130, edgecolors="black", linewidths=1.5, zorder=3, **look
                )
        # Above the plane, where no point can be.
        title = "true class (clips), large: the mean" if self.means_ else "true class (clips)"
        place = {"loc": "lower center", "bbox_to_anchor": (0.5, 1.0), "ncols": 4}
        tight = {"columnspacing": 1.0, "handletextpad": 0.1, "frameon": False}
        self.ax_.legend(title=title, **place, **tight)

    def _draw_plane(self):
        self.ax_.axhline(0, color="0.4", linewidth=0.8, zorder=0)
        self.ax_.axvline(0, color="0.4", linewidth=0.8, zorder=0)
        for number, label in enumerate(self.labels):
            # Large and pale behind the points: anywhere in front it would cover some.
            style = {"ha": "center", "va": "center", "color": "0.87", "weight": "bold", "zorder": 0}
            name = quadrant_name(number, label).replace(" ", "\n", 1)
            self.ax_.text(*0.5 * SIGNS[number], name, fontsize=20, **style)
        self.ax_.set(xlim=(-1.04, 1.04), ylim=(-1.04, 1.04), aspect="equal")
        ticks = [-1, -0.5, 0, 0.5, 1]
        self.ax_.set(xlabel=VALENCE, ylabel=AROUSAL, xticks=ticks, yticks=ticks)


def _check_probabilities(y_proba, classes):
    y_proba = np.asarray(y_proba, dtype=float)
    if y_proba.ndim != 2 or y_proba.shape[1] != len(classes):
        raise ValueError(
            f"One column a class is needed, for {classes}; got an array of shape {y_proba.shape}. "
            "Name the columns with `classes`."
        )
    if not ((y_proba >= -1e-6).all() and np.allclose(y_proba.sum(axis=1), 1, atol=1e-4)):
        raise ValueError("Probabilities are not below 0, and those of a clip add up to 1.")
    return y_proba
