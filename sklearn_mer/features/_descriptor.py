"""Descriptors: names, computation and documentation."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ._statistics import STATISTICS, summarize_series

#: Dimensions in the order of the columns.
DIMENSIONS = (
    "dynamics",
    "rhythm",
    "tone_colour",
    "harmony",
    "melody",
    "texture",
    "expressivity",
    "form",
)


@dataclass(frozen=True)
class Descriptor:
    """A descriptor of clips.

    Parameters
    ----------
    dimension : str
        One of `DIMENSIONS`.
    name : str
        Name in snake case.
    compute : callable
        Function of a `Sound`. For "series", it returns an array of shape (n_frames,) or
        (n_parts, n_frames), which is summarised by `statistics`; for "values", a number or an
        array of shape (n_parts,). NaN means undefined.
    kind : {"series", "values"}
        Type of the result of `compute`.
    unit : str
        Unit, or "1" for none.
    source : str
        Reference of the definition.
    description : str
        One or two sentences for the documentation.
    parts : tuple of str, default=()
        Names of the parts, if there are several.
    statistics : tuple of str, default=STATISTICS
        Statistics of a series.
    gain_invariant : bool, default=False
        Whether the values do not depend on the gain of the recording (to 1e-4).
    """

    dimension: str
    name: str
    compute: Callable
    kind: str
    unit: str
    source: str
    description: str
    parts: tuple = ()
    statistics: tuple = STATISTICS
    gain_invariant: bool = False

    @property
    def full_name(self):
        """Name with the dimension, such as ``tone_colour__mfcc``."""
        return f"{self.dimension}__{self.name}"

    @property
    def columns(self):
        """Names of the columns, such as ``tone_colour__mfcc_01__mean``."""
        names = [f"{self.full_name}_{part}" for part in self.parts] or [self.full_name]
        if self.kind == "values":
            return tuple(names)
        return tuple(f"{name}__{statistic}" for name in names for statistic in self.statistics)

    def describe(self, sound):
        """Compute the values of the columns.

        Parameters
        ----------
        sound : Sound
            Clip to describe.

        Returns
        -------
        ndarray of shape (n_columns,), float32
            Values of the columns; 0 if undefined.
        """
        # Divisions by zero in silent frames give NaN, as intended.
        with np.errstate(all="ignore"):
            values = self.compute(sound)
            if self.kind == "series":
                values = summarize_series(values, self.statistics, sound.frame_rate)
            values = np.asarray(values, dtype=np.float64).ravel()
            if len(values) != len(self.columns):
                raise ValueError(
                    f"{self.full_name} has {len(self.columns)} columns, but {len(values)} values."
                )
            return _finite(values)


def _finite(values):
    single = values.astype(np.float32)
    # Looking first is quicker. What is too large is infinite by now.
    return single if np.isfinite(single).all() else np.nan_to_num(single)
