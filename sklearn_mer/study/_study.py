"""From options to studies that are ready to begin, and what is said of them."""

import sys
from collections import Counter
from dataclasses import dataclass, field, replace
from time import monotonic

from sklearn.model_selection import GridSearchCV

from ..datasets import DatasetNotFoundError
from ._cells import Protocol, inner_folds, plan_cells, select_methods
from ._clusters import count_jobs
from ._data import open_dataset
from ._grids import with_settings
from ._keys import canonical_json, code_digest
from ._options import QUICK_METHODS
from ._progress import Costs
from ._results import CellResults
from ._run import RunSummary, run_cells

# With --quick, methods that train networks run so many folds.
QUICK_FOLDS = 2
# What the paper calls New-4QAED was not published by itself; MERGE continues it.
MERGE_NOTE = (
    "The paper's figures are for New-4QAED, of which this data set is a later, larger state: "
    "the difference compares two data sets, not only two implementations."
)
SCORES_NOTE = (
    "Ours: mean ± standard deviation of macro F1 over the finished folds, percent. "
    "95 % interval: that of the mean, corrected for the overlap of folds."
)
SPLIT_NOTE = (
    "Ours: macro F1 on the {n_test} test clips of one fixed split, percent, trained once on "
    "{n_train} clips; beside it a 95 % interval by bootstrap of the test clips, which does not "
    "tell how other training clips or seeds would score. It is no mean over folds, and cannot be "
    "compared with one."
)


@dataclass(frozen=True, eq=False)
class Study:
    """Rows on one kind of folds of a data set, and where their results are."""

    options: object
    data: object
    protocol: Protocol
    methods: list
    cells: list
    results: CellResults
    why: str = ""
    notes: list = field(default_factory=list)

    @property
    def keys(self):
        """Keys of the planned cells."""
        return [cell.key for cell in self.cells]

    @property
    def folds(self):
        """Say whether folds are grouped, and by what."""
        if self.data.split is not None:
            return "one fixed split"
        return f"grouped by {self.protocol.groups}" if self.protocol.groups else "not grouped"

    @property
    def sizes(self):
        """Numbers of training and test clips of a fixed split."""
        return [int((self.data.split == part).sum()) for part in ("train", "test")]

    def facts(self, results=None):
        """Say what the study is and how much of it is done, as texts by name."""
        data, protocol = self.data, self.protocol
        rows = (self.results if results is None else results).rows(self.keys)
        done = sum(row["status"] == "done" for row in rows)
        left_out = f"; {data.n_skipped} that cannot be used left out" if data.n_skipped else ""
        clips = f"{len(data)} clips in {len(data.labels)} classes{left_out}"
        how = f"{protocol.n_repeats} x {protocol.n_splits} folds, {self.folds}"
        if data.split is not None:
            train, test = self.sizes
            n_left = len(data) - train - test
            how = f"{self.folds}: {train} training and {test} test clips, {n_left} not used"
        return {
            "Data set": f"{data.name}, {clips}{self.why}",
            "Methods": ", ".join(dict.fromkeys(method.key for method in self.methods)),
            "Recipe": ", ".join(dict.fromkeys(method.recipe for method in self.methods)),
            "Protocol": f"{how}, seed {protocol.seed}; {len(self.cells)} cells planned, "
            f"{done} done",
        }


def facts_text(facts, indent=""):
    """Return facts as text, one below the other."""
    return "\n".join(f"{indent}{name + ':':<11}{text}" for name, text in facts.items())


def open_data(options):
    """Open the data set; with --quick and none named, the first that is there."""
    how = {"data_home": options.data_home, "on_error": options.on_error, "split": options.split}
    if options.dataset is not None or not options.quick:
        return open_dataset(options.dataset or "4qaed", **how), ""
    try:
        return open_dataset("4qaed", **how), " (found in the data home)"
    except DatasetNotFoundError as error:
        print(f"Synthesised clips are used instead of 4QAED. {error}\n", file=sys.stderr)
        return open_dataset("synthetic"), " (4qaed is not there)"


def select_rows(options, available):
    """Return the rows that are asked for, and a note for each that has settings from a file."""
    if available is None:  # here and not above: torch takes seconds to load
        from ..methods import available_methods as available

    found, keys, notes = available(options.recipe), options.methods, []
    if options.quick and keys is None:
        found = {key: row for key, row in found.items() if key in QUICK_METHODS}
    if options.pipelines is not None or any(":" in word for word in keys or ()):
        found, keys = _with_own(found, options)
    rows = select_methods(found, keys=keys, device=options.device)
    if options.settings is not None:
        rows, notes = with_settings(rows, options.settings)
    if options.published is not None:
        from ._own import with_published

        rows, note = with_published(rows, found, options.published)
        notes = [*notes, note]
    return rows, notes


def _with_own(found, options):
    """Add rows that are not of this library; return all rows, and the keys of those asked for."""
    from ._own import own_method
    from ._pipelines import read_pipelines

    rows = {word: own_method(word) for word in options.methods or () if ":" in word}
    pipelines = [] if options.pipelines is None else read_pipelines(options.pipelines)
    keys = [rows[word].key if word in rows else word for word in options.methods or ()]
    keys += [row.key for row in pipelines]
    for row in [*rows.values(), *pipelines]:
        if row.key in found:
            raise ValueError(f"There is a row {row.key!r} already. Rename the module or the file.")
        found = found | {row.key: row}
    return found, keys


def with_inner_search(row, grid, folds):
    """Return a row that chooses among the values of a grid inside its training clips."""
    how = {"scoring": "f1_macro", "cv": folds, "error_score": "raise"}
    return replace(row, estimator=GridSearchCV(row.estimator, grid, **how))


def new_study(options, opened, methods, *, groups, notes=()):
    """Return a study of some rows on one kind of folds."""
    data, why = opened
    protocol = Protocol(options.folds, options.repeats, groups)
    limits = {m.key: QUICK_FOLDS for m in methods if options.quick and m.trains_network}
    cells = plan_cells(methods, data, protocol, folds_per_method=limits)
    # What costs seconds first: the time may not be enough for the rest.
    cells.sort(key=lambda cell: cell.method.key in limits)
    results = CellResults(options.results)
    return Study(options, data, protocol, methods, cells, results, why, list(notes))


def open_studies(options, available):
    """Return one study for each kind of folds that is asked for, all on the same data."""
    opened = open_data(options)
    methods, notes = select_rows(options, available)
    studies = []
    for groups in options.groupings:
        rows, more = _with_inner_searches(methods, opened[0], options, groups)
        studies.append(new_study(options, opened, rows, groups=groups, notes=[*notes, *more]))
    return studies


def _with_inner_searches(methods, data, options, groups):
    """Have the rows that have a grid search it; return all rows, and a note for each of these."""
    rows, notes = list(methods), []
    for number, row in enumerate(methods):
        if grid := getattr(row, "grid", None):
            protocol = Protocol(options.folds, options.repeats, groups)
            folds = inner_folds(data, protocol, options.inner_folds)
            rows[number] = with_inner_search(row, grid, folds)
            how = f"chosen by {options.inner_folds} folds of the training clips"
            notes.append(f"{row.key}: {', '.join(grid)} {how}.")
    return rows, notes


def heading(studies):
    """Say what is about to run."""
    options = studies[0].options
    n_jobs = count_jobs(options.jobs, **options.cluster)
    how = {"Jobs": f"{n_jobs}, device {options.device}", "Results": str(options.results)}
    if options.max_minutes is not None:
        how["Limit"] = f"{options.max_minutes:g} minutes"
    return "\n\n".join(facts_text(study.facts() | how) for study in studies)


def run_studies(studies):
    """Compute what studies are missing, one after the other; return a RunSummary."""
    options = studies[0].options
    how = {"n_jobs": options.jobs, **options.cluster}
    begin, total = monotonic(), RunSummary()
    for study in studies:
        # The limits hold for all studies together.
        if options.max_minutes is not None:
            how["max_seconds"] = max(begin + 60 * options.max_minutes - monotonic(), 0.0)
        if options.max_cells is not None:
            n_begun = total.n_done + len(total.failures)
            how["max_cells"] = max(options.max_cells - n_begun, 0)
        total += run_cells(study.cells, study.data, study.results, **how)
        if total.stopped:
            break
    return total


def table_notes(study, rows):
    """Return what is to be said below the table of a study."""
    if study.data.split is not None:  # the paper has no figures for one
        train, test = study.sizes
        head = SPLIT_NOTE.format(n_train=train, n_test=test)
        return [head, *study.notes, *origin_notes(study, rows)]
    merge = [MERGE_NOTE] if study.data.name.startswith("merge-") else []
    return [SCORES_NOTE, *study.notes, *merge, *origin_notes(study, rows)]


def origin_notes(study, rows):
    """Say which cells were computed by other sources of the library, and which do not count."""
    keys = set(study.keys)
    done = [row for row in rows if row["key"] in keys and row["status"] == "done"]
    notes = []
    if n_others := sum(row["code"] != code_digest() for row in done):
        notes.append(
            f"{n_others} of the {len(done)} finished cells were computed by other sources of the "
            "library than those that run here. They count; to compute them anew, give another "
            "folder to --results."
        )
    known = {_settings(cell.identity) for cell in study.cells}
    methods = {method for method, _ in known}
    found = [_settings(row["identity"]) for row in rows]
    if n_more := sum(one[0] in methods and one not in known for one in found):
        notes.append(
            f"The results also have {n_more} cells of these methods with other parameters, data or "
            "versions; they do not count here."
        )
    return notes


def _settings(identity):
    """Return the method of a cell, and what else is the same in all cells of a run."""
    method = [identity[name] for name in ("method", "recipe", "dataset", "groups")]
    return tuple(method), canonical_json([identity[n] for n in ("data", "parameters", "versions")])


def status_lines(study):
    """Yield what of a study is done, failed and missing, and the time left."""
    rows, keys = study.results.rows(), set(study.keys)
    own = [row for row in rows if row["key"] in keys]
    n_jobs = count_jobs(study.options.jobs, **study.options.cluster)
    counts, costs = Counter((row["method"], row["status"]) for row in own), Costs(own)
    yield f"{'method':<24}{'done':>7}{'failed':>8}{'missing':>9}  time left"
    for method, n_planned in Counter(cell.method.key for cell in study.cells).items():
        done, failed = counts[method, "done"], counts[method, "failed"]
        n_left, mean = n_planned - done, costs.mean(method)
        left = "unknown: no cell is done" if n_left else "none"
        if n_left and mean is not None:
            left = f"{mean * n_left / min(n_jobs, n_left) / 60:.1f} min with {n_jobs} jobs"
        yield f"{method:<24}{done:>7}{failed:>8}{n_left - failed:>9}  {left}"
    yield ""
    yield "Failed cells are tried again by the next run, so they count in the time left."
    yield from origin_notes(study, rows)
