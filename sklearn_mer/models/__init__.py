"""Models on disk: files of plain values and arrays, read without running code from them."""

from ._errors import ModelFileError
from ._files import load_model, model_info, save_model
from ._info import describe_data
from ._ready import find_model, make_ready

__all__ = ["ModelFileError", "find_model", "load_model", "make_ready", "model_info", "save_model"]
# For the command line.
__all__ += ["describe_data"]
