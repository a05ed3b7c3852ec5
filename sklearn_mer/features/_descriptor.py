"""What a descriptor is."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ._statistics import STATISTICS, summarize_series

#: In the order of the columns.
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
    """A named quantity of music and how it is computed.

    Parameters
    ----------
    dimension : str
        One of `DIMENSIONS`.
    name : str
        In snake case.
    compute : callable
        Takes a `Sound`. Of kind "series", it returns (n_frames,) or (n_parts, n_frames), which
        `statistics` sum up; of kind "values", a number or (n_parts,). NaN means undefined.
    kind : {"series", "values"}
    unit : str
        "1" for none.
    source : str
        Where the definition comes from.
    description : str
        One sentence or two, for the table in the docs.
    parts : tuple of str, default=()
        Names of the parts, where there are several.
    statistics : tuple of str, default=STATISTICS
        What is kept of a series.
    gain_invariant : bool, default=False
        Whether a louder or softer recording has the same value (to 1e-4).
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
        """Dimension and name: ``tone_colour__mfcc``."""
        return f"{self.dimension}__{self.name}"

    @property
    def columns(self):
        """Names of the columns: ``tone_colour__mfcc_01__mean`` and so on."""
        names = [f"{self.full_name}_{part}" for part in self.parts] or [self.full_name]
        if self.kind == "values":
            return tuple(names)
        return tuple(f"{name}__{statistic}" for name in names for statistic in self.statistics)

    def describe(self, sound):
        """Return the values of the columns for one `Sound`; 0 where nothing is defined.

        Parameters
        ----------
        sound : Sound

        Returns
        -------
        ndarray of shape (n_columns,), float32
        """
        # Silent frames divide by zero all over: the NaN that come of it are expected.
        with np.errstate(all="ignore"):
            values = self.compute(sound)
            if self.kind == "series":
                values = summarize_series(values, self.statistics, sound.frame_rate)
            values = np.asarray(values, dtype=np.float64).ravel()
            if len(values) != len(self.columns):
                raise ValueError(
                    f"{self.full_name} gave {len(values)} values for {len(self.columns)} columns."
                )
            return _finite(values)


def _finite(values):
    largest = np.finfo(np.float32).max
    values = np.nan_to_num(values, nan=0.0, posinf=largest, neginf=-largest)
    return np.clip(values, -largest, largest).astype(np.float32)
