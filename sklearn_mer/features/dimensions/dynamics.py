"""Dynamics: how loud the music is, and how that changes."""

from .._descriptor import Descriptor

_DIMENSION = "dynamics"


DESCRIPTORS = (
    Descriptor(
        _DIMENSION,
        "rms",
        lambda sound: sound.rms,
        kind="series",
        unit="1",
        source="Lartillot and Toiviainen 2007",
        description="Root mean square of the samples of a frame.",
    ),
)
