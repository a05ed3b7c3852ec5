"""Statistics of scores that overlapping folds gave: intervals, tests, comparisons of rows."""
