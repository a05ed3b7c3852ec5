"""Rows of ``sklearn-mer predict`` of songs that nobody has heard."""

import numpy as np

ROW = {"path": "a.mp3", "quadrant": "Q1", "Q1": 0.7, "Q2": 0.1, "Q3": 0.05, "Q4": 0.15}
ROW |= {"valence": 0.7, "arousal": 0.6, "familiarity": "", "seconds": 30.0, "error": ""}


def rows_of(n_songs):
    """Return rows of songs in all quadrants, the seventh, the fourteenth ... unfamiliar."""
    rng = np.random.default_rng(0)
    rows = []
    for number in range(n_songs):
        shares = rng.dirichlet(np.full(4, 0.6))
        row = dict(zip(("Q1", "Q2", "Q3", "Q4"), shares.tolist(), strict=True))
        row |= {"quadrant": f"Q{shares.argmax() + 1}", "error": ""}
        row["valence"] = 2 * (row["Q1"] + row["Q4"]) - 1
        row["arousal"] = 2 * (row["Q1"] + row["Q2"]) - 1
        row |= {"familiarity": 0.01 if number % 7 == 6 else 0.5, "seconds": 100.0 + number}
        rows.append(row | {"path": f"album {number % 3}/song {number}.mp3"})
    return rows
