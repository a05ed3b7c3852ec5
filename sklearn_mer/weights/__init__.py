"""The register of pre-trained weights, where their files are, and how to get them.

Files lie in the data home and are checked by sha256. `fetch_weights` downloads what the authors
published and converts it; nothing else downloads anything. Needs no torch.
"""

from ._errors import WeightsError, WeightsNotFoundError
from ._fetch import fetch_weights
from ._find import file_sha256, find_weights, how_to_get, missing_weights, registered_as
from ._register import EMBEDDINGS, WeightsInfo, available_weights, openl3_name

__all__ = [
    "EMBEDDINGS",
    "WeightsError",
    "WeightsInfo",
    "WeightsNotFoundError",
    "available_weights",
    "fetch_weights",
    "file_sha256",
    "find_weights",
    "how_to_get",
    "missing_weights",
    "openl3_name",
    "registered_as",
]
