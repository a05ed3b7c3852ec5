"""What a store holds, read at one moment."""

import json

from ..cells._code import code_digest
from ._rows import decoded_row, rank


class StoredResults:
    """Results of a store as they were at one moment.

    It has the readers of :class:`CellStore`, so what reads a store takes either. Several readings
    of this one agree, whatever other drivers write meanwhile.

    Parameters
    ----------
    rows : list of dict
        With JSON as text.
    histories : dict of (str, str) to str
        JSON by cell key and code.
    code : {"any", "same"}
        Which results count.
    """

    def __init__(self, rows, histories, code):
        self.code = code
        self._rows = [decoded_row(row) for row in rows]
        self._histories = histories

    def rows(self, keys=None):
        """Return one result a stored cell, as :meth:`CellStore.rows`."""
        wanted = None if keys is None else set(keys)
        counted = [
            row
            for row in self._rows
            if counts(row["code"], self.code) and (wanted is None or row["key"] in wanted)
        ]
        best = {row["key"]: row for row in sorted(counted, key=rank)}
        return [row for row in counted if best[row["key"]] is row]

    def all_rows(self):
        """Return every stored result, as :meth:`CellStore.all_rows`."""
        return list(self._rows)

    def histories(self):
        """Return the histories of the results that count, as :meth:`CellStore.histories`."""
        ours = {row["key"]: (row["key"], row["code"]) for row in self.rows()}
        kept = self._histories
        return {key: json.loads(kept[pair]) for key, pair in ours.items() if pair in kept}

    def all_histories(self):
        """Return the histories of all results, by cell key and code."""
        return {pair: json.loads(text) for pair, text in self._histories.items()}


def counts(code, wanted):
    """Return whether a result of some code counts where `wanted` ("any" or "same") does."""
    return wanted == "any" or code == code_digest()
