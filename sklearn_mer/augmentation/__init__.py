"""Samplers that add altered copies of clips to a training set.

They have the interface of imbalanced-learn (``fit_resample``): in an
:class:`imblearn.pipeline.Pipeline` they act in ``fit`` only, and clips to predict are never
altered. Derive new samplers from `WaveformSampler`.
"""

from ._augment import append_copies, as_samplers
from ._band_stop import BandStop
from ._base import WaveformSampler
from ._compose import Compose
from ._deepsmote import DeepSMOTE
from ._equalizer import SevenBandEQ
from ._gain import Gain, PowerShift
from ._mask import TimeMask
from ._pitch import PitchShift
from ._shift import TimeShift
from ._stretch import TimeStretch

__all__ = [
    "BandStop",
    "Compose",
    "DeepSMOTE",
    "Gain",
    "PitchShift",
    "PowerShift",
    "SevenBandEQ",
    "TimeMask",
    "TimeShift",
    "TimeStretch",
    "WaveformSampler",
    "append_copies",
    "as_samplers",
]
