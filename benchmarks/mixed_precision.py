"""Whether bfloat16 and micro-batches change what `cnn` learns: macro F1, fold by fold.

python benchmarks/mixed_precision.py --store results/mixed_precision.sqlite
python benchmarks/mixed_precision.py --repeats 3 --report FOLDER

`cnn` is the row of the study (`table1.py --methods cnn --recipe ours` has the same cells): bfloat16
where the processor has it, batches of 32 worked off in micro-batches of 8, each normalised by its
own statistics. `whole` is the same in float32 with whole batches, as a plain loop of torch works.
Both meet the same folds; the test is the paired one of the study. Needs 4QAED. A run that was
stopped goes on where it was.
"""

import argparse
from pathlib import Path

from sklearn_mer import CNNBaseline
from sklearn_mer.methods import make_method
from sklearn_mer.study import (
    CellStore,
    Protocol,
    StudyMethod,
    compare_rows,
    fold_scores,
    make_table,
    open_dataset,
    plan_cells,
    run_cells,
    table_markdown,
)


class WholeBatchCNN(CNNBaseline):
    """`CNNBaseline` whose batch normalisation sees the whole batch."""

    _micro_batch = None


METHODS = [
    StudyMethod("cnn", make_method("cnn", "ours"), title="as it is"),
    StudyMethod("whole", WholeBatchCNN(precision="float32"), title="float32, whole batches"),
]


def main():
    """Run the folds that are missing, print the comparison and write it where asked to."""
    options = parse_options()
    data = open_dataset("4qaed")
    cells = plan_cells(METHODS, data, Protocol(n_splits=10, n_repeats=options.repeats))
    store = CellStore(options.store)
    run_cells(cells, data, store, n_jobs=options.jobs)
    scores = fold_scores(METHODS, cells, store)
    pair = compare_rows(scores, 1 / 9)
    print(table_markdown(make_table(METHODS, data, cells, store)))
    print(pair.round(3).T.to_string(header=False))
    if options.report:
        Path(options.report).mkdir(parents=True, exist_ok=True)
        scores.round(2).to_csv(Path(options.report) / "mixed_precision.csv")


def parse_options():
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--repeats", type=int, default=1, help="of 10 folds")
    parser.add_argument("--jobs", type=int, default=2, help="folds at a time")
    parser.add_argument("--store", default="results/mixed_precision.sqlite", metavar="FILE")
    parser.add_argument("--report", metavar="DIR", help="also write mixed_precision.csv there")
    return parser.parse_args()


if __name__ == "__main__":
    main()
