"""Augmentation: samplers that add altered copies of clips to a training set.

They follow imbalanced-learn's contract (``fit_resample``), so that in an
:class:`imblearn.pipeline.Pipeline` they act in ``fit`` only: a clip to be predicted is never
altered. See `WaveformSampler` for how a new one is written.
"""

from ._band_stop import BandStop
from ._base import WaveformSampler
from ._compose import Compose
from ._copies import append_copies, as_samplers
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
