"""From options to a study that is ready to begin: data set, rows, settings, kinds of folds."""
