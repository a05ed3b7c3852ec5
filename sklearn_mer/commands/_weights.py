"""``sklearn-mer weights``: what pre-trained weights there are, and how they come here."""

import sys

from .._data_home import get_data_home
from .._text import did_you_mean
from ..weights import (
    WeightsError,
    WeightsNotFoundError,
    available_weights,
    fetch_weights,
    find_weights,
)


def weights(options):
    """List the weights, or fetch some; return the exit status."""
    return _fetch(options) if options.action == "fetch" else _list(options)


def _list(options):
    head = ("name", "MB", "licence", "here", "used by")
    rows = [head, *(_row(info, options.data_home) for info in available_weights().values())]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for name, *others in rows:
        size, *texts = (
            cell.rjust(width) if i == 0 else cell.ljust(width)
            for i, (cell, width) in enumerate(zip(others, widths[1:], strict=True))
        )
        print("  ".join([name.ljust(widths[0]), size, *texts]).rstrip())
    print(f"\nThe folder is {get_data_home(options.data_home) / 'weights'}.")
    print("To download: sklearn-mer weights fetch NAME... | --table1 | --model full")
    return 0


def _row(info, data_home):
    try:
        find_weights(info.name, data_home)
        here = "yes"
    except WeightsNotFoundError:
        here = "no"
    except WeightsError:
        here = "damaged"
    size = f"{info.n_bytes / 1e6:.1f}" if info.n_bytes else "?"
    return info.name, size, info.licence, here, ", ".join(_users(info))


def _users(info):
    yield info.embedding
    if info.rows:
        yield f"row{'s' * (len(info.rows) > 1)} {' '.join(info.rows)}"
    if info.models:
        yield f"model {' '.join(info.models)}"


def _fetch(options):
    names, failed = _names(options), []
    for name in names:
        try:
            fetch_weights(
                name, source=options.source, data_home=options.data_home, force=options.force
            )
        except (OSError, WeightsError, ImportError) as error:
            print(f"sklearn-mer: error: {name}: {error}", file=sys.stderr)
            failed.append(name)
    if failed:
        print(
            f"sklearn-mer: {len(failed)} of {len(names)} were not fetched: {', '.join(failed)}",
            file=sys.stderr,
        )
    return int(bool(failed))


def _names(options):
    register = available_weights()
    unknown = [name for name in options.names if name not in register]
    if unknown:
        raise ValueError(
            f"{unknown[0][:40]!r} is no name of weights.{did_you_mean(unknown[0], register)} "
            f"Choose from {', '.join(register)}."
        )
    names = dict.fromkeys(options.names)
    for name, info in register.items():
        if (options.table1 and info.rows) or options.model in info.models:
            names[name] = None
    if not names:
        raise ValueError("Say which weights: by their names, by --table1 or by --model full.")
    return list(names)
