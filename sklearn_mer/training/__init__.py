"""From arrays and settings to a trained network.

Networks come from `sklearn_mer.nets`. Code that only makes training on a CPU faster is in
`sklearn_mer.training.cpu`.
"""

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
