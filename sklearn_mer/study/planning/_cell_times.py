"""How long cells will take, going by those that a store has measured."""

from collections import defaultdict
from dataclasses import dataclass
from statistics import fmean, median

# A cell so many times longer than the median filled a cache or met a busy machine; planned
# cells are not taken to do so.
OUTLIER = 5
# Only so many of the newest cells tell what one takes on this machine, as busy as it is now.
NEWEST = 50


@dataclass(frozen=True)
class Times:
    """Seconds of cells of one method, and what they were measured on.

    Attributes
    ----------
    seconds : list of float
        Of the measured cells, scaled to the planned ones; empty where nothing is known.
    dataset : str or None
        Where they were measured.
    scaled : bool
        Whether on another data set or with another number of training clips.
    """

    seconds: list
    dataset: str | None = None
    scaled: bool = False

    @property
    def mean(self):
        """Mean seconds, None where nothing is known."""
        return fmean(self.seconds) if self.seconds else None


class CellTimes:
    """Looks up measured cells: those of the same data set, else of the one nearest in size.

    Parameters
    ----------
    rows : iterable of dict
        Of one store or several; finished ones count.
    """

    def __init__(self, rows):
        self._rows = defaultdict(lambda: defaultdict(list))
        for row in rows:
            if row["status"] == "done":
                self._rows[row["method"], row["recipe"]][row["dataset"]].append(row)

    def of(self, method, dataset, n_train, n_test):
        """Return the times of a method's cells with so many clips.

        Parameters
        ----------
        method : StudyMethod
        dataset : str
        n_train, n_test : int

        Returns
        -------
        Times
        """
        by_dataset = self._rows.get((method.key, method.recipe), {})
        if not by_dataset:
            return Times([])
        found = dataset if dataset in by_dataset else _nearest(by_dataset, n_train)
        rows = sorted(by_dataset[found], key=lambda row: row["ended_at"])[-NEWEST:]
        seconds = [_scaled(row, n_train, n_test) for row in rows]
        usual = OUTLIER * median(seconds)
        scaled = found != dataset or any(abs(row["n_train"] / n_train - 1) > 0.02 for row in rows)
        return Times([s for s in seconds if s <= usual], found, scaled)


def _nearest(by_dataset, n_train):
    def distance(name):
        n_there = by_dataset[name][0]["n_train"]
        return max(n_there, n_train) / min(n_there, n_train), name

    return min(by_dataset, key=distance)


def _scaled(row, n_train, n_test):
    fit = row["fit_seconds"] * n_train / row["n_train"]
    return fit + row["score_seconds"] * n_test / row["n_test"]
