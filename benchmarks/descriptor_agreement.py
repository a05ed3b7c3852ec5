"""Rank correlations of our descriptors with the published ones of the same clips.

python benchmarks/descriptor_agreement.py
python benchmarks/descriptor_agreement.py --clips 100 --csv agreement.csv

published/descriptors.csv lists the pairs of published features and columns. Names that begin with F
are standard features of toolboxes, the others novel ones of Panda et al. Needs the clips of 4QAED
and their published features (SKLEARN_MER_DATA).
"""

import argparse
from pathlib import Path

import pandas as pd
from threadpoolctl import threadpool_limits

from sklearn_mer import EmotionFeatures
from sklearn_mer.datasets import load_4qaed

PAIRS = Path(__file__).parent / "published" / "descriptors.csv"


def main():
    """Measure the agreement; print the table and its medians."""
    options = parse_options()
    pairs = pd.read_csv(PAIRS)
    clips = load_4qaed().data
    clips = clips.iloc[:: max(1, len(clips) // options.clips)] if options.clips else clips
    ours = describe(clips["audio"], pairs["column"], options)
    table = agreement(clips, ours, pairs)
    print(as_markdown(table))
    print(f"\n{len(clips)} clips; medians:")
    for kind, values in table.groupby("kind")["rank_correlation"]:
        print(f"- {kind}: {values.median():.3f} of {len(values)}")
    if options.csv:
        table.to_csv(options.csv, index=False)


def parse_options():
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument(
        "--clips", type=int, help="approximate number of clips, spread over the data (default: all)"
    )
    parser.add_argument("--jobs", type=int, default=1, help="threads")
    parser.add_argument("--csv", metavar="FILE", help="also write the table there")
    return parser.parse_args()


def describe(paths, columns, options):
    """Return the columns of the clips, computed by whole dimensions, as the cache stores them."""
    dimensions = sorted({column.split("__")[0] for column in columns})
    features = EmotionFeatures(
        dimensions=dimensions, sample_rate=22050, n_jobs=options.jobs, verbose=1
    )
    with threadpool_limits(1):
        values = features.set_output(transform="pandas").fit_transform(paths.to_list())
    return values.set_axis(paths.index)


def agreement(clips, ours, pairs):
    """Return one row per pair: names, kind and Spearman's correlation."""
    correlations = [
        clips[published].corr(ours[column], method="spearman")
        for published, column in pairs[["published", "column"]].itertuples(index=False)
    ]
    is_standard = pairs["published"].str.fullmatch(r"F\d{4}")
    kind = is_standard.map({True: "standard", False: "novel"})
    return pairs.assign(kind=kind, rank_correlation=correlations)


def as_markdown(table):
    """Return the table in Markdown."""
    lines = ["| published | column | rank correlation |", "|---|---|---|"]
    line = "| {published} | `{column}` | {rank_correlation:.2f} |"
    return "\n".join([*lines, *(line.format(**row) for row in table.to_dict("records"))])


if __name__ == "__main__":
    main()
