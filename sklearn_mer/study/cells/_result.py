"""What one cell yields."""

from dataclasses import dataclass


@dataclass(frozen=True)
class CellResult:
    """Scores and costs of one cell, or why it failed.

    Attributes
    ----------
    status : {"done", "failed"}
    f1_macro, accuracy : float or None
        Between 0 and 1.
    f1_per_class : list of float or None
        In the order of ``labels``; None for a class that is neither present nor predicted.
    confusion : list of list of int
        Rows are true classes, columns predicted ones, in the order of ``labels``.
    labels : list
        All classes of the data set.
    fit_seconds, score_seconds : float or None
        Wall-clock time of ``fit`` and of ``predict``.
    epochs : int, dict of str to int, or None
        ``n_epochs_`` of the fitted estimator, where it has one.
    best_params : dict of str to object, or None
        ``best_params_`` of the fitted estimator, where it has them, in JSON's types: the settings
        that a search inside the training clips chose. `SVMBaseline` has them without a search too.
    history : list of dict, dict of list of dict, or None
        The numbers in ``history_`` of the fitted estimator, where it has one: an entry an epoch,
        a list a stage.
    peak_memory_mb : float or None
        Largest resident memory of the process during the cell, in MiB.
    device : str
        Where networks ran: "cpu" or "cuda"; empty for a method without a device.
    traceback : str or None
        Of a failed cell, with file names shortened.
    code : str or None
        Digest of the library's code that computed it; None for that of this process.
    """

    status: str
    f1_macro: float | None = None
    accuracy: float | None = None
    f1_per_class: list | None = None
    confusion: list | None = None
    labels: list | None = None
    fit_seconds: float | None = None
    score_seconds: float | None = None
    epochs: int | dict | None = None
    best_params: dict | None = None
    history: list | dict | None = None
    peak_memory_mb: float | None = None
    device: str = ""
    traceback: str | None = None
    code: str | None = None

    @property
    def seconds(self):
        """Wall-clock time of the whole cell."""
        return (self.fit_seconds or 0.0) + (self.score_seconds or 0.0)

    @property
    def error(self):
        """Last line of the traceback, empty for a finished cell."""
        return self.traceback.strip().splitlines()[-1] if self.traceback else ""
