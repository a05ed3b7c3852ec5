"""The store: one SQLite file that keeps each cell as it ends."""
