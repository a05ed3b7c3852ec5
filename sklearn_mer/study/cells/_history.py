"""How a network learned, in plain numbers."""

import math
import numbers


def portable_history(history):
    """Return a history with its plain numbers alone, in JSON's own types.

    Parameters
    ----------
    history : list of dict, dict of list of dict, or None
        ``history_`` of an estimator: an entry an epoch, with whatever a callback put there.

    Returns
    -------
    history or None
        Six digits of each number; what is not finite is left out, as JSON has no word for it.
    """
    if isinstance(history, dict):
        return {str(stage): portable_history(epochs) for stage, epochs in history.items()}
    if history is None:
        return None
    return [_numbers(epoch) for epoch in history]


def _numbers(epoch):
    plain = {k: v for k, v in epoch.items() if isinstance(v, numbers.Real) and math.isfinite(v)}
    return {
        name: int(value) if isinstance(value, numbers.Integral) else float(f"{value:.6g}")
        for name, value in plain.items()
    }
