"""What descriptors share, computed once a clip."""

from ._sound import Sound

__all__ = ["Sound"]
