"""Models on disk: files of plain values and arrays, read without running code from them."""

from ._errors import ModelFileError
from ._files import load_model, model_info, save_model

__all__ = ["ModelFileError", "load_model", "model_info", "save_model"]
