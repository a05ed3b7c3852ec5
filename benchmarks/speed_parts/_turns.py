"""Time two sides in turns, and make a row of the table."""

import os
import statistics
import time


def take_turns(rounds, *, clock=time.perf_counter, **sides):
    """Return the seconds of each side in each round by a clock, after one warm-up round."""
    seconds = {name: [] for name in sides}
    for counted in range(rounds + 1):
        for name, side in sides.items():
            start = clock()
            side()
            if counted:
                seconds[name].append(clock() - start)
    return seconds


def cpu_seconds():
    """Return the CPU time of this process, all its threads, and processes that have ended."""
    return sum(os.times()[:4])


def ratio(name, what, slow, fast, per=1, unit="ms per clip"):
    """Return a row of the table: the ratio of slow to fast, round by round."""
    ratios = [a / b for a, b in zip(slow, fast, strict=True)]
    scale = 1000 / per if unit.startswith("ms") else 1 / per
    return {
        "name": name,
        "what": what,
        "ratio": statistics.median(ratios),
        "low": min(ratios),
        "high": max(ratios),
        "slow": statistics.median(slow) * scale,
        "fast": statistics.median(fast) * scale,
        "unit": unit,
    }
