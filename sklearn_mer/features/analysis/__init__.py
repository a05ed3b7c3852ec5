"""Spectra, notes and other values of a clip that descriptors share."""

from ._sound import Sound

__all__ = ["Sound"]
