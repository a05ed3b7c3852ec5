import numpy as np
from sklearn.base import is_classifier
from sklearn.metrics import confusion_matrix

from .._docs import share_docs
from .._quadrants import QUADRANTS, SIGNS, check_known, check_labels
from ._axes import find_axes
from ._plane import draw_cross, fitting_size, ink, quadrant_name

# The axes go from -1 to 1. Each true quadrant is a group of four squares around (+-0.5, +-0.5):
# width of a square, distance of its centre from that of the group in x and y, and downward shift
# of the group that leaves space for its title.
_SIDE, _SHIFT, _DROP = 0.39, 0.195, 0.06
_VALUES = ("both", "percent", "count")


@share_docs
class QuadrantConfusionDisplay:
    """Confusion matrix of the quadrants, arranged in the valence-arousal plane.

    Each true quadrant has its position in the plane [1]_: Q1 top right, Q2 top left, Q3 bottom
    left, Q4 bottom right. It is divided into four squares in the same arrangement, which show how
    its clips were predicted. The percentages of each true quadrant add up to 100 %, and the square
    of the correct prediction has a frame. Errors in valence are thus horizontal, and errors in
    arousal vertical.

    It is recommended to use :meth:`from_estimator` or :meth:`from_predictions`.

    Parameters
    ----------
    confusion_matrix : array-like of shape (4, 4)
        Number of clips per true quadrant (row) and predicted quadrant (column), from Q1 to Q4.
    labels : sequence of 4 labels, default=("Q1", "Q2", "Q3", "Q4")
        {quadrant_labels}

    Attributes
    ----------
    ax_ : matplotlib Axes
        {ax_}
    figure_ : matplotlib Figure
        {figure_}
    colorbar_ : matplotlib Colorbar or None
        Colour bar, if there is one.
    squares_ : ndarray of shape (4, 4) of matplotlib Rectangle
        Squares by true and predicted quadrant.
    text_ : ndarray of shape (4, 4) of matplotlib Text
        Text in the squares.
    titles_ : list of 4 matplotlib Text
        Titles of the true quadrants.

    Raises
    ------
    ValueError
        If the matrix does not hold counts of four quadrants.

    See Also
    --------
    ValenceArousalDisplay : Show the predicted probabilities of each clip.
    sklearn.metrics.ConfusionMatrixDisplay : Confusion matrix of any classes.

    References
    ----------
    .. [1] Russell, J. A. (1980). A circumplex model of affect. Journal of Personality and Social
       Psychology 39(6), 1161-1178.

    Examples
    --------
    >>> from sklearn_mer.plotting import QuadrantConfusionDisplay
    >>> counts = [[20, 2, 0, 1], [2, 18, 2, 0], [1, 1, 18, 3], [4, 0, 3, 15]]
    >>> display = QuadrantConfusionDisplay(counts).plot()
    >>> display.text_[0, 0].get_text()  # doctest: +NORMALIZE_WHITESPACE
    '87 %\\n20'
    """

    def __init__(self, confusion_matrix, *, labels=QUADRANTS):
        self.labels = check_labels(labels)
        self.confusion_matrix = _check_counts(confusion_matrix)

    @classmethod
    @share_docs
    def from_estimator(cls, estimator, X, y, *, labels=QUADRANTS, sample_weight=None, **kwargs):
        """Draw the predictions of an estimator.

        Parameters
        ----------
        estimator : fitted classifier
            Classifier to predict with.
        X : clips
            Input of the classifier.
        y : array-like of shape (n_clips,)
            {true_labels}
        labels : sequence of 4 labels, default=("Q1", "Q2", "Q3", "Q4")
            {quadrant_labels}
        sample_weight : array-like of shape (n_clips,), default=None
            {sample_weight}
        **kwargs : dict
            {plot_kwargs}

        Returns
        -------
        display : QuadrantConfusionDisplay
            The drawn display.

        Raises
        ------
        ValueError
            If a label is not one of `labels`, or the estimator is not a classifier.

        Examples
        --------
        >>> from sklearn.dummy import DummyClassifier
        >>> from sklearn_mer.plotting import QuadrantConfusionDisplay
        >>> y = ["happy", "angry", "sad", "calm", "sad"]
        >>> sad = DummyClassifier().fit([[0]] * 5, y)  # predicts the largest class
        >>> display = QuadrantConfusionDisplay.from_estimator(
        ...     sad, [[0]] * 5, y, labels=["happy", "angry", "sad", "calm"], values="count")
        >>> [text.get_text() for text in display.text_[2]]
        ['0', '0', '2', '0']
        """
        if not is_classifier(estimator):
            raise ValueError(f"estimator must be a classifier, got {estimator!r}.")
        predicted = estimator.predict(X)
        return cls.from_predictions(
            y, predicted, labels=labels, sample_weight=sample_weight, **kwargs
        )

    @classmethod
    @share_docs
    def from_predictions(cls, y_true, y_pred, *, labels=QUADRANTS, sample_weight=None, **kwargs):
        """Draw predicted labels, such as those of ``cross_val_predict``.

        Parameters
        ----------
        y_true, y_pred : array-like of shape (n_clips,)
            True and predicted class labels.
        labels : sequence of 4 labels, default=("Q1", "Q2", "Q3", "Q4")
            {quadrant_labels}
        sample_weight : array-like of shape (n_clips,), default=None
            {sample_weight}
        **kwargs : dict
            {plot_kwargs}

        Returns
        -------
        display : QuadrantConfusionDisplay
            The drawn display.

        Raises
        ------
        ValueError
            If a label is not one of `labels`.

        Examples
        --------
        >>> from sklearn_mer.plotting import QuadrantConfusionDisplay
        >>> display = QuadrantConfusionDisplay.from_predictions(
        ...     ["Q1", "Q1", "Q2", "Q3", "Q4"], ["Q1", "Q4", "Q2", "Q3", "Q4"])
        >>> [title.get_text() for title in display.titles_]
        ['Q1 happy: 2 clips', 'Q2 angry: 1 clip', 'Q3 sad: 1 clip', 'Q4 serene: 1 clip']
        """
        labels = check_labels(labels)
        check_known(y_true, labels, name="y_true")
        check_known(y_pred, labels, name="y_pred")
        counts = confusion_matrix(y_true, y_pred, labels=labels, sample_weight=sample_weight)
        return cls(counts, labels=labels).plot(**kwargs)

    @share_docs
    def plot(self, ax=None, *, values="both", cmap="Blues", colorbar=True, text_kw=None):
        """Draw the confusion matrix.

        Parameters
        ----------
        ax : matplotlib Axes, default=None
            {ax}
        values : {"both", "percent", "count"}, default="both"
            Text in each square.
        cmap : str or matplotlib Colormap, default="Blues"
            Colormap for 0 to 100 % of a true quadrant.
        colorbar : bool, default=True
            Whether to draw a colour bar beside the plane.
        text_kw : dict, default=None
            Keyword arguments passed to matplotlib for the text in the squares.

        Returns
        -------
        display : QuadrantConfusionDisplay
            The drawn display.

        Raises
        ------
        ImportError
            If matplotlib is not installed.
        ValueError
            If `values` is invalid.
        """
        if values not in _VALUES:
            raise ValueError(f"`values` must be one of {list(_VALUES)}, got {values!r}.")
        self.ax_ = find_axes(self, ax, figsize=(6.0, 5.0) if colorbar else (5.2, 5.2))
        self.figure_ = self.ax_.figure
        from matplotlib.cm import ScalarMappable

        colors = ScalarMappable(cmap=cmap)
        colors.set_clim(0, 1)
        self._draw_squares(colors.to_rgba, values, text_kw or {})
        self._draw_titles()
        self._draw_plane()
        self.colorbar_ = self._draw_colorbar(colors) if colorbar else None
        return self

    @property
    def shares(self):
        """Confusion matrix divided by the number of clips per true quadrant; NaN without clips."""
        totals = self.confusion_matrix.sum(axis=1, keepdims=True)
        with np.errstate(invalid="ignore"):
            return self.confusion_matrix / totals

    def _draw_squares(self, color_of, values, text_kw):
        from matplotlib.patches import Rectangle

        self.squares_ = np.empty((4, 4), dtype=object)
        self.text_ = np.empty((4, 4), dtype=object)
        for (true, predicted), share in np.ndenumerate(self.shares):
            x, y = 0.5 * SIGNS[true] + _SHIFT * SIGNS[predicted] - (0, _DROP)
            correct = true == predicted
            color = color_of(0.0 if np.isnan(share) else share)
            square = Rectangle((x - _SIDE / 2, y - _SIDE / 2), _SIDE, _SIDE, facecolor=color)
            square.set(edgecolor=ink(1 if correct else 0.25), linewidth=1.6 if correct else 0.6)
            square.set_zorder(2 if correct else 1)
            self.squares_[true, predicted] = self.ax_.add_patch(square)
            text = _format_value(self.confusion_matrix[true, predicted], share, values)
            style = {
                "ha": "center",
                "va": "center",
                "color": _text_color(color),
                "linespacing": 1.15,
            }
            self.text_[true, predicted] = self.ax_.text(
                x, y, text, **{"zorder": 3, **style, **text_kw}
            )

    def _draw_titles(self):
        self.titles_ = []
        for number, label in enumerate(self.labels):
            x, y = 0.5 * SIGNS[number] + (0, 2 * _SHIFT - _DROP + 0.02)
            clips = self.confusion_matrix[number].sum()
            count = f"{_format_count(clips)} clip{'' if clips == 1 else 's'}"
            title = f"{quadrant_name(number, label)}: {count}"
            size = fitting_size(title, 22, 10)
            style = {"ha": "center", "va": "bottom", "weight": "bold", "parse_math": False}
            self.titles_.append(self.ax_.text(x, y, title, fontsize=size, **style))

    def _draw_plane(self):
        draw_cross(self.ax_)
        self.ax_.set(xlim=(-1, 1), ylim=(-1, 1), xticks=[], yticks=[])
        self.ax_.set_title("predictions of the clips of each true quadrant", fontsize="medium")

    def _draw_colorbar(self, colors):
        label = "share of the true quadrant"
        bar = self.figure_.colorbar(colors, ax=self.ax_, shrink=0.8, label=label)
        bar.ax.yaxis.set_major_formatter("{x:.0%}")
        return bar


def _check_counts(matrix):
    matrix = np.asarray(matrix)
    if matrix.shape != (4, 4) or matrix.dtype.kind not in "iuf":
        raise ValueError(
            "confusion_matrix must be a 4 x 4 matrix of counts, true quadrants by predicted ones; "
            f"got an array of shape {matrix.shape} and type {matrix.dtype}. For other classes, use "
            "sklearn.metrics.ConfusionMatrixDisplay."
        )
    if not (np.isfinite(matrix).all() and (matrix >= 0).all()):
        raise ValueError(f"Counts must be finite and not negative, got {matrix.tolist()}.")
    return matrix


def _format_value(count, share, values):
    written = _format_count(count)
    percent = "-" if np.isnan(share) else f"{100 * share:.0f} %"
    return {"percent": percent, "count": written, "both": f"{percent}\n{written}"}[values]


def _format_count(count):
    """Return a count with all its digits; a sum of weights with five at most."""
    return f"{count:,.5g}" if count < 1e5 else f"{count:,.0f}"


def _text_color(color):
    """Return black or white, whichever has more contrast with `color`."""
    red, green, blue, _ = color
    return "black" if 0.3 * red + 0.59 * green + 0.11 * blue > 0.5 else "white"
