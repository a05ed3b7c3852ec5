"""Cells: one method on one fold of one data set; their keys, and how one is scored."""
