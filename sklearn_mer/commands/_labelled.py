"""Clips with labels, as ``train`` and ``evaluate`` take them."""

import sys
import warnings
from collections import Counter

from ..datasets import DatasetNotFoundError, load_folder, load_table


def load_labelled(options, *, on_error):
    """Load a folder with a sub-folder per class, or a table, and say what is in it.

    Parameters
    ----------
    options : Namespace
        With ``data``, ``groups`` and ``jobs``.
    on_error : {"raise", "skip"}
        What to do with clips that cannot be used; those left out are told on standard error.

    Returns
    -------
    Bunch
        As of `load_folder`.
    """
    data = options.data
    if not data.exists():
        raise DatasetNotFoundError(
            f"There is no {data}. Give a folder with one sub-folder of clips per class, or a CSV "
            "file with the columns path,label and, optionally, group."
        )
    how = {"on_error": on_error, "n_jobs": options.jobs, "verbose": int(sys.stderr.isatty())}
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", r"\d+ of \d+ clips cannot be used and are left out")
        if not data.is_dir():
            loaded = load_table(data, group=options.groups or "group", **how)
        elif options.groups is None:
            loaded = load_folder(data, **how)
        else:
            raise ValueError(
                f"--groups names a column of a table, and {data} is a folder: there, folders "
                "inside those of the classes are the groups."
            )
    for file, reason in loaded.skipped.itertuples(index=False):
        print(f"left out: {file}: {reason}", file=sys.stderr)
    print(f"{len(loaded.data)} clips: {counts_text(loaded.target)}", flush=True)
    return loaded


def counts_text(labels):
    """Return how many there are of each label."""
    return ", ".join(f"{n} {label}" for label, n in sorted(Counter(labels).items()))
