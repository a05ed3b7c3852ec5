"""The methods of the study, each a scikit-learn classifier of clips."""

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
