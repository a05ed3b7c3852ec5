"""Tone colour: what makes the same note sound different on another instrument."""

from .._descriptor import Descriptor

_DIMENSION = "tone_colour"


DESCRIPTORS = (
    Descriptor(
        _DIMENSION,
        "mfcc",
        lambda sound: sound.mfcc,
        kind="series",
        unit="dB",
        source="Davis and Mermelstein 1980; Slaney 1998",
        description="Mel-frequency cepstral coefficients of levels in dB, 128 bands.",
        parts=tuple(f"{i:02d}" for i in range(1, 21)),
    ),
)
