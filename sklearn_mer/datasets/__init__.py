"""Data sets of clips with emotion quadrants and artists, and one with tags for pre-training."""

from .._data_home import get_data_home
from .._download import DownloadError
from ._4qaed import load_4qaed
from ._errors import DatasetError, DatasetNotFoundError
from ._fetch import fetch_4qaed, fetch_merge
from ._folder import load_folder
from ._magnatagatune import load_magnatagatune
from ._merge import load_merge
from ._songs import load_songs, stream_songs
from ._synthetic import make_quadrant_clips, make_quadrant_folder
from ._table import load_table

__all__ = [
    "DatasetError",
    "DatasetNotFoundError",
    "DownloadError",
    "fetch_4qaed",
    "fetch_merge",
    "get_data_home",
    "load_4qaed",
    "load_folder",
    "load_magnatagatune",
    "load_merge",
    "load_songs",
    "load_table",
    "make_quadrant_clips",
    "make_quadrant_folder",
]

# For the command line.
__all__ += ["stream_songs"]
