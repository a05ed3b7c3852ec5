"""Clips to tables, by networks trained elsewhere.

Weights are looked for in the data home (`sklearn_mer.weights`), checked by sha256 where that is
known and always by their layout, by the checksums in the file and for values that are not finite,
and read without running code from them. Nothing is downloaded.
"""

from lazy_loader import attach_stub

# Imported from here by those who wrote before they had a room of their own.
from ..weights import WeightsError as WeightsError
from ..weights import WeightsInfo as WeightsInfo
from ..weights import WeightsNotFoundError as WeightsNotFoundError
from ..weights import available_weights as available_weights
from ..weights import find_weights as find_weights

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
