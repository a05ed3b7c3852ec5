"""What a run costs and how far it is."""

import sys
import time
from collections import defaultdict

from tqdm import tqdm


class Costs:
    """Mean seconds a cell of each method, and what a set of cells will take.

    Methods differ by a factor of thousands, so counting cells would say nothing about time.

    Examples
    --------
    >>> from sklearn_mer.study.running._progress import Costs
    >>> costs = Costs()
    >>> costs.add("svm", 1.0)
    >>> costs.left({"svm": 3, "cnn": 1}, n_jobs=2)  # cnn is taken to cost what svm does
    2.0
    """

    def __init__(self):
        self._seconds = defaultdict(list)

    def add(self, method, seconds):
        """Add a measured cell."""
        self._seconds[method].append(seconds)

    def mean(self, method):
        """Return the mean seconds of a method's cells, None before the first."""
        seconds = self._seconds.get(method)
        return sum(seconds) / len(seconds) if seconds else None

    def left(self, counts, *, n_jobs=1):
        """Return the seconds that so many cells of each method will take, None if unknown."""
        known = [self.mean(method) for method in self._seconds]
        if not known:
            return None
        # A method without a finished cell is more likely slow than average.
        guess = max(known)
        means = {method: self.mean(method) for method in counts}
        total = sum(
            count * (guess if means[method] is None else means[method])
            for method, count in counts.items()
        )
        return total / n_jobs


class Silence:
    """What can be told of a run; nothing is made of it here."""

    def open(self, n_planned, n_done, n_workers):
        """Tell that the work begins: cells of the plan, those done before, and workers."""

    def begin(self, cell):
        """Tell that a cell is given to a worker."""

    def update(self, cell, result, seconds_left):
        """Tell what became of a cell.

        Parameters
        ----------
        cell : Cell
        result : CellResult or None
            None for a cell that another driver finished.
        seconds_left : float or None
            Until the whole plan is done; None if unknown.
        """

    def died(self, cell, n_deaths):
        """Tell that a worker died while it had a cell, for the so-manieth time with this cell."""

    def close(self, summary, error=None):
        """Tell that the run has ended, and by which error."""


class Progress(Silence):
    """A bar in a terminal, plain lines anywhere else.

    Parameters
    ----------
    stream : text file or None, default=None
        Standard error where None.
    every : float, default=5
        Least seconds between two plain lines; failures are always told.
    """

    def __init__(self, stream=None, every=5.0):
        self._stream = sys.stderr if stream is None else stream
        self._every = every
        self._last_line = -float("inf")
        self._bar = None

    def open(self, n_planned, n_done, n_workers):
        """Show where the run begins."""
        self._n_cells, self._n_done = n_planned, n_done
        if self._stream.isatty():
            self._bar = self._make_bar()

    def _make_bar(self):
        return tqdm(
            total=self._n_cells,
            initial=self._n_done,
            file=self._stream,
            bar_format="{percentage:3.0f}%|{bar}| {n_fmt}/{total_fmt} cells [{elapsed}{postfix}]",
        )

    def update(self, cell, result, seconds_left):
        """Show one more cell."""
        self._n_done += 1
        told = f"{cell}: {describe_result(result)}"
        left = describe_time(seconds_left)
        failed = result is not None and result.status == "failed"
        if self._bar is not None:
            if failed:
                self._say(told)
            self._bar.set_postfix_str(f"{left} left; {told}", refresh=False)
            self._bar.update()
        elif failed or self._is_due():
            self._say(f"[{self._n_done}/{self._n_cells}] {told}; {left} left")

    def died(self, cell, n_deaths):
        """Show that a worker died."""
        self._say(f"A worker died while it had {cell} (time {n_deaths} with this cell).")

    def _is_due(self):
        now = time.monotonic()
        due = now - self._last_line >= self._every or self._n_done == self._n_cells
        if due:
            self._last_line = now
        return due

    def _say(self, line):
        if self._bar is not None:
            self._bar.write(line, file=self._stream)
        else:
            print(line, file=self._stream, flush=True)

    def close(self, summary, error=None):
        """End the bar."""
        if self._bar is not None:
            self._bar.close()


def describe_result(result):
    """Return what became of a cell, for people."""
    if result is None:
        return "done by another driver"
    if result.status == "failed":
        return f"failed: {result.error}"
    return f"F1 {100 * result.f1_macro:.1f} %, {result.seconds:.1f} s"


def describe_time(seconds):
    """Return a time for people."""
    if seconds is None:
        return "unknown time"
    if seconds < 90:
        return f"about {seconds:.0f} s"
    if seconds < 90 * 60:
        return f"about {seconds / 60:.0f} min"
    return f"about {seconds / 3600:.1f} h"
