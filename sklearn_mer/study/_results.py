"""The results folder: one file per cell, written whole or not at all."""

import contextlib
import json
import os
import platform
import re
import shutil
import tempfile
import uuid
from collections import Counter
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path
from types import SimpleNamespace

from .._files import told, write_durably
from ._schema import SCORES, ResultsError, check_record, read_record
from ._score import CellResult

CELLS = "cells"
DONE, FAILED, CLAIM, PART, STATES = ".json", ".failed.json", ".claim", ".part", ".states"
IN_A_ROW = ("method", "recipe", "dataset", "groups", "repeat", "fold", "seed")
ORDER = ("dataset", "recipe", "method", "repeat", "fold", "key")
# Nothing is passed over: a file that is damaged may be worth a copy from elsewhere.
DAMAGED = (
    "Delete or move what cannot be used, and the same command computes these cells again; all "
    "other results are safe."
)
N_SHOWN = 5  # files that cannot be used
PLACE = (
    "Give --results a folder that can be written to, or make room there; the same command goes on "
    "from here."
)


class CellResults:
    """Results of cells in a folder, one JSON file per cell.

    Several drivers may share a folder, also on a network drive, and a process killed at any moment
    leaves it readable. A finished cell is never replaced. Nothing depends on clocks or locks. The
    files hold results only: no clips, no paths of data, no names of machines.

    Parameters
    ----------
    folder : path-like
        Made with the first result. The files are
        ``cells/<dataset>/<recipe>/<method>/r<repeat>-f<fold>-<key>.json``; those of failed cells
        end in ``.failed.json``.

    See Also
    --------
    run_cells : Fills it.
    make_table : Reads it.
    """

    def __init__(self, folder):
        if not os.fspath(folder):
            raise ValueError("folder is empty; give a path ('.' is the current folder).")
        self.folder = Path(folder)
        self._read = {}

    def record(self, cell, result):
        """Write the result of a cell, unless the cell is done, and end its claim."""
        record = _record_of(cell, result)
        try:
            check_record(record)
        except ValueError as error:
            self.check_keeps(cell)
            why = {"status": "failed", "traceback": f"The result cannot be kept: {error}"}
            record = _record_of(cell, CellResult(**why, code=result.code))
        self.write(record)
        self.release(cell)

    def check_keeps(self, cell):
        """Raise a ResultsError if no file could hold the result of a cell, whatever it is."""
        try:
            check_record(_record_of(cell, CellResult("failed", traceback="any")))
        except ValueError as error:
            raise ResultsError(
                f"The result of {cell} could not be kept: {error} Give its method other "
                "parameters, or the data set another name."
            ) from error

    def write(self, record):
        """Write a checked record to its file, unless the cell is done."""
        path = self.path(record["identity"], record["key"])
        failed = path.with_suffix(FAILED)
        if path.exists():
            return
        with told(f"{path} cannot be written", PLACE, ResultsError):
            path.parent.mkdir(parents=True, exist_ok=True)
            # Not sorted: stages of a history keep the order in which they were trained.
            text = json.dumps(record, allow_nan=False, separators=(",", ":")) + "\n"
            part = path.with_name(f".{path.name}@{new_owner()}{PART}")
            if record["status"] == "failed":
                write_durably(failed, text, part)
                return
            write_durably(path, text, part, replace=False)
            failed.unlink(missing_ok=True)
        for states in path.parent.glob(f"{path.stem}-*{STATES}"):
            shutil.rmtree(states, ignore_errors=True)

    def rows(self, keys=None):
        """Return the stored cells.

        Parameters
        ----------
        keys : iterable of str or None, default=None
            Which cells; all where None. Cells that are not stored are left out.

        Returns
        -------
        list of dict
            Ordered by data set, recipe, method, repeat and fold; the fields of the files and
            those of ``identity``.
        """
        keys = None if keys is None else set(keys)
        rows = {}
        for record in self.records(DAMAGED, keys):
            if record["status"] == "done" or record["key"] not in rows:
                named = {name: record["identity"][name] for name in IN_A_ROW}
                rows[record["key"]] = named | record
        return sorted(rows.values(), key=lambda row: [row[name] for name in ORDER])

    def records(self, advice, keys=None):
        """Yield what each file holds, then raise one error that names those that are damaged."""
        short, errors = None if keys is None else {key[:12] for key in keys}, []
        with told(f"{self.folder} cannot be read", PLACE, ResultsError):
            # Hidden files are half-written ones and those of other systems on a shared drive.
            paths = sorted(self.folder.glob(f"{CELLS}/*/*/*/[!.]*.json"))
        for path in paths:
            if short is None or path.name.partition(".")[0].rpartition("-")[2] in short:
                try:
                    record = self._record(path)
                except ResultsError as error:
                    errors.append(str(error))
                else:
                    if record is not None and (keys is None or record["key"] in keys):
                        yield record
        if len(errors) > N_SHOWN:
            errors[N_SHOWN:] = [f"{len(errors) - N_SHOWN} more files cannot be used."]
        if errors:
            raise ResultsError(" ".join([*errors, advice]))

    def snapshot(self):
        """Return these results as they are now, with ``rows``, whatever other drivers write."""
        now = {row["key"]: row for row in self.rows()}

        def rows(keys=now):
            keys = set(keys)
            return [dict(row) for key, row in now.items() if key in keys]

        return SimpleNamespace(rows=rows)

    def _record(self, path):
        """Return what a file holds, None if it is gone."""
        try:
            status = path.stat()
            version = status.st_ino, status.st_size, status.st_mtime_ns
            if self._read.get(path, [None])[0] != version:
                self._read[path] = version, read_record(path)
        except FileNotFoundError:  # another driver has finished the cell meanwhile
            done = path.with_name(path.name.replace(FAILED, DONE))
            return self._record(done) if path != done else None
        return self._read[path][1]

    def path(self, identity, key):
        """Return the file of a finished cell."""
        names = (identity[name] for name in ("dataset", "recipe", "method"))
        where = (re.sub(r"[^\w.-]+", "_", name)[:60].lstrip(".") or "_" for name in names)
        file = f"r{identity['repeat']:02d}-f{identity['fold']:02d}-{key[:12]}{DONE}"
        return self.folder.joinpath(CELLS, *where, file)

    def states(self, cell, code):
        """Return the folder of a cell's unfinished training, for one code of the library."""
        # Of this code alone: other code need not come to the same state.
        path = self.path(cell.identity, cell.key)
        return str(path.with_name(f"{path.stem}-{code[:12]}{STATES}").absolute())

    def claim(self, cell, owner):
        """Say that a driver is about to compute a cell; return "mine", "taken" or "done".

        A claim is a hint, not a lock: a driver puts cells claimed by others last, and then
        computes what is still missing, so the claims of a killed driver block nothing.
        """
        if self.path(cell.identity, cell.key).exists():
            return "done"
        claim = self._claim(cell)
        with told(f"{claim} cannot be written", PLACE, ResultsError):
            claim.parent.mkdir(parents=True, exist_ok=True)
            with contextlib.suppress(FileExistsError), open(claim, "x", encoding="utf-8") as file:
                file.write(owner)
                return "mine"
        return "mine" if self.owner(cell) == owner else "taken"

    def _claim(self, cell):
        return self.path(cell.identity, cell.key).with_suffix(CLAIM)

    def owner(self, cell):
        """Return the name of the driver that has claimed a cell, None if there is none."""
        with contextlib.suppress(OSError):
            return self._claim(cell).read_text(encoding="utf-8", errors="replace")

    def release(self, cell):
        """End the claim of a cell, whoever has it."""
        with contextlib.suppress(OSError):
            self._claim(cell).unlink()

    def release_dead(self, cells):
        """End the claims of drivers whose process has ended, and delete what they half wrote."""
        for cell in cells:
            if has_died(self.owner(cell) or ""):
                self.release(cell)
        for part in self.folder.glob(f"{CELLS}/*/*/*/.*{PART}"):
            if has_died(part.name.removesuffix(PART).rpartition("@")[2]):
                part.unlink(missing_ok=True)

    def check_writable(self):
        """Find out before a run whether the folder can be written to."""
        with told(f"{self.folder} cannot be written", PLACE, ResultsError):
            (self.folder / CELLS).mkdir(parents=True, exist_ok=True)
            tempfile.TemporaryFile(dir=self.folder / CELLS).close()


def _record_of(cell, result):
    return {
        "key": cell.key,
        "identity": cell.identity,
        "params": cell.parameters,
        "n_splits": cell.protocol.n_splits,
        "n_repeats": cell.protocol.n_repeats,
        "n_train": len(cell.train),
        "n_test": len(cell.test),
        **vars(result),
        "ended_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def new_owner():
    """Return a name for a driver, no two alike: machine (a digest), process, chance."""
    return f"{_machine()}-{os.getpid()}-{uuid.uuid4().hex}"


def has_died(owner):
    """Tell whether the process of a driver is known to have ended."""
    machine, _, process = owner.partition("-")
    number = process.partition("-")[0]
    if machine == _machine() and number.isdecimal() and os.name == "posix":
        try:
            os.kill(int(number), 0)  # sends nothing
        except ProcessLookupError:
            return True
        except (PermissionError, OverflowError):  # somebody else's is alive
            pass
    return False


def _machine():
    # By its network card too: many machines that share a drive are named "localhost".
    return blake2b(f"{platform.node()} {uuid.getnode()}".encode(), digest_size=8).hexdigest()


ADDED, MENDED, SAME = "added", "failed here, done there: taken", "the same in both"
FAILED_THERE, CONFLICT = "failed there: ours kept", "with other scores: ours kept"
KINDS = (ADDED, MENDED, SAME, FAILED_THERE, CONFLICT)


def compare_folder(folder, ours):
    """Check all results of another folder, and add to `ours` what is to be taken.

    Returns how many there are of each kind, the records to take, and the conflicts as texts.
    """
    folder = Path(folder)
    if not (folder / CELLS).is_dir():
        raise ResultsError(
            f"{folder} is not a results folder: it has no folder {CELLS!r}. Give the folder that "
            "was given to --results."
        )
    counts, records, conflicts = Counter(), [], []
    advice = "Nothing was taken. Delete or move what cannot be used."
    for there in CellResults(folder).records(advice):
        here, cell = ours.get(there["key"]), there["identity"]
        if here is None:
            kind = ADDED
        elif there["status"] == "failed":
            kind = FAILED_THERE
        elif here["status"] == "failed":
            kind = MENDED
        else:
            kind = SAME if all(here[name] == there[name] for name in SCORES) else CONFLICT
        counts[kind] += 1
        if kind in (ADDED, MENDED):
            records.append(there)
            ours[there["key"]] = there
        elif kind == CONFLICT:
            conflicts.append(
                f"{cell['method']!a} ({cell['recipe']!a}) repeat {cell['repeat']} fold "
                f"{cell['fold']} on {cell['dataset']!a}: F1 {100 * here['f1_macro']:.2f} % "
                f"here, {100 * there['f1_macro']:.2f} % there"
            )
    return counts, records, conflicts
