"""The sub-commands of the study, and what their help says: told without importing the study."""

COMMANDS = {
    "table1": "Cross-validate the methods of Table 1 and print their macro F1 beside the paper's. "
    "The result of each fold is written as it ends: the same command computes what is missing, "
    "after Ctrl-C, kill -9 or a failure, and more repeats or methods add to what is there.",
    "search": "Cross-validate the candidates of each method's grid, and write the best settings.",
    "status": "Say what of a run is done, failed and missing, and the time left; compute nothing.",
    "export": "Write the results of cells to one table, a line per cell; columns with lists hold "
    "JSON. With options of a run (--dataset, --methods, ...) only the cells of that run.",
    "import": "Copy the results of other folders into ours, after a check of all of them. A "
    "finished cell replaces a failed one; where both are finished with different scores, ours is "
    "kept, the cell is named and the exit status is 1.",
}
