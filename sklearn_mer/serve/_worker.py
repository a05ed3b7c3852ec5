"""A worker process: a line of JSON in is a request, a line out its answer."""

import json
import os
import sys

_REFUSED = 3


def run_worker(prepare):
    """Answer requests from standard input until it ends; this is all that a worker process does.

    Parameters
    ----------
    prepare : callable
        Returns what is told of the model, as a dict of JSON's types, and a function that takes the
        items of a request by name and returns its answer, a dict. If it raises OSError, ValueError,
        TypeError or ImportError, the service does not begin, and tells the reason.

    Returns
    -------
    int
        Exit status.
    """
    # What libraries print is not an answer.
    answers = open(os.dup(1), "w", encoding="utf-8")  # noqa: SIM115
    os.dup2(2, 1)

    def tell(answer):
        print(json.dumps(answer, allow_nan=False), file=answers, flush=True)

    try:
        about, answer = prepare()
    except (OSError, ValueError, TypeError, ImportError) as error:
        tell({"error": str(error)})
        return _REFUSED
    tell({"about": about})
    for line in sys.stdin.buffer:
        tell(answer(**json.loads(line)))
    return 0
