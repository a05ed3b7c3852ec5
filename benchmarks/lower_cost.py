"""Cost and score of `cnn` in cheaper settings and in an expensive one, fold by fold.

python benchmarks/lower_cost.py --results results/lower_cost
python benchmarks/lower_cost.py --only half --repeats 3 --report FOLDER

`cnn` is the row of the study (`table1.py --methods cnn --recipe default` has the same cells):
bfloat16 where the processor has it, batches of 32 processed in micro-batches of 8, each
normalised by its own statistics. `whole` is the same in float32 with whole batches, like a plain
loop in torch; `half` has half the frames; `eight` and `four` train for that many epochs instead of
16. All use the same folds, and each is compared with `cnn` by the paired test of the study. Macro
F1 in percent; seconds to fit a fold, with `--jobs` folds at a time. Needs 4QAED. A run that was
stopped continues where it was.
"""

import argparse
from pathlib import Path

import pandas as pd

from sklearn_mer import CNNBaseline, MelSpectrogram
from sklearn_mer.methods import Method, make_method
from sklearn_mer.model_selection import compare_rows, holm_correction
from sklearn_mer.study import (
    CellResults,
    Protocol,
    fold_scores,
    make_table,
    open_dataset,
    plan_cells,
    run_cells,
)

HALF = MelSpectrogram(sample_rate=16000, duration=30.0, normalize=True, hop_length=1024)


class WholeBatchCNN(CNNBaseline):
    """`CNNBaseline` with batch normalisation over the whole batch."""

    _micro_batch = None


CNN = Method("cnn", make_method("cnn", "default"), title="default")
OTHERS = [
    Method("four", CNNBaseline(max_epochs=4), title="4 epochs"),
    Method("eight", CNNBaseline(max_epochs=8), title="8 epochs"),
    Method("half", CNNBaseline(frontend=HALF), title="half the frames"),
    Method("whole", WholeBatchCNN(precision="float32"), title="float32, whole batches"),
]


def main():
    """Run the missing folds, print the comparison, and write it if asked to."""
    options = parse_options()
    methods = [CNN, *(method for method in OTHERS if method.key in options.only)]
    data = open_dataset("4qaed")
    cells = plan_cells(methods, data, Protocol(n_splits=10, n_repeats=options.repeats))
    results = CellResults(options.results)
    run_cells(cells, data, results, n_jobs=options.jobs)
    scores = fold_scores(methods, cells, results)
    pairs = pd.concat(compare_rows(scores[[CNN.key, method.key]], 1 / 9) for method in methods[1:])
    pairs["p_holm"] = holm_correction(pairs["p"])
    print(make_table(methods, data, cells, results).round(2).T.to_string(header=False))
    print(pairs.round(3).T.to_string(header=False))
    if options.report:
        Path(options.report).mkdir(parents=True, exist_ok=True)
        scores.round(2).to_csv(Path(options.report) / "lower_cost.csv")


def parse_options():
    """Read the command line."""
    keys = [method.key for method in OTHERS]
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--only", nargs="+", choices=keys, default=keys, help="beside cnn")
    parser.add_argument("--repeats", type=int, default=1, help="of 10 folds")
    parser.add_argument("--jobs", type=int, default=2, help="folds at a time")
    parser.add_argument("--results", default="results/lower_cost", metavar="DIR")
    parser.add_argument("--report", metavar="DIR", help="also write lower_cost.csv there")
    return parser.parse_args()


if __name__ == "__main__":
    main()
