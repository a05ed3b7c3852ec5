"""Speed of the front end and of training: ratios, measured side by side in one run.

python benchmarks/speed.py
python benchmarks/speed.py --only front-end --json speed.json

Each ratio is the median over rounds in which the two sides take turns, so that both run under the
same load; the smallest and the largest are beside it. The clips are those of 4QAED if they are
found (SKLEARN_MER_DATA), else synthetic ones of the same length; the first line says which.
"""

import argparse
import json
import tempfile
from pathlib import Path

import torch
from speed_parts import PARTS
from speed_parts._clips import SECONDS, find_clips
from speed_parts.networks import METHODS


def main():
    """Measure the chosen parts and print the table."""
    options = parse_options()
    torch.manual_seed(0)
    with tempfile.TemporaryDirectory() as folder:
        paths, source = find_clips(options.clips, Path(folder))
        print(f"{len(paths)} clips of {SECONDS} s ({source}), {torch.get_num_threads()} threads")
        rows = [row for name in options.only for row in PARTS[name](paths, options)]
    print("\n" + as_markdown(rows))
    if options.json:
        Path(options.json).write_text(json.dumps({row["name"]: row for row in rows}, indent=1))


def parse_options():
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--clips", type=int, default=60, help="clips for the front end")
    parser.add_argument("--train-clips", type=int, default=120, help="clips per epoch")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument(
        "--networks", nargs="+", choices=METHODS, help="networks to measure in the part networks"
    )
    parser.add_argument(
        "--cv-rounds", type=int, default=1, help="rounds of whole cross-validations"
    )
    parser.add_argument(
        "--scale-clips",
        nargs="+",
        type=int,
        default=[100, 1000, 10000],
        metavar="N",
        help="numbers of clips for the part scaling (10,000 take 10 GB of disk temporarily)",
    )
    parser.add_argument("--json", metavar="FILE", help="also write the figures to this file")
    return parser.parse_args()


def as_markdown(rows):
    """Return the rows as a Markdown table."""
    lines = ["| figure | what | ratio | lowest to highest | medians |", "|---|---|---|---|---|"]
    line = (
        "| `{name}` | {what} | **{ratio:.2f}** | {low:.2f} to {high:.2f} | "
        "{slow:.2f} / {fast:.2f} {unit} |"
    )
    lines += [line.format(**row) for row in rows]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
