"""Definitions of the descriptors, one module per musical dimension."""

from . import dynamics, expressivity, form, harmony, melody, rhythm, texture, tone_colour

# In the order of `DIMENSIONS`.
_MODULES = (dynamics, rhythm, tone_colour, harmony, melody, texture, expressivity, form)


def all_descriptors():
    """Return all descriptors, in the order of their columns.

    Returns
    -------
    tuple of Descriptor
    """
    return tuple(descriptor for module in _MODULES for descriptor in module.DESCRIPTORS)
