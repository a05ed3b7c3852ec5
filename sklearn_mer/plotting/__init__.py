"""Displays with the interface of those in scikit-learn.

They need matplotlib (install the extra ``plot``), which is only imported when something is drawn.
"""

from ._confusion import QuadrantConfusionDisplay
from ._emotion_curve import EmotionCurveDisplay
from ._histories import find_history
from ._plane import QUADRANT_COLORS, QUADRANT_MARKERS, QUADRANT_NAMES
from ._points import name_points
from ._svg import inline_svg
from ._training_history import TrainingHistoryDisplay
from ._valence_arousal import ValenceArousalDisplay

__all__ = [
    "QUADRANT_COLORS",
    "QUADRANT_MARKERS",
    "QUADRANT_NAMES",
    "EmotionCurveDisplay",
    "QuadrantConfusionDisplay",
    "TrainingHistoryDisplay",
    "ValenceArousalDisplay",
    "find_history",
    "inline_svg",
    "name_points",
]
