"""Several studies in one run, one after the other."""

from dataclasses import replace
from time import monotonic


def run_in_turn(studies):
    """Compute what each study is missing, within limits that hold for all together.

    Parameters
    ----------
    studies : sequence of Study
        Each with options of its own; those of the first have the limits.

    Returns
    -------
    RunSummary
        Of all of them.
    """
    first, *others = studies
    start, limit, n_cells = monotonic(), first.options.max_minutes, first.options.max_cells
    total = first.run()
    for study in others:
        if total.stopped:
            return _sum(total, n_planned=len(study.cells))
        if limit is not None:
            study.options.max_minutes = max(limit - (monotonic() - start) / 60, 0.0)
        if n_cells is not None:
            study.options.max_cells = max(n_cells - total.n_done - len(total.failures), 0)
        total = _sum(total, **vars(study.run()))
    return total


def _sum(total, *, n_planned, n_found=0, n_done=0, failures=(), stopped=None):
    return replace(
        total,
        n_planned=total.n_planned + n_planned,
        n_found=total.n_found + n_found,
        n_done=total.n_done + n_done,
        failures=[*total.failures, *failures],
        stopped=total.stopped or stopped,
    )
