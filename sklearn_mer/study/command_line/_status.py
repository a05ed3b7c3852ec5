"""``table1.py status``: what of a plan is done, failed and missing, and the time left."""

from collections import Counter

from ..running._progress import Costs
from ..setup._groupings import open_studies
from ..store._code_notes import code_notes
from ..store._error import StoreError
from ..store._others import count_others
from ._options import parse_options
from ._run import refuse


def run(argv, *, register=None, make=None):
    """Print where the study that a command line describes stands; compute nothing.

    Parameters
    ----------
    argv : sequence of str
        The options of the run that is asked about.
    register, make
        See :func:`table1`.

    Returns
    -------
    int
        Exit status: 0, or 2 for input that cannot be used.
    """
    options = parse_options(argv)
    try:
        if not options.store.exists():
            raise ValueError(f"There is no store {options.store}. Name one with --store.")
        for study in open_studies(options, register, make):
            print(study.heading(), "", *_lines(study), sep="\n")
    except (OSError, ValueError, StoreError) as error:
        return refuse(error)
    return 0


def _lines(study):
    results = study.store.read()
    stored = results.rows(cell.key for cell in study.cells)
    counts = Counter((row["method"], row["status"]) for row in stored)
    planned = Counter(cell.method.key for cell in study.cells)
    costs = Costs()
    for row in stored:
        if row["status"] == "done":
            costs.add(row["method"], row["fit_seconds"] + row["score_seconds"])
    yield f"{'method':<24}{'done':>7}{'failed':>8}{'missing':>9}  time left"
    for method, n_planned in planned.items():
        done, failed = counts[method, "done"], counts[method, "failed"]
        left = _time_left(costs.mean(method), n_planned - done, study.jobs)
        yield f"{method:<24}{done:>7}{failed:>8}{n_planned - done - failed:>9}  {left}"
    yield ""
    yield "Failed cells are tried again by the next run, so they count in the time left."
    yield from code_notes(study.cells, results)
    if n_others := count_others(study.cells, results):
        yield f"{n_others} more cells are of other parameters, data or versions."


def _time_left(mean, n_left, n_jobs):
    if not n_left:
        return "none"
    if mean is None:
        return "unknown: no cell is done"
    return f"{mean * n_left / min(n_jobs, n_left) / 60:.1f} min with {n_jobs} jobs"
