"""Regenerate Table 1: our scores beside the paper's, resumable at any moment.

python benchmarks/table1.py --dataset 4qaed --methods svm
python benchmarks/table1.py --quick
python benchmarks/table1.py --help
"""

import sys

from sklearn_mer.study import table1

if __name__ == "__main__":
    sys.exit(table1())
