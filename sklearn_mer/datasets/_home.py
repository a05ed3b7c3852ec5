# The data home holds the weights of `embeddings` too, which may not import this room.
from .._data_home import ENVIRONMENT_VARIABLE, get_data_home

__all__ = ["ENVIRONMENT_VARIABLE", "get_data_home"]
