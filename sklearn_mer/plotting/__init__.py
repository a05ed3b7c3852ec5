"""Displays in scikit-learn's style; they need matplotlib, the extra ``plot``.

It is imported when something is drawn, not before.
"""

from ._confusion import QuadrantConfusionDisplay
from ._histories import find_history
from ._learning_history import LearningHistoryDisplay
from ._plane import COLOURS, MARKERS
from ._valence_arousal import ValenceArousalDisplay

__all__ = [
    "COLOURS",
    "MARKERS",
    "LearningHistoryDisplay",
    "QuadrantConfusionDisplay",
    "ValenceArousalDisplay",
    "find_history",
]
