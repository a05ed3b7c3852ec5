"""What is said of cells that other code has computed."""

from ..cells._code import code_digest


def code_notes(cells, store):
    """Say which finished cells of a plan are of other code than this.

    Parameters
    ----------
    cells : sequence of Cell
    store : CellStore

    Returns
    -------
    list of str
        Empty where all that counts, or could, is of this code.
    """
    planned = {cell.key for cell in cells}
    done = [r for r in store.all_rows() if r["key"] in planned and r["status"] == "done"]
    ours = {row["key"] for row in done if row["code"] == code_digest()}
    others = [row for row in done if row["key"] not in ours]
    n_others = len({row["key"] for row in others})
    if not n_others:
        return []
    unknown = len({row["key"] for row in others if not row["code"]})
    of_which = f" ({unknown} by code that was not noted)" if unknown else ""
    if store.code == "same":
        return [
            f"In the store by other code of this version alone: {n_others} of the {len(planned)} "
            f"cells{of_which}; they do not count, as --code same was given."
        ]
    return [
        f"Computed by other code of this version: {n_others} of the {n_others + len(ours)} "
        f"finished cells{of_which}; --code same leaves them out and computes them anew."
    ]
