"""What a run costs, how far it is, and where both are told: a bar or lines, and a log."""

import logging
import sys
import time
from collections import defaultdict
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from statistics import fmean

from tqdm import tqdm

from .._files import told

LOGGER = logging.getLogger("sklearn_mer.study")
BAR = "{percentage:3.0f}%|{bar}| {n_fmt}/{total_fmt} cells [{elapsed}{postfix}]"


class Costs:
    """Mean seconds per cell of each method: methods differ by a factor of thousands."""

    def __init__(self, rows=()):
        self._seconds = defaultdict(list)
        for row in rows:
            if row["status"] == "done":
                self.add(row["method"], row["fit_seconds"] + row["score_seconds"])

    def add(self, method, seconds):
        """Add a cell."""
        self._seconds[method].append(seconds)

    def mean(self, method):
        """Return the mean seconds of a method's cells, None before the first."""
        return fmean(self._seconds[method]) if method in self._seconds else None

    def left(self, counts, *, n_jobs=1):
        """Return the seconds that so many cells of each method will take, None if unknown."""
        if not self._seconds:
            return None
        # A method without a finished cell is more likely slow than average.
        slowest = max(map(self.mean, self._seconds))
        return sum(n * (self.mean(method) or slowest) for method, n in counts.items()) / n_jobs


class Progress:
    """Tell each cell to the log, and show a bar in a terminal, elsewhere a line now and then."""

    def __init__(self, stream=None, *, shown=True, every=5.0):
        self._stream = sys.stderr if stream is None else stream
        self._shown, self._every, self._next = shown, every, 0.0
        self._bar = None

    def open(self, n_planned, n_done):
        """Show where the run begins."""
        self._n_planned, self._n_done = n_planned, n_done
        if self._shown and self._stream.isatty():
            self._bar = tqdm(total=n_planned, initial=n_done, file=self._stream, bar_format=BAR)

    def update(self, cell, result, seconds_left):
        """Tell one more cell, finished or failed."""
        self._n_done += 1
        number = f"[{self._n_done}/{self._n_planned}]"
        text, left = f"{cell}: {describe_result(result)}", describe_time(seconds_left)
        LOGGER.info("%s %s; %s", number, text, describe_end(seconds_left))
        failed, now = result is not None and result.status == "failed", time.monotonic()
        if self._bar is not None:
            if failed:
                self.say(text)
            self._bar.set_postfix_str(f"{left} left; {text}", refresh=False)
            self._bar.update()
        elif failed or now >= self._next or self._n_done == self._n_planned:
            self._next = now + self._every
            self.say(f"{number} {text}; {left} left")

    def say(self, line):
        """Show a line."""
        if self._bar is not None:
            self._bar.write(line, file=self._stream)
        elif self._shown:
            print(line, file=self._stream, flush=True)

    def close(self):
        """End the bar."""
        if self._bar is not None:
            self._bar.close()


def describe_result(result):
    """Return what became of a cell, as text."""
    if result is None:
        return "done by another driver"
    if result.status == "failed":
        return f"failed: {result.error}"
    return f"F1 {100 * result.f1_macro:.1f} %, {result.seconds:.1f} s"


def describe_time(seconds):
    """Return a time as text."""
    if seconds is None:
        return "unknown time"
    if seconds < 90:
        return f"about {seconds:.0f} s"
    return f"about {seconds / 60:.0f} min" if seconds < 5400 else f"about {seconds / 3600:.1f} h"


def describe_end(seconds_left):
    """Return how long a run still takes and when it ends, as text."""
    left = f"{describe_time(seconds_left)} left"
    if seconds_left is None:
        return left
    end = datetime.now().astimezone() + timedelta(seconds=seconds_left)
    return f"{left}, ends about {end:%Y-%m-%d %H:%M}"


class _Stamped(logging.Formatter):
    def format(self, record):
        stamp = self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z")
        return "\n".join(f"{stamp} {line}" for line in record.getMessage().splitlines())


class _LogFile(logging.FileHandler):
    """A log whose disk may be full: that is told once, and the run goes on."""

    _told = False

    def handleError(self, record):
        error = sys.exc_info()[1]
        if not self._told:
            print(f"The log {self.baseFilename} lacks lines: {error}.", file=sys.stderr)
        self._told = True

    def close(self):
        with suppress(OSError):  # the lines that it lacks
            super().close()


@contextmanager
def log_to(path):
    """Add what is logged meanwhile to a file, each line at once, so that ``kill -9`` loses none."""
    if path is None:
        yield
        return
    advice = "Give --log a file in a folder that exists or can be made."
    with told(f"The log cannot be written to {path}", advice):
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        handler = _LogFile(path, encoding="utf-8")
    handler.setFormatter(_Stamped())
    level = LOGGER.level
    LOGGER.addHandler(handler)
    LOGGER.setLevel(logging.INFO)
    try:
        yield
    finally:
        LOGGER.removeHandler(handler)
        LOGGER.setLevel(level)
        handler.close()
