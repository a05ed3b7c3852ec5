"""The log of a run: a file that tells it afterwards, whatever became of the run."""

from datetime import datetime, timedelta
from pathlib import Path

from ._progress import Silence, describe_result, describe_time


class RunLog(Silence):
    """Lines with time stamps, added to a file.

    Each line is handed to the system as it is written, so that ``kill -9`` loses none.

    Parameters
    ----------
    path : path-like
        Made, with its folders, where it does not exist; else added to.

    Raises
    ------
    ValueError
        If the file cannot be written.
    """

    def __init__(self, path):
        try:
            Path(path).parent.mkdir(parents=True, exist_ok=True)
            # Open until the work ends: closed by __exit__.
            self._file = open(path, "a", buffering=1, encoding="utf-8")  # noqa: SIM115
        except OSError as error:
            raise ValueError(
                f"The log cannot be written to {path}: {error.strerror}. Give --log a file in a "
                "folder that exists or can be made."
            ) from error

    def __enter__(self):
        return self

    def __exit__(self, *exc_info):
        self._file.close()

    def say(self, text):
        """Write one line or several, each with the time."""
        stamp = _now().isoformat(timespec="seconds")
        self._file.write("".join(f"{stamp} {line}\n" for line in text.splitlines()))

    def open(self, n_planned, n_done, n_workers):
        """Tell that the work begins."""
        self._n_planned, self._n_done = n_planned, n_done
        self.say(f"begin: {n_done} of {n_planned} cells are done; workers: {n_workers}")

    def begin(self, cell):
        """Tell which cell is given to a worker."""
        self.say(f"begun: {cell}")

    def update(self, cell, result, seconds_left):
        """Tell what became of a cell, how far the run is and when it will end."""
        self._n_done += 1
        end = "" if seconds_left is None else f", ends about {_after(seconds_left)}"
        self.say(
            f"[{self._n_done}/{self._n_planned}] {cell}: {describe_result(result)}; "
            f"{describe_time(seconds_left)} left{end}"
        )

    def died(self, cell, n_deaths):
        """Tell that a worker died while it had a cell."""
        self.say(f"worker died (time {n_deaths} with this cell): {cell}")

    def close(self, summary, error=None):
        """Tell how the run ended."""
        reason = {None: "end", "time": "stopped at the time limit", "interrupted": "interrupted"}
        how = reason[summary.stopped] if error is None else f"stopped by an error ({error})"
        self.say(f"{how}: {summary.n_done} cells done, {len(summary.failures)} failed by this run")
        self._file.close()


def _now():
    return datetime.now().astimezone()


def _after(seconds):
    return (_now() + timedelta(seconds=seconds)).strftime("%Y-%m-%d %H:%M")
